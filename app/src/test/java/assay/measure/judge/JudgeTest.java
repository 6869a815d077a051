package assay.measure.judge;

import static assay.measure.judge.TinyTarget.OTHERS;
import static assay.measure.judge.TinyTarget.PLANTED;
import static assay.measure.judge.TinyTarget.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Interval;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitContexts;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Lists and their controls on planted truths of a tiny random model: what algebra says they must close.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeTest {
    @SuppressWarnings("NullAway.Init")
    private TinyTarget tiny;

    @BeforeAll
    void open() {
        tiny = TinyTarget.open();
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void aPlantedMixtureIsClosedByItsPromptsAndByNothingElse() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Judge.Fitted fitted = judge.refitted(tiny.prompts(PLANTED));
            assertThat(fitted.weights()[0]).isCloseTo(0.7, within(0.01));
            assertThat(fitted.weights()[1]).isCloseTo(0.5, within(0.01));
            assertThat(judge.closed(fitted.left()).value()).isGreaterThan(0.999);
            assertThat(judge.closed(judge.refitted(tiny.prompts(OTHERS)).left()).value())
                    .isLessThan(0.95);
        });
    }

    @Test
    void theBaseClosesNothingAndTheTargetEverything() {
        tiny.judged(tiny.prompts(PLANTED).getFirst(), (decomposer, judge) -> {
            assertThat(judge.closed(decomposer.left(List.of(), new double[0]))).isEqualTo(new Interval(0, 0, 0));
            double[] itself = judge.unscaled(tiny.prompts(PLANTED).getFirst());
            assertThat(judge.closed(itself).value()).isCloseTo(1, within(1e-6));
            assertThat(judge.perToken(itself)).isCloseTo(0, within(1e-6));
            assertThat(judge.perToken(decomposer.left(List.of(), new double[0])))
                    .isEqualTo(judge.divergence().foreign());
        });
    }

    @Test
    void divergenceIsTheMeanOverPlacesAndOwnContextsAreApart() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            double[] places = decomposer.perTestPlace(List.of(), new double[0]);
            int border = decomposer.test().foreignPlaces();
            assertThat(judge.divergence().foreign())
                    .isCloseTo(Arrays.stream(places).limit(border).average().orElseThrow(), within(1e-9));
            assertThat(judge.divergence().own())
                    .isCloseTo(Arrays.stream(places).skip(border).average().orElseThrow(), within(1e-9));
        });
    }

    @Test
    void theNullOfAPoolThatHoldsTheTruthClosesAllOfItAndTheExcessIsNothing() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Explanation.Curve curve =
                    judge.curve(decomposer.decompose(tiny.prompts(PLANTED), 2), tiny.prompts(PLANTED), 3);
            assertThat(curve.at(2).closed().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).random().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).excess().value()).isCloseTo(0, within(1e-3));
            assertThat(curve.at(2).own().value()).isGreaterThan(0.999);
            assertThat(curve.at(2).search()).isBetween(0.999, 1.001);
            assertThat(curve.at(2).absoluteWeights()).isCloseTo(1.2, within(0.02));
        });
    }

    @Test
    void excessIsClosedMinusTheMeanOfTheDraws() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            double[] left = judge.refitted(tiny.prompts(PLANTED)).left();
            List<double[]> draws =
                    judge.random(tiny.prompts(OTHERS), List.of(2), 4).getFirst();
            double mean = draws.stream()
                    .mapToDouble(draw -> judge.closed(draw).value())
                    .average()
                    .orElseThrow();
            assertThat(judge.mean(draws).value()).isCloseTo(mean, within(1e-12));
            assertThat(judge.excess(left, draws).value())
                    .isCloseTo(judge.closed(left).value() - mean, within(1e-12));
            assertThat(judge.excess(left, List.of(left))).isEqualTo(new Interval(0, 0, 0));
        });
    }

    @Test
    void ceilingsReachAKnownOptimumOfThreePrompts() {
        Mixture target = new Mixture(
                "three",
                List.of(
                        new Mixture.Weighted(tiny.prompts(PLANTED).get(0), 0.6),
                        new Mixture.Weighted(tiny.prompts(PLANTED).get(1), -0.4),
                        new Mixture.Weighted(tiny.prompts(OTHERS).get(0), 0.5)));
        List<HardPrompt> three = List.of(
                tiny.prompts(PLANTED).get(0),
                tiny.prompts(PLANTED).get(1),
                tiny.prompts(OTHERS).get(0));
        tiny.judged(target, (decomposer, judge) -> {
            assertThat(judge.closed(judge.dense(three)).value()).isGreaterThan(0.99);
            double[] byRank = new double[4];
            for (int rank = 1; rank <= 3; rank++) {
                byRank[rank] = judge.closed(judge.directions(three, rank)).value();
            }
            assertThat(byRank[3]).isGreaterThan(0.99);
            assertThat(byRank[1]).isLessThan(byRank[3]);
            assertThat(judge.closed(judge.directions(three, 9)).value()).isEqualTo(byRank[3]);
            assertThat(judge.condition(three)).isGreaterThan(1);
            assertThat(judge.condition(three.subList(0, 1))).isEqualTo(1);
        });
    }

    @Test
    void aConstantOffsetClosesPartOfAMixtureAndNeverAllOfIt() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            for (int directions : new int[] {1, 2, 20}) {
                assertThat(judge.closed(judge.constant(directions)).value()).isBetween(0.01, 0.99);
            }
        });
    }

    @Test
    void controlsAreMeasuredInOneListAndHaveTheirSizes() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Decomposition decomposition = decomposer.decompose(tiny.prompts(PLANTED), 2);
            List<HardPrompt> all = Judge.union(List.of(tiny.prompts(PLANTED), tiny.prompts(OTHERS)));
            List<Control> controls = judge.controls(decomposition, all);
            assertThat(controls)
                    .extracting(Control::kind)
                    .containsExactly(
                            ControlKind.SINGLE, ControlKind.CONSTANT, ControlKind.DENSE, ControlKind.DIRECTIONS);
            assertThat(controls).extracting(Control::k).containsExactly(1, 2, 7, 2);
            assertThat(Control.closed(controls, ControlKind.SINGLE))
                    .isEqualTo(judge.closed(decomposition.at(1).test().foreign()));
            assertThat(Control.closed(controls, ControlKind.DENSE).value()).isGreaterThan(0.95);
        });
    }

    @Test
    void listsChosenOneByOneFindWhatWasPlantedInEitherHalf() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            List<HardPrompt> all = Judge.union(List.of(tiny.prompts(OTHERS), tiny.prompts(PLANTED)));
            assertThat(texts(judge.greedy(all, 2).atoms())).containsExactlyInAnyOrderElementsOf(PLANTED);
            assertThat(judge.chosen(all, 2))
                    .extracting(one -> one.prompt().text())
                    .containsExactlyInAnyOrderElementsOf(PLANTED);
            for (List<Mixture.Weighted> half : judge.halves(all, 2)) {
                assertThat(half).extracting(one -> one.prompt().text()).containsExactlyInAnyOrderElementsOf(PLANTED);
            }
        });
    }

    @Test
    void longListsBeginWithTheShortOneAndEndWithThePool() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            List<HardPrompt> all = Judge.union(List.of(tiny.prompts(OTHERS), tiny.prompts(PLANTED)));
            Decomposition.Step brief = decomposer.decompose(all, 2).at(2);
            List<Judge.Fitted> lists = judge.longLists(brief, all, List.of(3, 7, 50));
            assertThat(lists).extracting(list -> list.atoms().size()).containsExactly(3, 7, 7);
            for (Judge.Fitted list : lists) {
                assertThat(texts(list.atoms()).subList(0, 2)).isEqualTo(texts(brief.atoms()));
                assertThat(judge.closed(list.left()).value()).isGreaterThan(0.95);
            }
            List<Judge.Fitted> random = judge.longRandom(all, List.of(2, 7));
            assertThat(texts(random.getFirst().atoms())).isEqualTo(OTHERS.subList(0, 2));
            assertThat(random.getLast().atoms()).hasSize(7);
            assertThat(judge.longLists(brief, all, List.of())).isEmpty();
            assertThat(judge.longRandom(all, List.of())).isEmpty();
        });
    }

    @Test
    void longRandomListsAreTheFirstOfTheirPoolAndLeaveLessTheLongerTheyAre() {
        List<HardPrompt> pool = tiny.prompts(OTHERS);
        tiny.judged(tiny.planted(0.7, 0.5), (_, judge) -> {
            List<Judge.Fitted> lists = judge.longRandom(pool, List.of(2, 4, 50));
            assertThat(lists).extracting(list -> list.atoms().size()).containsExactly(2, 4, pool.size());
            for (Judge.Fitted list : lists) {
                assertThat(list.atoms()).isEqualTo(pool.subList(0, list.atoms().size()));
            }
            assertThat(judge.perToken(lists.getLast().left()))
                    .isLessThan(judge.perToken(lists.getFirst().left()) + 0.01);
            assertThat(judge.longRandom(pool, List.of())).isEmpty();
        });
    }

    @Test
    void weightsOfOnePromptAreDeterminedAndThoseOfTwinsAreNot() {
        List<HardPrompt> planted = tiny.prompts(PLANTED);
        tiny.judged(tiny.planted(0.7, 0.5), (_, judge) -> {
            assertThat(judge.condition(planted.subList(0, 1))).isCloseTo(1, within(1e-9));
            double different = judge.condition(planted);
            assertThat(different).isGreaterThan(1);
            double twins = judge.condition(List.of(planted.get(0), planted.get(1), planted.get(0)));
            assertThat(twins).isGreaterThan(1e4 * different);
        });
    }

    @Test
    void randomListsLongerThanThePoolAreThePool() {
        List<HardPrompt> pool = tiny.prompts(OTHERS);
        tiny.judged(tiny.planted(0.7, 0.5), (_, judge) -> {
            List<List<double[]>> random = judge.random(pool, List.of(1, pool.size(), 50), 2);
            assertThat(random).hasSize(3);
            assertThat(judge.mean(random.get(2))).isEqualTo(judge.mean(random.get(1)));
            assertThat(judge.mean(random.get(0)).value())
                    .isLessThan(judge.mean(random.get(1)).value());
        });
    }

    @Test
    void contextsOfOneUserTurnAreSummed() {
        List<Context> contexts = List.of(context(4), context(4), context(9));
        assertThat(Judge.byTurn(new double[] {1, 2, 5}, contexts)).containsExactly(3, 5);
        assertThat(Judge.byTurn(new double[] {0.1, 0.2}, contexts.subList(1, 3)))
                .containsExactly(0.1, 0.2);
    }

    @Test
    void aUnionKeepsEveryPromptOnceInItsFirstPlace() {
        List<HardPrompt> all = Judge.union(List.of(tiny.prompts(List.of("b", "a")), tiny.prompts(List.of("c", "b"))));
        assertThat(texts(all)).containsExactly("b", "a", "c");
    }

    private static Context context(int turn) {
        return new Context(turn, new int[] {1}, 1);
    }

    @Test
    void withoutOwnContextsNothingIsSaidOfThem() {
        tiny.judged(
                tiny.planted(0.7, 0.5), split -> new SplitContexts(tiny.contexts(split, 1), List.of()), (d, judge) -> {
                    assertThat(judge.own(d.decompose(tiny.prompts(PLANTED), 1).at(1)))
                            .isEqualTo(Interval.NONE);
                    assertThat(judge.divergence().own()).isZero();
                    assertThat(judge.turns()).isEqualTo(TinyTarget.TURNS);
                });
    }

    @Test
    void contextsOfOneTurnCountAsOneAndLeaveTheEstimateAsItIs() {
        double[] apart = new double[3];
        double[] together = new double[3];
        tiny.judged(tiny.planted(0.7, 0.5), split -> tiny.split(split, 1), (_, judge) -> fill(apart, judge));
        tiny.judged(tiny.planted(0.7, 0.5), split -> tiny.split(split, 3), (_, judge) -> fill(together, judge));
        assertThat(together[0]).isCloseTo(apart[0], within(1e-12));
        assertThat(together[1]).isCloseTo(apart[1], within(1e-12));
        assertThat(apart[2]).isEqualTo(TinyTarget.TURNS);
        assertThat(together[2]).isEqualTo(TinyTarget.TURNS / 3.0);
    }

    /// Closed by one prompt as it is, nats per token, user turns.
    private void fill(double[] into, Judge judge) {
        double[] left = judge.unscaled(tiny.prompts(PLANTED).getFirst());
        into[0] = judge.closed(left).value();
        into[1] = judge.divergence().foreign();
        into[2] = judge.turns();
    }

    @Test
    void theSameSeedMeasuresTheSame() {
        Explanation.Curve[] curves = new Explanation.Curve[3];
        for (int i = 0; i < curves.length; i++) {
            int run = i;
            tiny.judged(tiny.planted(0.7, 0.5), (decomposer, _) -> {
                Judge judge = new Judge(decomposer, run == 2 ? 1 : 0);
                curves[run] = judge.curve(decomposer.decompose(tiny.prompts(PLANTED), 2), tiny.prompts(OTHERS), 3);
            });
        }
        assertThat(curves[1]).isEqualTo(curves[0]);
        assertThat(curves[2]).isNotEqualTo(curves[0]);
        assertThat(curves[2].at(2).closed().value())
                .isEqualTo(curves[0].at(2).closed().value());
    }

    @Test
    void aShuffledTargetIsNoLongerWhatItsPromptsSay() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Judge shuffled = new Judge(decomposer.shuffled(1, Decomposer.Listener.NONE), 0);
            double[] left = shuffled.refitted(tiny.prompts(PLANTED)).left();
            assertThat(shuffled.closed(left).value())
                    .isLessThan(
                            judge.closed(judge.refitted(tiny.prompts(PLANTED)).left())
                                            .value()
                                    - 0.05);
        });
    }

    @Test
    void aControlOfThisTargetIsNoneOfAnother() {
        tiny.judged(tiny.planted(0.7, 0.5), (decomposer, judge) -> {
            Decomposer second = decomposer.towards(tiny.prompts(OTHERS).getFirst(), Decomposer.Listener.NONE);
            Judge other = new Judge(second, 0);
            double wrong =
                    other.closed(other.refitted(tiny.prompts(PLANTED)).left()).value();
            double right = other.closed(
                            other.refitted(tiny.prompts(OTHERS.subList(0, 1))).left())
                    .value();
            assertThat(right).isGreaterThan(0.999);
            assertThat(wrong).isLessThan(right - 0.05);
        });
    }
}
