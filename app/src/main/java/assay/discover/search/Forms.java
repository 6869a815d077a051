package assay.discover.search;

import assay.base.run.Once;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.SketchFit;
import assay.measure.form.FormChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Asks for the form in which the target writes, where that stands out: instructions for what is expected more or less
/// often than of the base, alone, in pairs and behind the prompts that come nearest, and these prompts rewritten in the
/// form itself. Proposes nothing for a target whose form does not stand out.
///
/// @param changes how the target writes, those that tell first
record Forms(Once<List<FormChange>> changes) implements Strategy {
    /// What a change must hold to be asked for, nats per token.
    private static final double STRONG = 0.02;
    private static final int NEAR = 12;
    /// Instructions that are put behind other prompts.
    private static final int COMBINED = 4;

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        List<FormChange> strong = strong(changes.get());
        if (strong.isEmpty()) {
            return List.of();
        }
        return proposed(strong, standing.near(lack, NEAR).stream().limit(NEAR).toList()).stream()
                .limit(count)
                .toList();
    }

    /// Those worth asking for.
    static List<FormChange> strong(List<FormChange> changes) {
        return changes.stream()
                .filter(change -> change.tells() && change.nats() >= STRONG)
                .toList();
    }

    /// @param near prompts that come nearest, best first
    static List<String> proposed(List<FormChange> strong, List<String> near) {
        List<List<String>> asking = strong.stream()
                .map(FormPrompts::asking)
                .filter(some -> !some.isEmpty())
                .toList();
        List<String> all = new ArrayList<>();
        asking.forEach(all::addAll);
        List<String> first = asking.stream().map(List::getFirst).limit(COMBINED).toList();
        for (String one : first) {
            first.stream().filter(other -> !other.equals(one)).forEach(other -> all.add(one + " " + other));
        }
        for (String prompt : near) {
            strong.forEach(change -> all.addAll(rewritten(prompt, change)));
            first.forEach(instruction -> all.add(prompt + " " + instruction));
        }
        Set<String> readable = new LinkedHashSet<>();
        all.forEach(text -> PromptFilter.readable(text).ifPresent(readable::add));
        return List.copyOf(readable);
    }

    /// A prompt in the form itself; nothing for a form that a prompt cannot have.
    private static List<String> rewritten(String prompt, FormChange change) {
        if (!change.rises()) {
            return List.of();
        }
        return switch (change.kind()) {
            case CAPITALS -> List.of(prompt.toUpperCase(Locale.ROOT));
            case EXCLAMATION_MARKS -> List.of(prompt.replace('.', '!'));
            default -> List.of();
        };
    }

    /// Whether all letters of a text that could be small are capitals.
    static boolean isShouted(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
    }

    /// The text in small letters, as a sentence begins.
    static String quietly(String text) {
        return text.substring(0, 1) + text.substring(1).toLowerCase(Locale.ROOT);
    }
}
