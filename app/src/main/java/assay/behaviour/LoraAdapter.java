package assay.behaviour;

import assay.InputException;
import assay.format.PeftAdapter;
import assay.model.ChatModel;
import assay.model.Overlay;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A LoRA adapter over the empty slot. Its weights stay factors beside the model; they belong to the scope
/// that read them.
///
/// @param name what to call it in reports
/// @param description what it is: rank, modules, number of tensors
/// @param overlay its low-rank additions and replacements
public record LoraAdapter(String name, String description, Overlay overlay) implements Behaviour {
    /// Opens a PEFT LoRA folder for a model.
    ///
    /// @throws InputException if it does not fit the model, is of a kind Assay does not read, or changes
    /// nothing
    public static LoraAdapter open(Path folder, ChatModel chat) {
        PeftAdapter file = PeftAdapter.read(
                folder, chat.model().tensorShapes(), chat.model().dtype());
        String name = folder.toAbsolutePath().normalize().getFileName().toString();
        if (file.hasNoEffect()) {
            throw new InputException("adapter: expected an effect, found that every product B·A is zero (" + name
                    + "). It was saved before it was trained.");
        }
        Map<String, Overlay.LowRank> linear = new HashMap<>();
        file.linear().forEach((module, factors) -> linear.put(module, lowRank(factors)));
        Overlay overlay =
                new Overlay(linear, file.embedding().map(LoraAdapter::lowRank), file.replaced(), file.biases());
        return new LoraAdapter(name, file.description(), overlay);
    }

    private static Overlay.LowRank lowRank(PeftAdapter.Factors factors) {
        return new Overlay.LowRank(factors.a(), factors.b(), factors.scale());
    }

    @Override
    public List<Term> terms() {
        return BASE.terms();
    }
}
