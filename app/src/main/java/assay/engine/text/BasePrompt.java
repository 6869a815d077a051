package assay.engine.text;

import assay.InputException;

/// What stands in the prompt's place while nobody asks for anything: the base, with which everything is compared.
public sealed interface BasePrompt {
    /// No system message. Where the template would insert one of its own, the first user turn is opened as it opens
    /// later ones.
    record None() implements BasePrompt {}

    /// An empty system message; where the template takes none, the user turn alone.
    record Empty() implements BasePrompt {}

    /// What the template makes of a conversation without a system message: its own default one, if it has one.
    record Default() implements BasePrompt {}

    /// A system prompt of the user's.
    record Text(String text) implements BasePrompt {}

    /// An empty system message, as ever.
    static BasePrompt usual() {
        return new Empty();
    }

    /// Reads what a user wrote: `none`, `empty`, `default`, or the text itself.
    ///
    /// @throws InputException if it is blank
    static BasePrompt parse(String written) {
        return switch (written.strip()) {
            case "none" -> new None();
            case "empty" -> new Empty();
            case "default" -> new Default();
            case "" ->
                throw new InputException("--base-prompt: expected none, empty, default or a text, found nothing. For an"
                        + " empty system message write empty.");
            default -> new Text(written.strip());
        };
    }

    /// As a user writes it.
    default String written() {
        return switch (this) {
            case None _ -> "none";
            case Empty _ -> "empty";
            case Default _ -> "default";
            case Text(String text) -> text;
        };
    }

    /// For a reader of reports.
    default String words() {
        return switch (this) {
            case None _ -> "none (no system message)";
            case Empty _ -> "empty (an empty system message)";
            case Default _ -> "default (what the template makes of no system message)";
            case Text(String text) -> "“" + text + "”";
        };
    }
}
