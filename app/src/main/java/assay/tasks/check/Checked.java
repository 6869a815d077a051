package assay.tasks.check;

import assay.measure.judge.Explanation;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a quick look at a model found.
///
/// @param parity how far its logits are from a reference, if there is one
public record Checked(
        Model model,
        About about,
        Slot slot,
        Dictionary dictionary,
        Optional<Effect> effect,
        Optional<Parity> parity,
        Map<String, Object> provenance,
        double seconds) {
    /// What the model's files say.
    ///
    /// @param family such as `Qwen2`
    /// @param format number formats of its file
    /// @param fileBytes of its weights
    /// @param memoryBytes what `assay explain` takes, about
    /// @param template how conversations are written
    /// @param firstContext the base in front of an answer, as the model reads it
    public record About(
            String family, String format, long fileBytes, long memoryBytes, Template template, String firstContext) {}

    /// How conversations are written.
    ///
    /// @param source where the chat template stands
    /// @param takesSystem whether it takes a system message
    /// @param inserted the system message it inserts by itself, if it does
    /// @param basePrompt what stands in the prompt's place of the base
    /// @param thinkMode what becomes of thinking
    public record Template(
            String source,
            String sha256,
            boolean takesSystem,
            Optional<String> inserted,
            String basePrompt,
            String thinkMode) {}

    /// The model's atlas, if it has one.
    ///
    /// @param next what to do where there is none
    public record Dictionary(Optional<Atlas> atlas, String next) {}

    /// The model.
    ///
    /// @param numbers how many it has
    /// @param context longest, tokens
    /// @param identity SHA-256 by part
    public record Model(
            String name,
            long numbers,
            int layers,
            int hidden,
            int vocabulary,
            int context,
            String dtype,
            Map<String, String> identity) {}

    /// The tokens around a prompt, a user turn and an answer.
    ///
    /// @param prompt where it stands, in words
    /// @param ends tokens at which an answer is over
    public record Slot(
            String prompt,
            List<String> before,
            List<String> promptToUser,
            List<String> userToAnswer,
            List<String> ends) {}

    /// The model's dictionary.
    public record Atlas(String file, int prompts) {}

    /// What a target does to the model.
    ///
    /// @param kl KL(target ‖ base), nats per token of the base's own answers
    public record Effect(
            Explanation.Kind kind, String name, String description, String sha256, double kl, int turns, int tokens) {}

    /// Whether its logits are others than those of the reference.
    public boolean isOther() {
        return parity.flatMap(Parity::within).filter(isWithin -> !isWithin).isPresent();
    }

    /// For the terminal.
    public String text() {
        StringBuilder out = new StringBuilder(model.name()).append('\n');
        files(out);
        conversation(out);
        line(
                out,
                "atlas",
                dictionary
                        .atlas()
                        .map(found -> found.prompts() + " prompts (" + found.file() + ")")
                        .orElse("none. " + dictionary.next()));
        effect.ifPresent(found -> effect(out, found));
        parity.ifPresent(found -> parity(out, found));
        return out.toString();
    }

    private void files(StringBuilder out) {
        line(
                out,
                "family",
                String.format(
                        Locale.ROOT,
                        "%s, %s on the disk (%s); about %.1f GB of memory to explain something",
                        about.family(),
                        Figures.bytes(about.fileBytes()),
                        about.format(),
                        about.memoryBytes() / 1e9));
        line(
                out,
                "model",
                String.format(
                        Locale.ROOT,
                        "%,d numbers in %s, %d layers of width %d, %,d tokens, contexts of up to %,d",
                        model.numbers(),
                        model.dtype(),
                        model.layers(),
                        model.hidden(),
                        model.vocabulary(),
                        model.context()));
        model.identity().forEach((part, hash) -> line(out, part, hash));
    }

    private void conversation(StringBuilder out) {
        line(
                out,
                "slot",
                shown(slot.before()) + "⟨prompt⟩" + shown(slot.promptToUser()) + "⟨user⟩" + shown(slot.userToAnswer())
                        + "⟨answer⟩");
        line(out, "prompt", slot.prompt());
        line(out, "template", about.template().source());
        line(
                out,
                "system",
                (about.template().takesSystem() ? "takes a message" : "takes no message")
                        + about.template()
                                .inserted()
                                .map(text -> "; inserts by itself: “" + Columns.cut(Columns.visible(text), 160) + "”")
                                .orElse("; inserts none by itself"));
        line(out, "base", about.template().basePrompt());
        line(out, "thinking", about.template().thinkMode());
        line(out, "first seen", about.firstContext().replace("\n", "\\n"));
        line(out, "ends at", String.join(" ", slot.ends()));
    }

    private static void effect(StringBuilder out, Effect found) {
        line(out, "target", found.name() + ": " + found.description());
        line(
                out,
                "effect",
                String.format(
                        Locale.ROOT,
                        "KL(target ‖ base) %.3f nats per token, on %d tokens of answers to %d plain user turns",
                        found.kl(),
                        found.tokens(),
                        found.turns()));
    }

    private static void parity(StringBuilder out, Parity parity) {
        line(out, "reference", parity.reference() + " (" + parity.maker() + ")");
        for (int i = 0; i < parity.contexts().size(); i++) {
            Parity.Row row = parity.contexts().get(i);
            line(
                    out,
                    i == 0 ? "parity" : "",
                    String.format(
                            Locale.ROOT,
                            "%d: %d tokens, |Δlogit| at most %.2g (of %.3g), KL at most %.1e nats",
                            i,
                            row.tokens(),
                            row.difference(),
                            row.scale(),
                            row.kl()));
        }
        String allowed = String.format(
                Locale.ROOT, " %.0e of the largest logit and %.0e nats", Parity.MOST_DIFFERENCE, Parity.MOST_KL);
        line(
                out,
                "verdict",
                parity.within()
                        .map(isWithin -> (isWithin ? "agrees, within" : "DIFFERS by more than") + allowed)
                        .orElse("not judged: expected FLOAT32, in which two programs agree within" + allowed));
    }

    private static void line(StringBuilder out, String name, String text) {
        out.append(String.format(Locale.ROOT, "  %-10s %s%n", name, text));
    }

    private static String shown(List<String> tokens) {
        return String.join("", tokens).replace("\n", "\\n");
    }

    /// One JSON document.
    public String json() {
        return new Json(Map.of())
                .document(
                        "model check",
                        provenance,
                        new Json.Fields()
                                .with("model", model)
                                .with("about", about)
                                .with("slot", slot)
                                .with("atlas", dictionary.atlas().orElse(null))
                                .with("target", effect.orElse(null))
                                .with("parity", parity.orElse(null))
                                .with("seconds", seconds));
    }
}
