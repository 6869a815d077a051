package assay.measure.behaviour;

import assay.InputException;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.peft.PeftAdapter;
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
    /// Reads a PEFT folder for the model it is to run on; its tensors belong to the caller's scope.
    ///
    /// @throws InputException if it does not fit the model, needs something not supported, or changes nothing
    public static LoraAdapter open(Path folder, ChatModel chat) {
        LanguageModel model = chat.model();
        PeftAdapter adapter = PeftAdapter.read(folder, model.tensorShapes(), model::weight, model.dtype());
        if (adapter.hasNoEffect()) {
            throw new InputException("adapter: expected one that changes the model, found every B·A to be zero ("
                    + folder + "). Was it saved before training?");
        }
        Map<String, Overlay.LowRank> linear = new HashMap<>();
        adapter.linear().forEach((module, factors) -> linear.put(module, lowRank(factors)));
        Overlay overlay = new Overlay(
                linear, adapter.embedding().map(LoraAdapter::lowRank), adapter.replaced(), adapter.biases());
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new LoraAdapter(name == null ? "adapter" : name.toString(), adapter.description(), overlay);
    }

    private static Overlay.LowRank lowRank(PeftAdapter.Factors factors) {
        return new Overlay.LowRank(factors.a(), factors.b(), factors.scale());
    }

    /// Whether it changes the matrix that turns hidden states into logits, which all behaviours of a model
    /// must share.
    public boolean changesUnembedding() {
        return overlay.changesUnembedding();
    }

    @Override
    public List<Term> terms() {
        return BASE.terms();
    }
}
