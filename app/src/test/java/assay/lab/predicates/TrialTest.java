package assay.lab.predicates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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

    @Test
    void contextsOfOneUserTurnAreSummed() {
        List<Context> contexts = List.of(context(4), context(4), context(9));
        assertThat(Trial.perUser(new double[] {1, 2, 5}, contexts)).containsExactly(3, 5);
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
            assertThat(found.effort())
                    .isEqualTo(new PredicateEvidence.Effort(
                            Math.toIntExact(decomposer.fit().base().size(0)),
                            6,
                            decomposer.test().foreignPlaces(),
                            Math.toIntExact(decomposer.test().base().size(0))
                                    - decomposer.test().foreignPlaces(),
                            5,
                            4,
                            2));
            curveAgrees(found, own);
            poolsAndOracleAgree(found);
            double category = found.divergence().category() / found.divergence().base();
            assertThat(found.divergence().categoryClosed().value()).isCloseTo(1 - category, within(1e-9));
            // Deltas of a mixture of three prompts need not be of three directions, but of no more than the width.
            assertThat(found.rank().logits().effective()).isBetween(1.0, 24.0);
            assertThat(found.rank().width()).isEqualTo(24);
        }
    }

    private static void curveAgrees(PredicateEvidence.OnContexts found, int own) {
        assertThat(found.curve()).extracting(PredicateEvidence.Step::k).containsExactly(1, 2, 3);
        PredicateEvidence.Step last = found.curve().getLast();
        assertThat(last.closed().value()).isGreaterThan(0.99);
        for (PredicateEvidence.Step step : found.curve()) {
            assertThat(step.excess().value())
                    .isCloseTo(step.closed().value() - step.random().value(), within(1e-9));
            assertThat(Double.isNaN(step.own().value())).isEqualTo(own == 0);
        }
        assertThat(own == 0 || last.own().value() > 0.99).isTrue();
        assertThat(Double.isNaN(found.divergence().own())).isEqualTo(own == 0);
        assertThat(found.mixture())
                .extracting(PredicateEvidence.Weighted::prompt)
                .containsExactly("Talk about rain.", "Say no.", "Be sad.");
        assertThat(found.mixture().getFirst().weight()).isCloseTo(-0.8, within(0.02));
    }

    private static void poolsAndOracleAgree(PredicateEvidence.OnContexts found) {
        PredicateEvidence.Pools pools = found.pools();
        assertThat(pools.said()).isEqualTo(SAID.size());
        assertThat(pools.linearGain().value())
                .isCloseTo(pools.linear().value() - pools.log().value(), within(1e-9));
        assertThat(pools.baseWeight()).isBetween(0.0, 1.0);
        assertThat(pools.chosenLinear().value()).isLessThan(0.99);
        assertThat(pools.together().value()).isGreaterThan(0.98);
        PredicateEvidence.Oracle oracle = found.oracle();
        assertThat(oracle.k()).isEqualTo(3);
        assertThat(oracle.fixed()).isEqualTo(found.curve().getLast().closed());
        assertThat(oracle.gain().value())
                .isCloseTo(oracle.free().value() - oracle.fixed().value(), within(1e-9));
        assertThat(oracle.randomFixed().value())
                .isCloseTo(found.curve().getLast().random().value(), within(1e-9));
        assertThat(oracle.randomFree().value())
                .isGreaterThan(oracle.randomFixed().value() - 0.05);
    }

    private static Context context(int turn) {
        return new Context(turn, new int[] {1}, 1);
    }

    private void measured(Behaviour target, BiConsumer<Double, Double> closed) {
        try (TensorScope _ = TensorScope.withoutGradients();
                Decomposer decomposer = new Decomposer(
                        new Runner(chat), target, this::contexts, Decomposer.Options.defaults(0), new Silent())) {
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
                    1 - Arrays.stream(trial.linearPool(said()).left()).sum() / base);
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

    private record Silent() implements Decomposer.Listener {
        @Override
        public void ran(Probe.Split split) {}

        @Override
        public void added(int k, HardPrompt prompt, double weight) {}

        @Override
        public void measuring(int prompts) {}
    }
}
