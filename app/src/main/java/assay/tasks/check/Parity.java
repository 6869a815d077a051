package assay.tasks.check;

import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.MappedWeights;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How far this program's logits are from those another wrote.
///
/// @param maker what made the reference
/// @param within whether every context is as near as two programs in float32 can be expected to be; empty in another
/// number format, in which nothing is expected
public record Parity(String reference, String maker, List<Row> contexts, Optional<Boolean> within) {
    /// Largest difference of a logit, as a share of the largest logit there.
    static final double MOST_DIFFERENCE = 2e-3;
    /// Largest KL of a place, nats.
    static final double MOST_KL = 1e-6;

    private static final String SUBJECT = "--reference";

    /// One context.
    ///
    /// @param tokens how many it has
    /// @param difference largest |Δlogit| of all places
    /// @param scale largest |logit| of the reference
    /// @param kl largest KL(reference ‖ ours) of a place, nats
    public record Row(int tokens, double difference, double scale, double kl) {
        boolean isWithin() {
            return difference <= MOST_DIFFERENCE * scale && kl <= MOST_KL;
        }
    }

    /// Compares with a file of `bench/reference/logits.py`: `logits.0`, … and in its metadata the `ids` they belong to.
    ///
    /// @throws assay.InputException if it is no such file, or was made with another model
    static Parity of(Path reference, Session session, Overlay overlay) {
        LanguageModel model = session.chat().model();
        try (MappedWeights<String> file = MappedWeights.safetensors(reference);
                TensorScope _ = TensorScope.withoutGradients()) {
            TokenLists lists = TokenLists.of(SUBJECT, reference.toString(), ids(file, reference), model);
            List<Row> rows = new ArrayList<>();
            try (var stage = session.job().stage("comparing with the reference", lists.tokens())) {
                for (int[] ids : lists.lists()) {
                    rows.add(row(file, "logits." + rows.size(), ids, model, overlay));
                    stage.advance(ids.length);
                    session.job().check();
                }
            }
            boolean isJudged = model.dtype() == Dtype.FLOAT32;
            return new Parity(
                    reference.toString(),
                    file.metadata().getOrDefault("made_by", "unknown"),
                    rows,
                    isJudged ? Optional.of(rows.stream().allMatch(Row::isWithin)) : Optional.empty());
        }
    }

    private static JsonNode ids(MappedWeights<String> file, Path reference) {
        try {
            return JsonMapper.shared().readTree(file.metadata().getOrDefault("ids", "none"));
        } catch (JacksonException missing) {
            String next = "Make it with bench/reference/logits.py.";
            throw Refusal.of(SUBJECT, "ids in the file's metadata", "none", reference, next);
        }
    }

    private static Row row(MappedWeights<String> file, String name, int[] ids, LanguageModel model, Overlay overlay) {
        List<Long> shape = List.of((long) ids.length, (long) model.vocabulary());
        var info = file.tensors().get(name);
        if (info == null || !info.shape().equals(shape)) {
            String found = info == null ? "none" : String.valueOf(info.shape());
            String next = "Was the reference made with this model?";
            throw Refusal.of(SUBJECT, name + " of shape " + shape, found, file.path(), next);
        }
        try (TensorScope _ = new TensorScope()) {
            Tensor theirs = file.read(name, Dtype.FLOAT32);
            Tensor ours = model.logits(RunTokens.hidden(model, ids, overlay), overlay);
            return new Row(
                    ids.length,
                    ours.sub(theirs).abs().max().item_double(),
                    theirs.abs().max().item_double(),
                    largestDivergence(theirs, ours));
        }
    }

    /// Place by place in double, as differences of 1e-8 nats are lost in float32.
    private static double largestDivergence(Tensor theirs, Tensor ours) {
        double largest = 0;
        for (long place = 0; place < theirs.size(0); place++) {
            try (TensorScope _ = new TensorScope()) {
                Tensor p = torch.log_softmax(theirs.select(0, place).to(torch.ScalarType.Double), 0);
                Tensor q = torch.log_softmax(ours.select(0, place).to(torch.ScalarType.Double), 0);
                largest = Math.max(largest, p.exp().mul(p.sub(q)).sum().item_double());
            }
        }
        return largest;
    }
}
