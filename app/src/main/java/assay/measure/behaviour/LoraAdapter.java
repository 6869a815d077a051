package assay.measure.behaviour;

import assay.InputException;
import assay.NoEffectException;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.peft.GgufAdapter;
import assay.engine.peft.PeftAdapter;
import assay.engine.peft.PeftFolder;
import assay.engine.peft.Trim;
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
    /// Reads a PEFT folder, or a GGUF file of llama.cpp, for the model it is to run on; its tensors belong to the
    /// caller's scope.
    ///
    /// @throws InputException if it does not fit the model, needs something not supported, or changes nothing
    public static LoraAdapter open(Path folder, ChatModel chat) {
        return open(folder, chat, Trim.NONE);
    }

    /// The same, as much of it as is asked for.
    public static LoraAdapter open(Path folder, ChatModel chat, Trim trim) {
        LanguageModel model = chat.model();
        PeftAdapter adapter = read(folder, chat).trimmed(trim, model::weight);
        if (adapter.hasNoEffect()) {
            throw new NoEffectException("adapter: expected one that changes the model, found every B·A to be zero ("
                    + folder + "). Was it saved before training?");
        }
        Map<String, Overlay.LowRank> linear = new HashMap<>();
        adapter.linear().forEach((module, factors) -> linear.put(module, lowRank(factors)));
        Overlay overlay = new Overlay(
                linear,
                adapter.embedding().map(LoraAdapter::lowRank),
                adapter.replaced(),
                adapter.biases(),
                adapter.gains());
        Path last = folder.toAbsolutePath().normalize().getFileName();
        String name = last == null ? "adapter" : last.toString();
        return new LoraAdapter(trim.isNone() ? name : name + " " + trim.words(), adapter.description(), overlay);
    }

    private static PeftAdapter read(Path path, ChatModel chat) {
        LanguageModel model = chat.model();
        return PeftFolder.isGguf(path)
                ? GgufAdapter.read(
                        path,
                        new GgufAdapter.Model(
                                chat.card().family(), model.tensorShapes(), model.queryHeads(), model.keyHeads()),
                        model.dtype())
                : PeftAdapter.read(path, model.tensorShapes(), model::weight, model.dtype());
    }

    private static Overlay.LowRank lowRank(PeftAdapter.Factors factors) {
        return new Overlay.LowRank(factors.a(), factors.b(), factors.scale());
    }

    /// Whether it changes the matrix that turns hidden states into logits, which behaviours of a
    /// model mostly share.
    public boolean changesUnembedding() {
        return overlay.changesUnembedding();
    }

    @Override
    public List<Term> terms() {
        return List.of(new Term(new Filling.Text(BASE.tokens()), 1, overlay));
    }
}
