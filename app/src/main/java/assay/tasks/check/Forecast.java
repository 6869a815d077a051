package assay.tasks.check;

import assay.base.tensor.Dtype;
import assay.engine.model.LanguageModel;
import assay.engine.model.ModelCard;

/// About how much memory `assay explain` takes with a model.
final class Forecast {
    /// What is run exactly: candidates, random prompts, base and target, on at most so many places.
    private static final long STATES = (48 + 33 + 2) * (640L + 1024 + 1280);

    /// Places whose logits are held at once, and copies of them.
    private static final long LOGITS = 128 * 4;

    /// Java, libtorch, the dictionary and the fit. With it, the default model's measured 4.0 GB are met
    /// (docs/log/2026-11-25-formal-german.md).
    private static final long REST = 2_800_000_000L;

    private Forecast() {}

    /// Bytes, without the training of a soft prompt.
    static long bytes(ModelCard card, LanguageModel model) {
        long table = (long) model.vocabulary() * model.hidden();
        boolean isTied = model.unembedding().matrix().data_ptr().equals(embedding(model));
        long blocks = card.parameters() - (isTied ? table : 2 * table);
        int format = model.dtype().bytes();
        long tables = table * Float.BYTES * (isTied ? 1 : 2) + (model.dtype() == Dtype.FLOAT32 ? 0 : table * format);
        long states = STATES * model.hidden() * Float.BYTES;
        return tables + blocks * format + states + LOGITS * model.vocabulary() * Float.BYTES + REST;
    }

    private static Object embedding(LanguageModel model) {
        var embedding = model.weight("model.embed_tokens.weight");
        return embedding == null ? model : embedding.data_ptr();
    }
}
