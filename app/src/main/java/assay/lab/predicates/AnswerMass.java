package assay.lab.predicates;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.text.Slot;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How probable the listed answers are: every answer is read to its last token behind every user turn and
/// start.
final class AnswerMass {
    private static final int PLACES_PER_CHUNK = 128;

    private final Runner runner;
    private final PredicateSpec spec;
    private final List<Context> contexts = new ArrayList<>();
    private final List<int[]> answers = new ArrayList<>();
    private final int asked;

    /// On user turns of the test split.
    ///
    /// @param most how many user turns
    /// @param starts how many starts behind each
    AnswerMass(ChatModel chat, PredicateSpec spec, int most, int starts) {
        this.runner = new Runner(chat);
        this.spec = spec;
        List<String> turns = spec.turns().of(Probe.Split.TEST);
        List<String> begun =
                spec.starts().subList(0, Math.min(starts, spec.starts().size()));
        List<String> all =
                Stream.concat(spec.holds().stream(), spec.fails().stream()).toList();
        int count = Math.min(most, turns.size());
        for (int turn = 0; turn < count; turn++) {
            int[] user = chat.slot().user(turns.get(turn));
            for (String start : begun) {
                for (String answer : all) {
                    int[] tokens = behind(start, answer, chat.slot());
                    answers.add(tokens);
                    contexts.add(SpecialContexts.answered(
                            chat, turn, user, chat.slot().answer(start), tokens));
                }
            }
        }
        this.asked = count * begun.size();
    }

    /// Tokens of an answer where it goes on with a start.
    private static int[] behind(String start, String answer, Slot slot) {
        if (start.isEmpty()) {
            return slot.answer(answer);
        }
        int[] whole = slot.answer(start + " " + answer);
        return Arrays.copyOfRange(whole, slot.answer(start).length, whole.length);
    }

    /// Under the category's prompt and under the predicate's.
    PredicateEvidence.Skill skill() {
        return new PredicateEvidence.Skill(share(spec.category()), share(spec.prompt()));
    }

    /// Of the probability of the listed answers, the share of those of which the predicate is true; means over
    /// contexts.
    private double share(String prompt) {
        double[] logProbabilities =
                logProbabilities(HardPrompt.of(prompt, runner.chat().tokenizer()));
        int count = spec.holds().size() + spec.fails().size();
        double holds = 0;
        double fails = 0;
        int at = 0;
        for (int i = 0; i < answers.size(); i++) {
            double sum = 0;
            for (int token = 0; token < answers.get(i).length; token++) {
                sum += logProbabilities[at++];
            }
            if (i % count < spec.holds().size()) {
                holds += Math.exp(sum) / asked;
            } else {
                fails += Math.exp(sum) / asked;
            }
        }
        return holds / (holds + fails);
    }

    /// Of every answer token, in order.
    private double[] logProbabilities(Behaviour behaviour) {
        long[] next = answers.stream()
                .flatMapToInt(java.util.Arrays::stream)
                .asLongStream()
                .toArray();
        double[] values = new double[next.length];
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor hidden = runner.hidden(behaviour, contexts);
            Tensor tokens = Torch.longs(next, next.length, 1);
            for (int start = 0; start < next.length; start += PLACES_PER_CHUNK) {
                try (TensorScope _ = new TensorScope()) {
                    int count = Math.min(PLACES_PER_CHUNK, next.length - start);
                    Tensor logits = runner.unembedding()
                            .logits(hidden.narrow(0, start, count).to(torch.ScalarType.Float));
                    float[] chunk =
                            Torch.toFloats(torch.log_softmax(logits, -1).gather(1, tokens.narrow(0, start, count)));
                    for (int i = 0; i < count; i++) {
                        values[start + i] = chunk[i];
                    }
                }
            }
        }
        return values;
    }
}
