package assay.lab.studyfile;

import assay.measure.behaviour.WeightedPrompt;
import assay.tasks.session.TargetSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads what a target is, where a file says it in one field and needs nothing else for it.
final class PlainSources {
    /// The fields, of which a target has one.
    static final List<String> FIELDS = List.of("prompt", "mixture", "soft", "random_tokens");

    private static final int MOST_TOKENS = 256;
    private static final int TOKENS = 16;
    private static final double LARGEST_WEIGHT = 10;

    private PlainSources() {}

    /// @param given the field that is there; empty if there is none, which is a problem told before
    static TargetSource read(JsonFields entry, String given) {
        return switch (given) {
            case "prompt" -> new TargetSource.Prompt(entry.text("prompt"));
            case "mixture" -> mixture(entry);
            case "soft" -> new TargetSource.Soft(entry.peft("soft", "soft prompt"));
            case "random_tokens" ->
                new TargetSource.RandomSoft(
                        entry.whole("random_tokens", 1, MOST_TOKENS, TOKENS),
                        entry.whole("seed", 0, Integer.MAX_VALUE, 0));
            default -> new TargetSource.Prompt("");
        };
    }

    private static TargetSource mixture(JsonFields entry) {
        Set<String> prompts = new HashSet<>();
        List<WeightedPrompt> atoms = entry.objects("mixture", atom -> {
            String prompt = atom.text("prompt");
            double weight = atom.number("weight", -LARGEST_WEIGHT, LARGEST_WEIGHT);
            if (weight == 0) {
                atom.wrong("weight", "\"weight\" is 0");
            }
            if (!prompts.add(prompt) && !prompt.isEmpty()) {
                atom.wrong("prompt", "\"" + prompt + "\" twice in \"mixture\"");
            }
            return new WeightedPrompt(prompt, weight);
        });
        entry.expect(atoms.size() >= 2, "mixture", "at least 2 prompts", atoms.size());
        return new TargetSource.Planted(atoms, false);
    }
}
