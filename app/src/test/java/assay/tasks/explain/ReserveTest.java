package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.base.run.InterruptedRunException;
import assay.base.run.Interruption;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.measure.behaviour.HardPrompt;
import assay.measure.judge.Explanation;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An explanation by an atlas with a reserve, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReserveTest {
    private static final Path MODEL = Path.of("src", "test", "resources", "golden", "tiny/models/tied");
    private static final Explain.Options DICTIONARY_ALONE =
            new Explain.Options(3, 14, 6, 2, TargetSearch.Budget.NONE, 0);
    private static final String TRUTH = "Sing a song of the sea.";
    private static final List<String> RESERVE =
            List.of("You are a tall tree.", TRUTH, "Speak of money.", "You hate the cold.", "Answer with a poem.");

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @BeforeAll
    void open(@TempDir Path place) {
        folder = place;
        Path home = folder.resolve("home");
        Session opened = Session.open(MODEL.toString(), Precision.FLOAT32, home, Job.silent());
        session = new Session(
                opened.scope(),
                opened.chat(),
                new AtlasShelf(home.resolve("atlas"), home.resolve("built"), "tied"),
                opened.job());
        Atlas plain = TinyAtlas.of(session.chat());
        List<Atlas.Entry> reserve = RESERVE.stream()
                .map(text -> new Atlas.Entry(text, "grammar:sea"))
                .toList();
        AtlasShelf.write(
                new Atlas(plain.header(), plain.probe(), plain.map(), plain.entries(), plain.sketches(), reserve),
                home.resolve("atlas/tied.atlas"));
    }

    @AfterAll
    void close() {
        session.close();
    }

    @Test
    void aPromptOfTheReserveIsFoundToBeWhatATargetWasMadeOf() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Job job = new Job(
                Progress.to(new PrintStream(told, true, StandardCharsets.UTF_8)),
                Interruption.manual(),
                System.nanoTime());
        Explanation explanation =
                new Explain(session.chat(), session.atlas().atlas(), job).run(planted(), DICTIONARY_ALONE);
        Explanation.Atom first = explanation.mixture().getFirst();
        assertThat(first.prompt()).isEqualTo(TRUTH);
        assertThat(first.weight()).isCloseTo(1, within(0.05));
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("the best of 5 more prompts of the dictionary, read and predicted, are run")
                .contains(TRUTH + "  (grammar:sea)");
    }

    @Test
    void whereverItIsStoppedItGoesOnToTheSameDocument() {
        String unbroken = document(session, folder.resolve("unbroken"));
        Path out = folder.resolve("stopped");
        int stops = 0;
        for (int safePoints = 1; safePoints < 400; safePoints += 9) {
            AtomicInteger left = new AtomicInteger(safePoints);
            Interruption stop = Interruption.manual(() -> {
                if (left.getAndDecrement() == 0) {
                    throw new InterruptedRunException("stopped");
                }
            });
            Session stopping = session.doing(new Job(Progress.silent(), stop, System.nanoTime()));
            try {
                assertThat(document(stopping, out)).isEqualTo(unbroken);
                break;
            } catch (InterruptedRunException stopped) {
                stops++;
            }
        }
        assertThat(stops).isGreaterThan(3);
        Session stopped = session.doing(new Job(Progress.silent(), Interruption.manual(), System.nanoTime()));
        stopped.job().interruption().request();
        assertThatThrownBy(() -> document(stopped, folder.resolve("at-once")))
                .isInstanceOf(InterruptedRunException.class);
    }

    /// No prompt of a user's, whose near copies would be left out.
    private Target planted() {
        HardPrompt truth = HardPrompt.of(TRUTH, session.chat().tokenizer());
        return new Target(Explanation.Kind.SOFT, "planted", "", truth, "0".repeat(64));
    }

    private String document(Session within, Path out) {
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            Explained explained =
                    new Explaining(within, session.atlas()).explain(planted(), List.of(), DICTIONARY_ALONE, 0, into);
            ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(explained.json());
            json.remove(List.of("seconds", "provenance"));
            return json.toString();
        }
    }
}
