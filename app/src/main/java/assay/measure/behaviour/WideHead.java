package assay.measure.behaviour;

import assay.InputException;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// One unembedding for behaviours that do not all have the same: the model's W, and beside it columns of their own for
/// those that change it. States become as much wider, zero in columns that are another's. So logits are one
/// product whoever a state belongs to, exactly, and mixing states stays mixing logits.
///
/// An adapter of `lm_head` adds as many columns as its rank, a whole matrix in its place as many as W has.
final class WideHead {
    private final Unembedding unembedding;
    private final List<Own> owns = new ArrayList<>();

    /// What an overlay adds to W: `W_t·h = W·h + columns·(h·rowsᵀ)`.
    ///
    /// @param rows `[column hidden]`, or h itself if there are none
    private record Own(Overlay overlay, List<Tensor> rows, long columns) {}

    /// The tensors belong to the caller's scope; without changes the head is the model's own.
    WideHead(LanguageModel model, List<? extends Behaviour> behaviours) {
        boolean isAlone = behaviours.stream()
                .flatMap(behaviour -> behaviour.terms().stream())
                .noneMatch(term -> term.overlay().changesUnembedding());
        try (TensorScope scope = TensorScope.withoutGradients()) {
            if (isAlone) {
                unembedding = model.unembedding();
                return;
            }
            Tensor plain = model.unembedding().whole();
            TensorVector parts = new TensorVector(plain);
            for (Behaviour behaviour : behaviours) {
                for (Behaviour.Term term : behaviour.terms()) {
                    if (term.overlay().changesUnembedding() && own(term.overlay()) < 0) {
                        add(term.overlay(), plain, parts, scope);
                    }
                }
            }
            unembedding = owns.isEmpty()
                    ? model.unembedding()
                    : new Unembedding(
                            scope.keep(torch.cat(parts, 1)), model.unembedding().cap());
        }
    }

    /// Whether states are as wide as the model's own.
    boolean isPlain() {
        return owns.isEmpty();
    }

    private void add(Overlay overlay, Tensor plain, TensorVector parts, TensorScope scope) {
        Tensor replaced = overlay.replaced().getOrDefault("lm_head.weight", plain);
        Tensor gain = overlay.gains().get("lm_head");
        Tensor matrix = replaced.to(torch.ScalarType.Float);
        if (!replaced.equals(plain) || gain != null) {
            Tensor own = gain == null ? matrix : matrix.mul(gain.unsqueeze(1));
            parts.push_back(own.sub(plain));
            owns.add(new Own(overlay, List.of(), plain.size(1)));
        }
        Overlay.LowRank delta = overlay.linear().get("lm_head");
        if (delta != null) {
            parts.push_back(delta.b().to(torch.ScalarType.Float).mul(new Scalar(delta.scale())));
            Tensor rows = scope.keep(delta.a().to(torch.ScalarType.Float));
            owns.add(new Own(overlay, List.of(rows), rows.size(0)));
        }
    }

    private int own(Overlay overlay) {
        for (int i = 0; i < owns.size(); i++) {
            if (owns.get(i).overlay().equals(overlay)) {
                return i;
            }
        }
        return -1;
    }

    /// W and the columns beside it `[vocab wide]`.
    Unembedding unembedding() {
        return unembedding;
    }

    /// Final hidden states `[place hidden]` under an overlay, as wide as the head; owned by the caller's scope.
    ///
    /// @throws InputException if the overlay has an unembedding of its own that this head does not know
    Tensor widened(Tensor hidden, Overlay overlay) {
        if (overlay.changesUnembedding() && own(overlay) < 0) {
            throw new InputException("adapter: expected one that leaves lm_head alone, found changes to it. explain,"
                    + " distil and model check take such an adapter; this does not.");
        }
        if (owns.isEmpty()) {
            return hidden;
        }
        try (TensorScope scope = new TensorScope()) {
            TensorVector parts = new TensorVector(hidden);
            for (Own own : owns) {
                if (!own.overlay().equals(overlay)) {
                    parts.push_back(torch.zeros(hidden.size(0), own.columns()));
                } else {
                    parts.push_back(
                            own.rows().isEmpty()
                                    ? hidden
                                    : torch.linear(hidden, own.rows().getFirst()));
                }
            }
            return scope.keep(torch.cat(parts, 1));
        }
    }
}
