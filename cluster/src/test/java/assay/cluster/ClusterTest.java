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
import assay.tasks.census.Census;
import assay.tasks.census.CensusRow;
import assay.tasks.census.CensusRun;
import assay.tasks.census.CensusWorker;
import assay.tasks.census.Crew;
import assay.tasks.census.Counted;
import assay.tasks.census.Look;
import assay.tasks.census.RowKind;
import assay.tasks.explain.Explain;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

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
        long[] killed = new long[1];
        CensusCrew crew = new CensusCrew(pieces(), place(), sent());
        Crew killing = new Crew() {
            @Override
            public void look(List<String> all, ObjIntConsumer<Look> done) {
                crew.look(all, done);
            }

            @Override
            public void count(
                    List<String> all,
                    Explain.Options options,
                    ObjIntConsumer<Counted> done) {
                crew.count(all, options, (counted, i) -> {
                    if (killed[0] == 0) {
                        killed[0] = processes(pieces()).iterator().next();
                        ProcessHandle.of(killed[0]).orElseThrow().destroyForcibly();
                    }
                    done.accept(counted, i);
                });
            }
        };
        assertThat(timeless(census(killing, "killed")))
                .usingRecursiveComparison()
                .isEqualTo(timeless(alone));
        assertThat(killed[0]).isPositive().isNotEqualTo(ProcessHandle.current().pid());
        assertThat(ProcessHandle.of(killed[0]).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void anAtlasOnTwoWorkersIsTheAtlasOfOneMachineByteByByte() throws IOException {
        Path file = folder.resolve("cluster.atlas");
        new BuildAtlas(session.chat(), session.shelf(), session.job())
                .build(Optional.of(file), 60, 0, false, new AtlasCrew(pieces(), place()));
        assertThat(file).hasSameBinaryContentAs(shelved.file());
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
        String code = Provenance.codeHash();
        assertThat(DoctorCommand.faults(answers, session.chat().sha256(), code)).isEmpty();
        assertThat(DoctorCommand.faults(answers, "another", "code"))
                .anyMatch(fault -> fault.endsWith("another model of that name"))
                .anyMatch(fault -> fault.endsWith("another Assay"));
        assertThat(ClusterMain.javaFault("25.0.2")).hasValueSatisfying(fault -> assertThat(fault)
                .contains("expected 25.0.3 or newer for Spark, found 25.0.2"));
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
