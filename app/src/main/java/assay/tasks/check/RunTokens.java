package assay.tasks.check;

import assay.base.run.Sha256;
import assay.base.tensor.TensorScope;
import assay.engine.format.SafetensorsWriter;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import assay.show.page.Json;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Runs token ids as they are, so that anyone can compare this program's numbers with those of another.
///
/// @param session the open model
public record RunTokens(Session session) {
    /// What was written.
    ///
    /// @param lists how many
    /// @param tokens in all of them
    public record Written(String file, int lists, long tokens) {
        /// For the terminal.
        public String text() {
            return file + ": logits and hidden states of " + tokens + " tokens in " + lists + " lists\n";
        }

        /// One JSON document.
        public String json(Session session) {
            return new Json(Map.of())
                    .document(
                            "model check",
                            session.provenance(Map.of(), Map.of()),
                            new Json.Fields().with("written", this));
        }
    }

    /// Writes `logits.0`, `logits.1`, … `[position vocab]` and `hidden.0`, … `[position hidden]`, the states behind
    /// the last norm, all float32, whole or not at all.
    ///
    /// @param ids a JSON array of arrays of token ids
    /// @param adapter whose numbers are wanted; without one the model's own
    /// @throws assay.InputException if the ids are none of the model's, or the adapter does not fit it
    /// @throws assay.ResourceException if they do not fit into memory, or the disk does not take them
    public Written write(Path ids, Optional<Target.Named> adapter, Path to) {
        LanguageModel model = session.chat().model();
        TokenLists lists = TokenLists.of(ids, model);
        Overlay overlay = overlay(adapter);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (var stage = session.job().stage("running tokens", lists.tokens());
                TensorScope _ = TensorScope.withoutGradients()) {
            for (int i = 0; i < lists.lists().size(); i++) {
                int[] list = lists.lists().get(i);
                Tensor hidden = hidden(model, list, overlay);
                tensors.put("hidden." + i, hidden);
                tensors.put("logits." + i, model.logits(hidden, overlay));
                stage.advance(list.length);
                session.job().check();
            }
            SafetensorsWriter.write(
                    to,
                    tensors,
                    Map.of(
                            "model", session.chat().sha256(),
                            "ids", Sha256.of(ids),
                            "dtype", model.dtype().name()));
        }
        return new Written(to.toString(), lists.lists().size(), lists.tokens());
    }

    private Overlay overlay(Optional<Target.Named> adapter) {
        return adapter.map(named -> session.target(named).behaviour().overlay()).orElse(Overlay.NONE);
    }

    /// Final hidden states `[position hidden]` of every token, in the caller's scope.
    static Tensor hidden(LanguageModel model, int[] ids, Overlay overlay) {
        TokenBatch batch = TokenBatch.of(ids);
        return model.hidden(batch, null, overlay, Positions.all(batch));
    }
}
