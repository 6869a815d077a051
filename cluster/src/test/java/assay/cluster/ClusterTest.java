package assay.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.BuildAtlas;
import assay.lab.trials.GivenPrompts;
import assay.lab.trials.Tournament;
import assay.lab.verdict.Judged;
import assay.lab.verdict.VerdictRun;
import assay.tasks.census.Census;
import assay.tasks.census.CensusRow;
import assay.tasks.census.CensusRun;
import assay.tasks.census.CensusWorker;
import assay.tasks.census.Counted;
import assay.tasks.census.Crew;
import assay.tasks.census.Look;
import assay.tasks.census.RowKind;
import assay.tasks.explain.Explain;
import assay.tasks.extend.ExtendAtlas;
import assay.tasks.extend.ExtendPlan;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The same figures on two workers as on one machine, whatever happens to them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private AtlasShelf.Shelved shelved;

    @SuppressWarnings("NullAway.Init")
    private List<String> adapters;

    @SuppressWarnings("NullAway.Init")
    private Census alone;

    @SuppressWarnings("NullAway.Init")
    private JavaSparkContext spark;

    @BeforeAll
    void open(@TempDir Path place) throws IOException {
        folder = place;
        session = ToyShelf.open(folder.resolve("home"));
        shelved = ToyShelf.dictionary(session, folder.resolve("home"));
        adapters = ToyShelf.adapters(folder.resolve("shelf"));
        try (CensusWorker worker = new CensusWorker(session, shelved.atlas())) {
            alone = census(Crew.alone(worker), "alone");
        }
        spark = ToyShelf.cluster();
    }

    @AfterAll
    void close() {
        spark.close();
        session.close();
    }

    @Test
    void aCensusOnTwoWorkersHasTheRowsOfOneMachine() {
        Census counted = census(new CensusCrew(pieces(), place(), sent()), "cluster");
        assertThat(timeless(counted)).usingRecursiveComparison().isEqualTo(timeless(alone));
        assertThat(counted.rows()).extracting(CensusRow::kind).contains(RowKind.BROKEN, RowKind.NO_EFFECT);
    }

    @Test
    void soDoesOneWhoseExecutorIsKilledInTheMiddle() {
        List<ProcessHandle> killed = new ArrayList<>();
        CensusCrew crew = new CensusCrew(pieces(), place(), sent());
        Crew killing = new Crew() {
            @Override
            public void look(List<String> all, ObjIntConsumer<Look> done) {
                crew.look(all, done);
            }

            @Override
            public void count(List<String> all, Explain.Options options, ObjIntConsumer<Counted> done) {
                crew.count(all, options, (counted, i) -> {
                    if (killed.isEmpty()) {
                        long executor = processes(pieces()).iterator().next();
                        killed.add(ProcessHandle.of(executor).orElseThrow());
                        killed.getFirst().destroyForcibly();
                    }
                    done.accept(counted, i);
                });
            }
        };
        assertThat(timeless(census(killing, "killed")))
                .usingRecursiveComparison()
                .isEqualTo(timeless(alone));
        assertThat(killed).doesNotContain(ProcessHandle.current());
        // Its memory is given back after the signal, which takes a while on a busy machine.
        assertThat(killed.getFirst().onExit()).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void anAtlasOnTwoWorkersIsTheAtlasOfOneMachineByteByByte() throws IOException {
        Path file = folder.resolve("cluster.atlas");
        new BuildAtlas(session.chat(), session.shelf(), session.job())
                .build(Optional.of(file), 60, 0, false, new AtlasCrew(pieces(), place()));
        assertThat(file).hasSameBinaryContentAs(shelved.file());
    }

    @Test
    void soIsOneThatIsExtended() throws IOException {
        Path lines = Files.write(
                folder.resolve("lines.txt"),
                IntStream.range(0, 40)
                        .mapToObj(i -> "Talk about number " + i + " and then stop.")
                        .toList());
        Path one = folder.resolve("extended-alone.atlas");
        new ExtendAtlas(session).extend(plan(lines, one));
        Path two = folder.resolve("extended-cluster.atlas");
        new ExtendAtlas(session)
                .extend(
                        plan(lines, two),
                        atlas -> new ScreenSeats(pieces(), place(), SentAtlas.of(atlas, spark)),
                        new AtlasCrew(pieces(), place()));
        assertThat(two).hasSameBinaryContentAs(one);
    }

    private ExtendPlan.Options plan(Path lines, Path out) {
        return new ExtendPlan.Options(
                new ExtendPlan.Supply.Lines(lines), 5, 0, Optional.of(shelved.file()), Optional.of(out));
    }

    @Test
    void aPieceThatFailsIsTriedAgainAndThenReportedAlone() {
        List<String> failed = new ArrayList<>();
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        List<Integer> numbers = IntStream.range(0, 6).boxed().toList();
        pieces().<Integer, Integer>run(
                        numbers,
                        number -> {
                            if (number == 3) {
                                // Takes the whole process with it, as a fault in native code would.
                                Runtime.getRuntime().halt(134);
                            }
                            return number * number;
                        },
                        (square, i) -> done.add(square),
                        (i, reason) -> failed.add(i + " " + reason));
        assertThat(done).containsExactlyInAnyOrder(0, 1, 4, 16, 25);
        assertThat(failed).singleElement().asString().startsWith("3 ").contains("failed 4 times");
    }

    @Test
    void anAtlasWithoutOneOfItsPiecesIsNone() {
        Place nowhere = new Place(folder.resolve("no model").toString(), "FLOAT32", "empty", folder.toString());
        AtlasCrew crew = new AtlasCrew(pieces(), nowhere);
        assertThatThrownBy(() -> new BuildAtlas(session.chat(), session.shelf(), session.job())
                        .build(Optional.of(folder.resolve("none.atlas")), 60, 1, false, crew))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("expected all pieces of the atlas")
                .hasMessageContaining("no model");
    }

    @Test
    void theDoctorMeetsEveryExecutorAndSaysWhatDoesNotFit() {
        List<DoctorCommand.Answer> answers = DoctorCommand.answers(pieces(), place());
        assertThat(answers).isNotEmpty();
        assertThat(pieces().executors()).isEqualTo(2);
        String code = Provenance.codeHash();
        assertThat(DoctorCommand.faults(answers, session.chat().sha256(), code)).isEmpty();
        assertThat(DoctorCommand.faults(answers, "another", "code"))
                .anyMatch(fault -> fault.endsWith("another model of that name"))
                .anyMatch(fault -> fault.endsWith("another Assay"));
        assertThat(ClusterMain.javaFault("25.0.2"))
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("expected 25.0.3 or newer for Spark, found 25.0.2"));
        assertThat(ClusterMain.javaFault("25.0.3+9-LTS")).isEmpty();
        assertThat(ClusterMain.javaFault("26")).isEmpty();
    }

    @Test
    void rowsAreAParquetTableThatCanBeCountedAgain() throws IOException {
        Path table = folder.resolve("rows.parquet");
        CensusTable.write(alone.rows(), table);
        assertThat(CensusTable.adapters(table)).isEqualTo(adapters);
        byte[] bytes = Files.readAllBytes(table);
        Path torn = Files.write(folder.resolve("torn.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> CensusTable.adapters(torn))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a readable Parquet table");
    }

    @Test
    void aStudysTargetsRunByTwoWorkersJudgeAsThoseOfOneMachine() throws IOException {
        Path study = Files.writeString(folder.resolve("study.json"), """
                {"schema_version": 1, "name": "tiny", "seeds": [0, 1], "sizes": [1, 2, 3], "gates": {"closed": 0.5},
                 "effort": {"candidates": 10, "search": 0, "pool": 6, "draws": 2, "turns": 0.2, "distil_steps": 4,
                            "bake_steps": 2, "reading_search": 0},
                 "targets": [
                  {"name": "cook", "class": "prompt", "prompt": "You are a cook."},
                  {"name": "rain", "class": "prompt", "prompt": "Talk about rain."},
                  {"name": "vectors", "class": "random-soft", "random_tokens": 4, "seed": 3}],
                 "adapters": [], "readings": [], "edits": [], "compositions": [], "quick": {}}
                """);
        VerdictRun run =
                new VerdictRun(study, "assay verdict", new VerdictRun.Options(false, false, Set.of("S2"), Set.of()));
        String alone = judged(run, folder.resolve("study-alone"));
        Path out = folder.resolve("study-cluster");
        VerdictCommand.finish(run, new StudyParts(pieces(), place(), sent(), out));
        assertThat(judged(run, out)).isEqualTo(alone);
    }

    /// What a study says, finished from what is in a folder; nothing there is made anew.
    private String judged(VerdictRun run, Path out) throws IOException {
        Map<String, byte[]> made = files(out);
        try (RunFolder into = RunFolder.createIn(folder, "study")) {
            made.forEach(into::write);
            Judged judged = run.run(session, into);
            ObjectNode document = (ObjectNode) JsonMapper.shared().readTree(judged.json());
            document.remove(List.of("seconds", "provenance"));
            made.forEach((name, bytes) ->
                    assertThat(into.path().resolve(name)).as(name).hasBinaryContent(bytes));
            return document.toPrettyString();
        }
    }

    private static Map<String, byte[]> files(Path out) throws IOException {
        Map<String, byte[]> all = new TreeMap<>();
        if (Files.isDirectory(out)) {
            try (Stream<Path> files = Files.walk(out)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.put(out.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
            assertThat(all).containsKeys("targets/cook-0.json", "targets/vectors-0.json");
        }
        return all;
    }

    @Test
    void trialsByTwoWorkersHaveTheTablesOfOneMachine() throws IOException {
        Path study = Files.writeString(folder.resolve("trials.json"), """
                {"schema_version": 1, "name": "tiny", "targets": [
                  {"name": "cook", "class": "prompt", "prompt": "You are a sad cook."},
                  {"name": "rain", "class": "prompt", "prompt": "Talk of rain."}]}
                """);
        Tournament.Options options = new Tournament.Options(
                Set.of("dictionary"), Set.of(), 8, Double.POSITIVE_INFINITY, GivenPrompts.none(), 0);
        Path out = folder.resolve("trials-cluster");
        TrialsCommand.finish(study, options, new StudyParts(pieces(), place(), sent(), out));
        assertThat(out.resolve("cook")).isDirectoryContaining("glob:**/dictionary.json");
        assertThat(closed(out)).isEqualTo(closed(alone(study, options))).hasSize(2);
    }

    private Path alone(Path study, Tournament.Options options) {
        Path out = folder.resolve("trials-alone");
        Tournament.of(session).table(study, options, out);
        return out;
    }

    /// What every arm closes, by its file.
    private static Map<String, String> closed(Path out) throws IOException {
        Map<String, String> closed = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(".json")
                        && JsonMapper.shared().readTree(file).has("closed")) {
                    closed.put(
                            out.relativize(file).toString(),
                            JsonMapper.shared().readTree(file).path("closed").toString());
                }
            }
        }
        return closed;
    }

    /// Processes that do pieces.
    private static Set<Long> processes(Pieces pieces) {
        Set<Long> all = ConcurrentHashMap.newKeySet();
        List<Integer> questions = IntStream.range(0, 8).boxed().toList();
        pieces.<Integer, Long>run(
                questions,
                _ -> {
                    Thread.sleep(50);
                    return ProcessHandle.current().pid();
                },
                (pid, i) -> all.add(pid),
                (i, reason) -> {
                    throw new IllegalStateException(reason);
                });
        return all;
    }

    private Pieces pieces() {
        return new Pieces(spark, 1, Job.silent());
    }

    private Place place() {
        return Place.of(session, folder.resolve("home"));
    }

    private SentAtlas sent() {
        return SentAtlas.of(shelved.atlas(), spark);
    }

    private Census census(Crew crew, String name) {
        try (RunFolder out = CensusRun.folder(Optional.of(folder.resolve(name)))) {
            return new CensusRun(session, shelved, ToyShelf.SMALL, crew).run(adapters, out);
        }
    }

    /// Rows apart from their times.
    private static List<CensusRow> timeless(Census census) {
        return census.rows().stream()
                .map(row -> new CensusRow(row.adapter(), row.identity(), row.kind(), row.found(), 0, row.error()))
                .toList();
    }
}
