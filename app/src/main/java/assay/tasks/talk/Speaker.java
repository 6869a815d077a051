package assay.tasks.talk;

import assay.engine.model.Overlay;
import assay.measure.behaviour.SoftPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a column answers: the hidden states of its parts, added up with their factors, under one overlay.
///
/// @param parts the base's first where there are several
record Speaker(Column column, Overlay overlay, List<Part> parts) {
    /// A prompt in the slot, or a soft one.
    ///
    /// @param prompt its text; empty for none
    record Part(String prompt, Optional<SoftPrompt> soft, double coefficient) {}

    /// One that is not mixed.
    static Speaker of(Column column, Overlay overlay, String prompt) {
        return new Speaker(column, overlay, List.of(new Part(prompt, Optional.empty(), 1)));
    }

    static Speaker of(Column column, SoftPrompt soft) {
        return new Speaker(column, Overlay.NONE, List.of(new Part("", Optional.of(soft), 1)));
    }

    /// `h₀ + Σ wᵢ (hᵢ − h₀)` of the prompts that are switched on.
    static Speaker of(PromptList prompts) {
        List<Part> parts = new ArrayList<>();
        double total =
                prompts.on().stream().mapToDouble(PromptList.Part::weight).sum();
        parts.add(new Part("", Optional.empty(), 1 - total));
        prompts.on().forEach(on -> parts.add(new Part(on.text(), Optional.empty(), on.weight())));
        return new Speaker(Column.MIXTURE, Overlay.NONE, parts);
    }
}
