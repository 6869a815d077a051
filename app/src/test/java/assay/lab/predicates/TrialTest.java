package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;

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
import assay.measure.decompose.TinyContexts;
import assay.measure.probe.Probe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The two pools of a tiny random model's prompts, on planted truths.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrialTest {
    private static final List<String> SAID = List.of("Say Ohio.", "Say rain.", "Say no more.");

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aPlantedLogPoolIsTheLogPoolAndNotTheLinearOne() {
        List<Mixture.Weighted> atoms = new ArrayList<>();
        for (HardPrompt prompt : said()) {
            atoms.add(new Mixture.Weighted(prompt, 1.5));
        }
        measured(new Mixture("planted", atoms), (log, linear) -> {
            assertThat(log).isGreaterThan(0.99);
            assertThat(linear).isLessThan(0.9);
        });
    }

    @Test
    void aPromptAmongTheSaidOnesIsBothPools() {
        measured(said().getFirst(), (log, linear) -> {
            assertThat(log).isGreaterThan(0.99);
            assertThat(linear).isGreaterThan(0.99);
        });
    }

    /// Everything that is measured of a planted mixture of three candidates, with own contexts and without.
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aPlantedMixtureIsExplainedAndItsFiguresAgreeWithEachOther(int own) {
        List<HardPrompt> prompts = TinyContexts.prompts(chat);
        Mixture target = new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(prompts.get(0), 0.5),
                        new Mixture.Weighted(prompts.get(1), -0.8),
                        new Mixture.Weighted(prompts.get(2), 0.6)));
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat),
                        target,
                        split -> TinyContexts.of(chat, split, 6, own),
                        Decomposer.Options.defaults(0),
                        new TinyContexts.Heard())) {
            PredicateOptions options = new PredicateOptions(
                    PredicateOptions.quick().ordinary(),
                    PredicateOptions.quick().special(),
                    3,
                    2,
                    4,
                    2,
                    1,
                    false);
            PredicateEvidence.OnContexts found = new Trial(decomposer, options, 0)
                    .run(prompts.get(6), prompts.subList(0, 5), said(), prompts.subList(3, 7));
            curveAgrees(found);
            assertThat(found.klBase()).isPositive();
            assertThat(found.klCategory()).isPositive();
            // Deltas of a mixture of three prompts need not be of three directions, but of no more than the width.
            assertThat(found.effectiveRank()).isBetween(1.0, 24.0);
        }
    }

    private static void curveAgrees(PredicateEvidence.OnContexts found) {
        assertThat(found.curve()).extracting(PredicateEvidence.Step::k).containsExactly(1, 2, 3);
        double closed = found.curve().getLast().closed().value();
        assertThat(closed).isGreaterThan(0.99);
        assertThat(found.curve().getLast().random().value()).isLessThan(closed);
        assertThat(found.oracle().value()).isGreaterThan(closed - 0.01);
        assertThat(found.sayLinear().value()).isLessThan(closed);
    }

    private void measured(Behaviour target, BiConsumer<Double, Double> closed) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat),
                        target,
                        this::contexts,
                        Decomposer.Options.defaults(0),
                        Decomposer.Listener.NONE)) {
            Trial trial = new Trial(decomposer, PredicateOptions.quick(), 0);
            double base = Arrays.stream(decomposer
                            .test()
                            .divergences(
                                    List.of(decomposer.test().base()),
                                    chat.model().unembedding())
                            .getFirst()
                            .foreign())
                    .sum();
            closed.accept(
                    1 - Arrays.stream(trial.logPool(said())).sum() / base,
                    1 - Arrays.stream(trial.linearPool(said())).sum() / base);
        }
    }

    private List<HardPrompt> said() {
        return SAID.stream().map(text -> HardPrompt.of(text, chat.tokenizer())).toList();
    }

    private SplitContexts contexts(Probe.Split split) {
        SplittableRandom random = new SplittableRandom(split.name().hashCode());
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] user = random.ints(4, 40, 200).toArray();
            int[] answer = random.ints(4, 40, 200).toArray();
            contexts.add(new Context(i, chat.slot().tail(user, answer), 4));
        }
        return new SplitContexts(contexts, List.of());
    }
}
