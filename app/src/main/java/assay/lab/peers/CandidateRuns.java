package assay.lab.peers;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Running candidate prompts on all contexts, side by side, and asking how far each is from a target: the exact
/// divergence over the whole vocabulary in float32.
///
/// @param target hidden states of the target at all places `[place hidden]`, owned by the caller's scope
record CandidateRuns(ChatModel chat, List<HardPrompt> candidates, List<Context> contexts, Tensor target) {
    private static final int CANDIDATES_AT_ONCE = 16;

    /// Candidates, a target that is none of them, and conversations whose last tokens are compared.
    ///
    /// @param places compared in each conversation
    static CandidateRuns of(ChatModel chat, int candidates, int conversations, int places) {
        List<HardPrompt> prompts = Phrases.prompts(candidates + 1, 5).stream()
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            int[] user = Phrases.tokens(chat.tokenizer(), 12, 100 + i);
            int[] answer = Phrases.tokens(chat.tokenizer(), places - 1, 200 + i);
            contexts.add(new Context(i, chat.slot().tail(user, answer), places));
        }
        Tensor target = new Runner(chat).hidden(prompts.getLast(), contexts);
        return new CandidateRuns(chat, prompts.subList(0, candidates), contexts, target);
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
