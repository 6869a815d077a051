package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Explanation;
import assay.tasks.session.Target;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of the whole pipeline, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainTest {
    private static final Explain.Options SMALL = new Explain.Options(3, 6, 6, 2, TargetSearch.Budget.NONE, 0);

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private Atlas atlas;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
        atlas = TinyAtlas.of(chat);
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aPlantedMixtureIsRecovered() {
        Explanation explanation = explain(planted(), new Explain.Options(2, 12, 6, 2, TargetSearch.Budget.NONE, 0));
        assertThat(explanation.mixture())
                .extracting(Explanation.Atom::prompt)
                .containsExactly("You are a cook.", "Talk about rain.");
        assertThat(explanation.mixture().get(0).weight()).isCloseTo(0.7, within(0.03));
        assertThat(explanation.mixture().get(1).weight()).isCloseTo(0.5, within(0.03));
        assertThat(explanation.curve().at(2).closed().value()).isGreaterThan(0.995);
    }

    @Test
    void theSameSeedGivesTheSameExplanation() {
        assertThat(explain(planted(), SMALL)).isEqualTo(explain(planted(), SMALL));
    }

    @Test
    void aSearchGoesBeyondTheDictionaryAndFindsTheSameAgain() {
        Explain.Options searching = SMALL.within(new TargetSearch.Budget(600, 6));
        Explanation explanation = explain(planted(), searching);
        assertThat(explanation.effort().atlasPrompts())
                .isGreaterThan(atlas.entries().size());
        assertThat(explain(planted(), searching)).isEqualTo(explanation);
    }

    @Test
    void nullsStandBesideEveryStep() {
        Explanation explanation = explain(planted(), SMALL);
        assertThat(explanation.curve().steps()).hasSize(3);
        for (Explanation.Step step : explanation.curve().steps()) {
            assertThat(step.random().low()).isLessThanOrEqualTo(step.random().value());
            assertThat(step.excess().value())
                    .isCloseTo(step.closed().value() - step.random().value(), within(1e-9));
        }
        assertThat(Control.closed(explanation.controls(), ControlKind.DENSE).value())
                .isGreaterThan(0);
        assertThat(explanation.effort().splits()).hasSize(6);
    }

    @Test
    void aHardPromptIsNotExplainedByItself() {
        HardPrompt prompt = HardPrompt.of("You are a cook.", chat.tokenizer());
        Target target = new Target(Explanation.Kind.PROMPT, prompt.text(), "a prompt", prompt, "0");
        Explanation explanation = explain(target, SMALL);
        assertThat(explanation.mixture()).extracting(Explanation.Atom::prompt).doesNotContain("You are a cook.");
        assertThat(explanation.effort().atlasPrompts())
                .isEqualTo(atlas.entries().size() - 1);
    }

    @Test
    void anInterruptedExplanationStopsAtTheNextPrompt() {
        Job job = Job.silent();
        job.interruption().request();
        assertThatThrownBy(() -> new Explain(chat, atlas, job).run(planted(), SMALL))
                .isInstanceOf(InterruptedRunException.class);
        job.close();
    }

    @Test
    void twoHundredExplanationsLeaveNoNativeMemoryBehind() {
        explain(planted(), SMALL);
        long pointers = Pointer.totalCount();
        long bytes = 0;
        for (int i = 0; i < 200; i++) {
            explain(planted(), SMALL);
            if (i == 20) {
                bytes = Pointer.physicalBytes();
            }
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
        assertThat(Pointer.physicalBytes() - bytes).isLessThan(256L << 20);
    }

    private Explanation explain(Target target, Explain.Options options) {
        try (Job job = Job.silent()) {
            return new Explain(chat, atlas, job).run(target, options);
        }
    }

    private Target planted() {
        Mixture mixture = new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(HardPrompt.of("You are a cook.", chat.tokenizer()), 0.7),
                        new Mixture.Weighted(HardPrompt.of("Talk about rain.", chat.tokenizer()), 0.5)));
        return new Target(Explanation.Kind.MIXTURE, "planted", "a mixture", mixture, "0");
    }
}
