package assay.lab.peers;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.lab.bench.Cost;
import assay.lab.bench.Phrases;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Running candidate prompts on all contexts, side by side, and asking how far each is from a target: the exact
/// divergence over the whole vocabulary in float32.
///
/// @param target hidden states of the target at all places `[place hidden]`, owned by the caller's scope
record CandidateRuns(ChatModel chat, List<HardPrompt> candidates, List<Context> contexts, Tensor target) {
    private static final int CANDIDATES_AT_ONCE = 16;

    /// Readable candidates, and a last one that is to be the target.
    static List<HardPrompt> phrases(ChatModel chat, int candidates) {
        return Phrases.prompts(candidates + 1, 5).stream()
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
    }

    /// The same with equally many tokens each, for a peer that can only exchange tokens.
    static List<HardPrompt> ofLength(ChatModel chat, int candidates, int tokens) {
        return IntStream.rangeClosed(0, candidates)
                .mapToObj(i -> new HardPrompt("candidate " + i, Phrases.tokens(chat.tokenizer(), tokens, 900 + i)))
                .toList();
    }

    /// Candidates, a target that is none of them, and conversations whose last tokens are compared.
    ///
    /// @param prompts the candidates, and behind them the target
    /// @param places compared in each conversation
    static CandidateRuns of(ChatModel chat, List<HardPrompt> prompts, int conversations, int places) {
        List<Context> contexts = Phrases.contexts(chat, conversations, places, 100);
        Tensor target = new Runner(chat).hidden(prompts.getLast(), contexts);
        return new CandidateRuns(chat, prompts.subList(0, prompts.size() - 1), contexts, target);
    }

    /// Mean KL(target ‖ candidate) per place of every candidate, nats.
    double[] divergences() {
        double[] means = new double[candidates.size()];
        for (int from = 0; from < means.length; from += CANDIDATES_AT_ONCE) {
            int first = from;
            int count = Math.min(CANDIDATES_AT_ONCE, means.length - from);
            try (TensorScope _ = TensorScope.withoutGradients()) {
                List<Tensor> states = states(candidates.subList(first, first + count));
                List<double[]> found =
                        Divergence.kl(target, states, chat.model().unembedding());
                for (int i = 0; i < count; i++) {
                    means[first + i] = Arrays.stream(found.get(i)).average().orElseThrow();
                }
                states.forEach(Tensor::releaseReference);
            }
        }
        return means;
    }

    /// Hidden states of candidates at all places; each holds a reference of its own.
    private List<Tensor> states(List<HardPrompt> part) {
        Runner runner = new Runner(chat);
        return SideBySide.map(part, prompt -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Tensor hidden = runner.hidden(prompt, contexts);
                hidden.retainReference();
                return hidden;
            }
        });
    }

    /// Mean cross entropy of the answers' tokens under the first candidates, nats: what a gradient search minimises.
    double[] crossEntropies(int first) {
        return candidates.stream()
                .limit(first)
                .mapToDouble(prompt -> {
                    try (TensorScope _ = TensorScope.withoutGradients()) {
                        Tensor hidden = new Runner(chat).hidden(prompt, contexts);
                        Tensor said = torch.log_softmax(chat.model().logits(hidden, Overlay.NONE), -1);
                        return -answers().stream()
                                .mapToDouble(at -> said.select(0, at.place())
                                        .select(0, at.token())
                                        .item_double())
                                .average()
                                .orElseThrow();
                    }
                })
                .toArray();
    }

    private record Said(int place, int token) {}

    /// Every place that has a token of the answer behind it, with that token.
    private List<Said> answers() {
        List<Said> answers = new ArrayList<>();
        int first = 0;
        for (Context context : contexts) {
            int[] tail = context.tail();
            for (int i = 0; i < context.places() - 1; i++) {
                answers.add(new Said(first + i, tail[tail.length - context.places() + 1 + i]));
            }
            first += context.places();
        }
        return answers;
    }

    int places() {
        return contexts.stream().mapToInt(Context::places).sum();
    }

    List<Cost> cost() {
        LanguageModel model = chat.model();
        int common =
                chat.slot().tail(new int[0], new int[0]).length - chat.slot().betweenUserAndAnswer().length;
        double tokens =
                contexts.stream().mapToInt(c -> c.tail().length - common).sum() + 16.0 + common;
        double keys = contexts.getFirst().tail().length / 2.0 + 16;
        return List.of(
                Cost.ofTokens(model, model.layers(), tokens, 2, keys).times(candidates.size()),
                Cost.ofLogits(model, (double) places() * (candidates.size() + 2), candidates.size()));
    }
}
