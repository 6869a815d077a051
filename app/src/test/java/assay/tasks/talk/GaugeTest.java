package assay.tasks.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.KlFit;
import assay.base.tensor.TensorScope;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Figures of a list that is changed by hand are those an explanation would give it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GaugeTest {
    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private WorkQueue queue;

    @SuppressWarnings("NullAway.Init")
    private Path runs;

    @BeforeAll
    void open(@TempDir Path home) {
        session = TinyTalk.session(home);
        queue = new WorkQueue();
        runs = home;
    }

    @AfterAll
    void close() {
        queue.close();
        session.close();
    }

    @Test
    void figuresAndWeightsAreThoseOfAnExplanation() {
        try (Talk talk = Talk.open(session, queue, TinyTalk.run(runs))) {
            Figures figures = figures(talk);
            PromptList fitted = refit(talk);
            assertThat(talk.prompts()).isEqualTo(fitted);
            Figures after = figures(talk);
            assertThat(after.klMixture()).isLessThan(after.klBase());
            queue.run(() -> compare(talk, figures, fitted));
        }
    }

    private void compare(Talk talk, Figures figures, PromptList fitted) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Probe foreign = session.atlas().atlas().probe();
            Probe own = new ProbeMaker(talk.chat()).own(foreign, talk.target().behaviour(), 0);
            try (Decomposer decomposer = new Decomposer(
                    new Runner(talk.chat()),
                    talk.target().behaviour(),
                    foreign,
                    own,
                    Decomposer.Options.defaults(0),
                    Decomposer.Listener.NONE)) {
                SplitStates search = decomposer.search();
                List<HardPrompt> prompts = TinyTalk.PROMPTS.parts().stream()
                        .map(part -> HardPrompt.of(part.text(), talk.chat().tokenizer()))
                        .toList();
                double[] weights = TinyTalk.PROMPTS.parts().stream()
                        .mapToDouble(PromptList.Part::weight)
                        .toArray();
                List<SplitStates.TurnSums> sums = search.divergences(
                        List.of(search.base(), search.mixed(decomposer.searchDeltas(prompts), weights)),
                        decomposer.unembedding());
                double closed = 1 - sums.get(1).total() / sums.get(0).total();
                assertThat(figures.search()).isCloseTo(closed, within(1e-4));
                assertThat(figures.closed().low())
                        .isCloseTo(
                                Bootstrap.defaults(0)
                                        .closed(
                                                sums.get(1).foreign(),
                                                sums.get(0).foreign())
                                        .low(),
                                within(1e-4));
                double[] expected = KlFit.of(
                                decomposer.problem(prompts), new int[] {0, 1, 2}, weights, decomposer.ridge())
                        .weights();
                for (int i = 0; i < expected.length; i++) {
                    assertThat(fitted.parts().get(i).weight()).isCloseTo(expected[i], within(1e-4));
                }
            }
        }
    }

    @Test
    void nothingSwitchedOnClosesNothingAndCannotBeFitted() {
        try (Talk talk = Talk.open(session, queue, TinyTalk.run(runs))) {
            talk.prompts(TinyTalk.PROMPTS.switched(0, false).switched(1, false).switched(2, false));
            assertThat(figures(talk).closed().value()).isCloseTo(0, within(1e-9));
            assertThatThrownBy(() -> talk.refit(_ -> {}))
                    .hasMessageStartingWith("refit: expected prompts, found none switched on");
        }
    }

    @Test
    void answersGoBeforeFigures() {
        try (Talk _ = Talk.open(session, queue, TinyTalk.run(runs))) {
            AtomicInteger order = new AtomicInteger();
            int[] when = new int[2];
            List<WorkQueue.Ticket> tickets = new ArrayList<>();
            queue.run(() -> {
                tickets.add(queue.startLater(() -> {
                    when[0] = order.incrementAndGet();
                    return false;
                }));
                tickets.add(queue.start(() -> {
                    when[1] = order.incrementAndGet();
                    return false;
                }));
            });
            tickets.forEach(WorkQueue.Ticket::await);
            assertThat(when).containsExactly(2, 1);
        }
    }

    @Test
    void aSavedListIsOpenedAgain() throws Exception {
        Path folder = Files.createDirectories(runs.resolve("saved"));
        Files.writeString(folder.resolve("report.json"), """
                {"schema_version": 1, "command": "explain", "model": {"name": "tied", "sha256": ""},
                 "target": {"kind": "lora", "name": "plain"},
                 "mixture": [{"prompt": "Be sad.", "weight": 0.5}],
                 "provenance": {"hashes": {}, "libraries": {"dtype": "FLOAT32"}, "seeds": {"explain": 4},
                   "sources": {"model": "/models/tied", "target": "/adapters/plain"}}}
                """);
        RunFile run = RunFile.read(folder);
        assertThat(run.target()).isEqualTo(new Target.Named.Adapter("/adapters/plain"));
        assertThat(run.under()).isEqualTo(new RunFile.Under("/models/tied", Precision.FLOAT32, BasePrompt.usual()));
        assertThat(run.seed()).isEqualTo(4);
        assertThat(run.prompts()).isEqualTo(PromptList.NONE.with("Be sad.", 0.5));
        assertThat(RunFile.newest(runs)).contains(folder);
        RunFile here = new RunFile(folder, run.under(), TinyTalk.ADAPTER, Map.of(), run.prompts(), Optional.empty(), 0);
        try (Talk talk = Talk.open(session, queue, here)) {
            talk.prompts(talk.prompts().with("Rhyme.", -0.25).switched(0, false));
            Path first = talk.save(Optional.of(figures(talk)));
            Path second = talk.save(Optional.empty());
            assertThat(first).isEqualTo(folder.resolve("mixture-1.json"));
            assertThat(RunFile.read(first).prompts()).isEqualTo(talk.prompts());
            assertThat(RunFile.read(second).prompts()).isEqualTo(talk.prompts());
        }
    }

    @Test
    void anotherTargetThanWasExplainedIsRefused() {
        RunFile run = new RunFile(
                runs,
                TinyTalk.UNDER,
                TinyTalk.ADAPTER,
                Map.of("target", "0123456789abcdef"),
                TinyTalk.PROMPTS,
                Optional.empty(),
                0);
        assertThatThrownBy(() -> Talk.open(session, queue, run))
                .hasMessageStartingWith("run: expected the target that was explained (SHA-256 0123456789ab…), found")
                .hasMessageEndingWith("Name the one it was, or explain this one.");
    }

    @Test
    void aRunThatCannotBeOpenedIsRefusedInWords() throws Exception {
        assertThatThrownBy(() -> RunFile.read(runs.resolve("none")))
                .hasMessageStartingWith("run: expected a folder with report.json, found nothing");
        Path old = Files.createDirectories(runs.resolve("old"));
        Files.writeString(old.resolve("report.json"), """
                {"command": "explain", "target": {"kind": "lora", "name": "p"}, "mixture": []}
                """);
        assertThatThrownBy(() -> RunFile.read(old))
                .hasMessageContaining("expected to find where its target lies, found nothing of it")
                .hasMessageEndingWith("An older version wrote it: give --adapter as well.");
        Files.writeString(old.resolve("report.json"), "{\"command\": \"distil\"}");
        assertThatThrownBy(() -> RunFile.read(old)).hasMessageContaining("found the report of assay distil");
    }

    private Figures figures(Talk talk) {
        List<Figures> all = new ArrayList<>();
        talk.figures(all::add).await();
        return all.getFirst();
    }

    private PromptList refit(Talk talk) {
        List<PromptList> all = new ArrayList<>();
        talk.refit(all::add).await();
        return all.getFirst();
    }
}
