package assay.tasks.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.TestFiles;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Explanation;
import assay.show.page.Style;
import assay.tasks.explain.Explain;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A census of a shelf on a tiny random model: adapters of several kinds, a copy, one without
/// effect, two that are broken.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CensusRunTest {
    private static final Path ADAPTERS = TestFiles.path("golden/tiny/adapters");
    private static final Explain.Options SMALL =
            new Explain.Options(3, 6, 6, 2, new TargetSearch.Budget(Double.POSITIVE_INFINITY, 6), 0);

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path shelf;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    private int folders;

    @BeforeAll
    void open(@TempDir Path place) throws IOException {
        folder = place;
        Path home = folder.resolve("home");
        session = Session.open(
                TestFiles.path("golden/tiny/models/tied").toString(), Precision.FLOAT32, home, Job.silent());
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas/tied.atlas"));
        shelf = folder.resolve("shelf");
        copy("plain", "a-plain");
        copy("patterns", "b-all");
        copy("plain", "c-plain-again");
        copy("no-effect", "d-nothing");
        copy("plain", "e-torn");
        Path weights = shelf.resolve("e-torn/adapter_model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 100));
        copy("plain", "f-not-json");
        Files.writeString(shelf.resolve("f-not-json/adapter_config.json"), "no");
        copy("excluded", "g/checkpoint-5");
    }

    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
    }

    private void copy(String adapter, String name) throws IOException {
        copyFiles(ADAPTERS.resolve(adapter), shelf.resolve(name));
    }

    @AfterAll
    void close() {
        session.close();
    }

    @Test
    void everyAdapterHasItsRowAndABrokenOneItsError() throws IOException {
        Census census = census(session, AdapterList.read(shelf), SMALL, folder("whole"));
        assertThat(census.rows())
                .extracting(row -> Path.of(row.adapter()).getFileName() + " " + row.kind())
                .containsExactly(
                        "a-plain EXPLAINED",
                        "b-all EXPLAINED",
                        "c-plain-again EXPLAINED",
                        "d-nothing NO_EFFECT",
                        "e-torn BROKEN",
                        "f-not-json BROKEN",
                        "checkpoint-5 EXPLAINED");
        assertThat(census.rows().get(3).error()).contains("expected one that changes the model");
        assertThat(census.rows().get(4).error()).contains("e-torn").doesNotContain("defect");
        assertThat(census.rows().get(5).error()).contains("f-not-json").doesNotContain("defect");
        CensusRow plain = census.rows().getFirst();
        CensusRow again = census.rows().get(2);
        assertThat(again.identity()).isEqualTo(plain.identity());
        assertThat(again.found()).isEqualTo(plain.found());
        assertThat(again.seconds()).isZero();
        assertThat(census.duplicates()).containsOnlyKeys(plain);
    }

    @Test
    void aRowHasTheFiguresOfAnExplanationWhateverWasCountedBefore() {
        List<String> adapters = List.of(
                shelf.resolve("b-all").toString(), shelf.resolve("a-plain").toString());
        Census census = census(session, adapters, SMALL, folder("figures"));
        for (CensusRow row : census.rows()) {
            Explanation explanation = new Explain(
                            session.chat(), session.atlas().atlas(), session.job())
                    .run(session.adapter(row.adapter()), SMALL);
            Explanation.Step step = explanation.curve().at(explanation.curve().chosen());
            Counted.Found found = row.found().orElseThrow();
            assertThat(found.kl()).isEqualTo(explanation.divergence().foreign());
            assertThat(found.closed()).isEqualTo(step.closed());
            assertThat(found.random()).isEqualTo(step.random());
            assertThat(found.excess()).isEqualTo(step.excess());
            assertThat(found.prompts())
                    .isEqualTo(explanation.mixture().stream()
                            .map(atom -> new WeightedPrompt(atom.prompt(), atom.weight()))
                            .toList());
            assertThat(found.words())
                    .isEqualTo(explanation.illustration().words().target());
        }
    }

    @Test
    void aStoppedCensusGoesOnToTheSameRowsAndKeepsTheBytesOfThoseItHad() throws IOException {
        List<String> adapters = AdapterList.read(shelf);
        Path unbroken = folder("unbroken");
        census(session, adapters, SMALL, unbroken);
        Path stopped = folder("stopped");
        Job job = Job.silent();
        Session stopping = session.doing(job);
        try (CensusWorker worker = new CensusWorker(stopping, session.atlas().atlas())) {
            Crew once = new Crew() {
                @Override
                public void look(List<String> all, ObjIntConsumer<Look> done) {
                    Crew.alone(worker).look(all, done);
                }

                @Override
                public void count(List<String> all, Explain.Options options, ObjIntConsumer<Counted> done) {
                    Crew.alone(worker).count(all, options, (counted, i) -> {
                        done.accept(counted, i);
                        job.interruption().request();
                    });
                }
            };
            assertThatThrownBy(() -> run(stopping, once, adapters, SMALL, stopped))
                    .isInstanceOf(InterruptedRunException.class);
        }
        assertThat(stopped.resolve("census.jsonl")).doesNotExist();
        Map<String, String> kept = kept(stopped);
        assertThat(kept).hasSize(2);
        census(session, adapters, SMALL, stopped);
        assertThat(kept(stopped)).containsAllEntriesOf(kept);
        assertThat(timeless(stopped)).isEqualTo(timeless(unbroken));
    }

    @Test
    void aShelfThatHasGrownIsGoneOnWithAndOtherOptionsAreRefused() {
        Path out = folder("grown");
        String plain = shelf.resolve("a-plain").toString();
        Census first = census(session, List.of(plain), SMALL, out);
        Census second = census(session, List.of(shelf.resolve("b-all").toString(), plain), SMALL, out);
        assertThat(second.rows().get(1))
                .usingRecursiveComparison()
                .isEqualTo(first.rows().getFirst());
        assertThatThrownBy(() -> census(session, List.of(plain), Explain.Options.defaults(2, 0), out))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("what this folder was begun with")
                .hasMessageContaining("Name another --out");
    }

    @Test
    void everyFormTellsOfAllRows() throws Exception {
        Path out = folder("forms");
        Census census = census(session, AdapterList.read(shelf), SMALL, out);
        assertThat(census.text(new Style(100, false)))
                .contains("7 adapters on tied: 4 explained, 1 duplicate, 1 without effect, 2 broken.")
                .contains("Without effect", "Broken", "f-not-json");
        List<JsonNode> lines = new ArrayList<>();
        Files.readAllLines(out.resolve("census.jsonl"))
                .forEach(line -> lines.add(JsonMapper.shared().readTree(line)));
        assertThat(lines).hasSize(7);
        assertThat(lines.getFirst().propertyNames())
                .containsExactly(
                        "adapter",
                        "identity",
                        "kind",
                        "kl",
                        "closed",
                        "ci",
                        "null",
                        "null_ci",
                        "excess",
                        "excess_ci",
                        "prompts",
                        "words",
                        "seconds",
                        "error");
        assertThat(lines.getFirst().path("kl").asDouble()).isPositive();
        assertThat(lines.get(4).path("kl").isNull()).isTrue();
        assertThat(lines.get(4).path("error").asString()).isNotBlank();
        assertThat(census.json()).contains("\"command\" : \"census\"", "\"rows\" : [");
        String page = Files.readString(out.resolve("census.html"));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(page)))
                        .getElementsByTagName("circle")
                        .getLength())
                .isEqualTo(3);
        assertThat(page)
                .contains("script-src 'sha256-".replace("'", "&#39;"), "<script>", "The same change of the weights")
                .contains("They do what the base does", "Those that could not be read or run");
    }

    @Test
    void manyAdaptersLeaveNoNativeMemoryBehind() {
        String plain = shelf.resolve("a-plain").toString();
        try (CensusWorker worker = new CensusWorker(session, session.atlas().atlas())) {
            worker.count(plain, SMALL);
            long pointers = Pointer.totalCount();
            for (int i = 0; i < 6; i++) {
                assertThat(worker.look(plain).isFine()).isTrue();
                assertThat(worker.count(plain, SMALL).found()).isPresent();
            }
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
        }
    }

    private Census census(Session with, List<String> adapters, Explain.Options options, Path out) {
        try (CensusWorker worker = new CensusWorker(with, with.atlas().atlas())) {
            return run(with, Crew.alone(worker), adapters, options, out);
        }
    }

    private static Census run(Session with, Crew crew, List<String> adapters, Explain.Options options, Path out) {
        try (RunFolder into = CensusRun.folder(Optional.of(out))) {
            Census census = new CensusRun(with, with.atlas(), options, crew).run(adapters, into);
            census.write(into, "census");
            return census;
        }
    }

    private Path folder(String name) {
        folders++;
        return folder.resolve(name + "-" + folders);
    }

    /// Kept rows by their names.
    private static Map<String, String> kept(Path out) throws IOException {
        Map<String, String> kept = new TreeMap<>();
        try (Stream<Path> files = Files.list(out.resolve("rows"))) {
            for (Path file : files.toList()) {
                kept.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        return kept;
    }

    private static List<String> timeless(Path out) throws IOException {
        return Files.readAllLines(out.resolve("census.jsonl")).stream()
                .map(line -> {
                    ObjectNode row = (ObjectNode) JsonMapper.shared().readTree(line);
                    row.remove("seconds");
                    return row.toString();
                })
                .toList();
    }
}
