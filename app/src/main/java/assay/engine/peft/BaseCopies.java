package assay.engine.peft;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// What whole weights in an adapter's file mean to the base: PEFT saves embedding and head beside the
/// factors when it believes that the vocabulary changed, mostly just as they were.
///
/// @param weights of the base by name, null where there is none
/// @param config of the adapter
record BaseCopies(Function<String, @Nullable Tensor> weights, PeftConfig config) {
    private static final String EMBEDDING = PeftName.EMBEDDING + ".weight";
    private static final String HEAD = "lm_head.weight";
    /// Cosine of trained rows and the base's above which they are its.
    private static final double ALIKE = 0.5;

    /// Leaves out what equals the base, and lets what changed of a tied model's one matrix change
    /// embedding and head alike, as PEFT does unless it trained a copy.
    ///
    /// @throws assay.InputException if the one matrix is to become two
    void settle(Map<String, Tensor> replaced, Path path) {
        Tensor embedding = weights.apply(EMBEDDING);
        boolean isTied = embedding != null
                && embedding.equals(weights.apply(HEAD))
                && !config.targets().copies(PeftName.EMBEDDING)
                && !config.targets().copies("lm_head");
        Tensor newEmbedding = replaced.get(EMBEDDING);
        Tensor newHead = replaced.get(HEAD);
        if (isTied && newEmbedding != null && newHead != null && !newEmbedding.equal(newHead)) {
            throw PeftConfig.refusal(
                    path,
                    "one matrix as " + EMBEDDING + " and " + HEAD + ", as the model has",
                    "two",
                    "Untie the model first, or save the adapter again with modules_to_save.");
        }
        if (isTied && newEmbedding != null) {
            replaced.put(HEAD, newEmbedding);
        } else if (isTied && newHead != null) {
            replaced.put(EMBEDDING, newHead);
        }
        replaced.entrySet().removeIf(weight -> isUnchanged(weight.getValue(), weights.apply(weight.getKey())));
    }

    /// Whether a module's saved weight was not trained: it is no copy of its own, and the rows that it shares with the
    /// base's are the base's. Rows are shared up to the shorter of the two.
    boolean isUntrained(String module, Tensor saved) {
        Tensor base = weights.apply(module + ".weight");
        if (base == null || config.targets().copies(module)) {
            return false;
        }
        long shared = Math.min(saved.size(0), base.size(0));
        return isUnchanged(saved.narrow(0, 0, shared), base.narrow(0, 0, shared));
    }

    /// Whether a saved weight began as the base's: the rows that both have still point the same way.
    /// Another model's do not.
    boolean isOffspring(String module, Tensor saved) {
        Tensor base = weights.apply(module + ".weight");
        if (base == null) {
            return false;
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            long shared = Math.min(saved.size(0), base.size(0));
            Tensor own = base.narrow(0, 0, shared).to(torch.ScalarType.Float);
            Tensor other = saved.narrow(0, 0, shared).to(torch.ScalarType.Float);
            double product = own.mul(other).sum().item_double();
            double lengths = own.norm().item_double() * other.norm().item_double();
            return product > ALIKE * lengths;
        }
    }

    /// A saved weight with the model's number of rows: those of tokens that the model has not are left out, and those
    /// that were taken away before training are the model's.
    Tensor fitted(String module, Tensor saved) {
        Tensor base = weights.apply(module + ".weight");
        if (base == null || saved.dim() != 2 || base.size(0) == saved.size(0)) {
            return saved;
        }
        long more = base.size(0) - saved.size(0);
        return more < 0
                ? saved.narrow(0, 0, base.size(0)).contiguous()
                : torch.cat(
                        new TensorVector(
                                saved, base.narrow(0, saved.size(0), more).to(saved.scalar_type())),
                        0);
    }

    /// Copies may be rounded to the number format they were trained or saved in.
    private static boolean isUnchanged(Tensor found, @Nullable Tensor base) {
        if (base == null) {
            return false;
        }
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor copy = found.to(torch.ScalarType.Float);
            Tensor own = base.to(torch.ScalarType.Float);
            return List.of(torch.ScalarType.Float, torch.ScalarType.Half, Dtype.BFLOAT16.scalarType()).stream()
                    .anyMatch(type -> own.to(type).to(torch.ScalarType.Float).equal(copy));
        }
    }
}
