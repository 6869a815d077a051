package assay.measure.judge;

import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Planted targets of a tiny random model, on contexts of random tokens.
record TinyTarget(ChatModel chat) implements AutoCloseable {
    /// Prompts that targets are made of.
    static final List<String> PLANTED = List.of("You are a cook.", "Talk about rain.");

    /// Prompts that have nothing to do with them.
    static final List<String> OTHERS =
            List.of("Be sad.", "Count to ten.", "Answer in rhyme.", "Say no.", "Sell a boat.");

    /// User turns of every split.
    static final int TURNS = 12;

    static TinyTarget open() {
        return new TinyTarget(TinyModel.open("untied-bf16"));
    }

    Mixture planted(double first, double second) {
        return new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(prompts(PLANTED).get(0), first),
                        new Mixture.Weighted(prompts(PLANTED).get(1), second)));
    }

    List<HardPrompt> prompts(List<String> texts) {
        return texts.stream().map(text -> HardPrompt.of(text, chat.tokenizer())).toList();
    }

    static List<String> texts(List<HardPrompt> prompts) {
        return prompts.stream().map(HardPrompt::text).toList();
    }

    /// Looks at a target on foreign and own contexts, one of each for every user turn.
    void judged(Behaviour target, BiConsumer<Decomposer, Judge> checks) {
        judged(target, split -> split(split, 1), checks);
    }

    void judged(Behaviour target, Function<Probe.Split, SplitContexts> contexts, BiConsumer<Decomposer, Judge> checks) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat), target, contexts, Decomposer.Options.defaults(0), Decomposer.Listener.NONE)) {
            checks.accept(decomposer, new Judge(decomposer, 0));
        }
    }

    /// @param perTurn contexts that belong to one user turn
    SplitContexts split(Probe.Split split, int perTurn) {
        return new SplitContexts(contexts(split, perTurn, 1), contexts(split, perTurn, 2));
    }

    /// Foreign contexts of a split, one for every user turn.
    List<Context> contexts(Probe.Split split, int perTurn) {
        return contexts(split, perTurn, 1);
    }

    private List<Context> contexts(Probe.Split split, int perTurn, int seed) {
        SplittableRandom random = new SplittableRandom(31L * split.name().hashCode() + seed);
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < TURNS; i++) {
            int[] user = random.ints(4, 40, 200).toArray();
            int[] answer = random.ints(4, 40, 200).toArray();
            contexts.add(new Context(i / perTurn, chat.slot().tail(user, answer), 4));
        }
        return contexts;
    }

    @Override
    public void close() {
        chat.close();
    }
}
