package assay.tasks.check;

import assay.measure.judge.Explanation;
import assay.show.page.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a quick look at a model found.
///
/// @param next what to do where there is no atlas
public record Checked(
        Model model,
        Slot slot,
        Optional<Atlas> atlas,
        String next,
        Optional<Effect> effect,
        Map<String, Object> provenance,
        double seconds) {
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

    /// For the terminal.
    public String text() {
        StringBuilder out = new StringBuilder(model.name()).append('\n');
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
        line(
                out,
                "slot",
                shown(slot.before()) + "⟨prompt⟩" + shown(slot.promptToUser()) + "⟨user⟩" + shown(slot.userToAnswer())
                        + "⟨answer⟩");
        line(out, "prompt", slot.prompt());
        line(out, "ends at", String.join(" ", slot.ends()));
        line(
                out,
                "atlas",
                atlas.map(found -> found.prompts() + " prompts (" + found.file() + ")")
                        .orElse("none. " + next));
        effect.ifPresent(found -> {
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
        });
        return out.toString();
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
                                .with("slot", slot)
                                .with("atlas", atlas.orElse(null))
                                .with("target", effect.orElse(null))
                                .with("seconds", seconds));
    }
}
