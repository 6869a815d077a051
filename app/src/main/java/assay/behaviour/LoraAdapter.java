package assay.behaviour;

import assay.model.Overlay;
import java.util.List;

/// A LoRA adapter over the empty slot. Its weights stay factors beside the model; they belong to the scope that read them.
///
/// @param name what to call it in reports
/// @param description what it is: rank, modules, number of tensors
/// @param overlay its low-rank additions and replacements
public record LoraAdapter(String name, String description, Overlay overlay) implements Behaviour {
    @Override
    public List<Term> terms() {
        return BASE.terms();
    }
}
