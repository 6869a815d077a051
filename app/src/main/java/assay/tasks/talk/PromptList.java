package assay.tasks.talk;

import assay.InputException;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.WeightedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The weighted prompts of a talk, some of which may be switched off. Changing it gives another one.
///
/// @param parts in the order in which they are shown
public record PromptList(List<Part> parts) {
    /// No prompts.
    public static final PromptList NONE = new PromptList(List.of());

    /// More prompts than this are no explanation.
    private static final int MOST = 200;

    private static final double LARGEST_WEIGHT = 100;

    /// One prompt.
    ///
    /// @param weight how far it moves the base towards the prompt, in logits; below 0 away from it
    /// @param isOn whether it counts
    public record Part(String text, double weight, boolean isOn) {
        /// Refuses a blank text and a weight beyond ±100.
        ///
        /// @throws InputException if it is one
        public Part {
            HardPrompt.requireText(text);
            if (!(Math.abs(weight) <= LARGEST_WEIGHT)) {
                throw new InputException("weight: expected -100 to 100, found " + weight
                        + " (of a prompt). Weights are mostly between -1 and 1.");
            }
        }
    }

    /// Keeps its own copy.
    ///
    /// @throws InputException if there are more than 200
    public PromptList {
        parts = List.copyOf(parts);
        if (parts.size() > MOST) {
            throw new InputException(
                    "prompts: expected at most " + MOST + ", found " + parts.size() + " (in the mixture). Drop some.");
        }
    }

    /// All of these, switched on.
    public static PromptList of(List<WeightedPrompt> prompts) {
        return new PromptList(prompts.stream()
                .map(each -> new Part(each.prompt(), each.weight(), true))
                .toList());
    }

    /// With another prompt at its end.
    public PromptList with(String text, double weight) {
        List<Part> more = new ArrayList<>(parts);
        more.add(new Part(text, weight, true));
        return new PromptList(more);
    }

    /// With one prompt changed.
    ///
    /// @param index from 0
    public PromptList changed(int index, UnaryOperator<Part> change) {
        List<Part> others = new ArrayList<>(parts);
        others.set(index, change.apply(parts.get(index)));
        return new PromptList(others);
    }

    /// With another text in the place of one.
    public PromptList edited(int index, String text) {
        return changed(index, part -> new Part(text, part.weight(), part.isOn()));
    }

    /// With another weight of one.
    public PromptList weighted(int index, double weight) {
        return changed(index, part -> new Part(part.text(), weight, part.isOn()));
    }

    /// With one switched on or off.
    public PromptList switched(int index, boolean isOn) {
        return changed(index, part -> new Part(part.text(), part.weight(), isOn));
    }

    /// Without one.
    public PromptList without(int index) {
        List<Part> fewer = new ArrayList<>(parts);
        fewer.remove(index);
        return new PromptList(fewer);
    }

    /// Those that count.
    public List<Part> on() {
        return parts.stream().filter(Part::isOn).toList();
    }
}
