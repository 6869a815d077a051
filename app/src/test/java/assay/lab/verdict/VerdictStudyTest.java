package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.lab.claims.ReadingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.Failure;
import assay.lab.claims.TargetEvidence;
import assay.lab.claims.TargetKind;
import assay.measure.judge.Cause;
import assay.measure.judge.Claim;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A whole study from end to end on a tiny random model: laws, never results.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerdictStudyTest {
    private static final String FEW = TinyStudy.WHOLE.replace("\"seeds\": [0, 1]", "\"seeds\": [0]");

    private static final double GATE = 0.5;

    @SuppressWarnings("NullAway.Init")
    private TinyStudy tiny;

    /// Where the study was run once, whole.
    @SuppressWarnings("NullAway.Init")
    private Path finished;

    @SuppressWarnings("NullAway.Init")
    private Judged whole;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws IOException {
        tiny = TinyStudy.open(folder);
        finished = folder.resolve("finished");
        whole = tiny.run(TinyStudy.WHOLE, finished, Set.of(), Set.of());
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    @Test
    void everythingIsMeasured() {
        StudyEvidence evidence = whole.verdicts().evidence();
        assertThat(evidence.failures()).isEmpty();
        assertThat(evidence.targets())
                .extracting(one -> one.target().name() + "-" + one.seed())
                .containsExactly(
                        "cook-0",
                        "truth-0",
                        "vectors-0",
                        "soft-0",
                        "shuffled-0",
                        "noise-0",
                        "blank-0",
                        "cook-1",
                        "soft-1");
        assertThat(evidence.distilled())
                .extracting(StudyEvidence.DistilEvidence::name)
                .as("an adapter without steps of its own is baked with the effort's")
                .contains("plain", "baked");
        assertThat(evidence.predicates())
                .extracting(StudyEvidence.Predicate::contexts)
                .containsExactly("ordinary", "telling");
        assertThat(evidence.reading().matching())
                .extracting(ReadingEvidence.Matching::texts)
                .contains("found", "random", "lists of other targets", "noise", "shuffled target", "untrained model")
                .contains(ReadingEvidence.CONTRASTS, ReadingEvidence.TELLING);
        assertThat(evidence.reading().compositions()).hasSize(1);
        assertThat(evidence.reading().agreement()).isBetween(0.0, 1.0);
        assertThat(finished.resolve("report.html")).isRegularFile();
        assertThat(finished.resolve("report.json")).isRegularFile();
        assertThat(whole.verdicts().claims()).hasSize(6);
    }

    @Test
    void everyListStandsBesideItsNullAndItsControls() {
        for (TargetEvidence one : whole.verdicts().evidence().targets()) {
            assertThat(one.kl().foreign()).as(one.target().name()).isPositive();
            assertThat(one.curve()).isNotEmpty();
            for (TargetEvidence.Point point : one.curve()) {
                assertThat(point.closed().value())
                        .isBetween(point.closed().low(), point.closed().high());
                assertThat(point.excess().value())
                        .isCloseTo(
                                point.closed().value() - point.random().value(),
                                org.assertj.core.api.Assertions.within(1e-9));
                assertThat(point.bits()).isPositive();
            }
            assertThat(one.controls())
                    .extracting(Control::kind)
                    .isSorted()
                    .contains(ControlKind.CONSTANT, ControlKind.DIRECTIONS, ControlKind.DENSE, ControlKind.UNSCALED);
            assertThat(one.atoms())
                    .extracting(TargetEvidence.Atom::text)
                    .doesNotContain(one.target().text());
        }
    }

    @Test
    void nullsHoldOnNoClaim() {
        StudyEvidence evidence = whole.verdicts().evidence();
        List<TargetEvidence> nulls =
                evidence.targets().stream().filter(one -> one.target().isNull()).toList();
        assertThat(nulls).hasSize(3);
        for (TargetEvidence one : nulls) {
            assertThat(one.curve().getLast().closed().low())
                    .as(one.target().name())
                    .isLessThan(GATE);
        }
        assertThat(nulls)
                .filteredOn(one -> one.target().kind() == TargetKind.NULL_NOISE)
                .flatExtracting(TargetEvidence::controls)
                .filteredOn(control -> control.kind() == ControlKind.DENSE)
                .as("real prompts must not join the noise")
                .extracting(Control::k)
                .containsExactly(12);
        assertThat(whole.verdicts().claims()).noneMatch(claim -> claim.cause() == Cause.CONTROL_FAILED);
        assertThat(evidence.reading().matching())
                .filteredOn(ReadingEvidence.Matching::isNull)
                .hasSize(5)
                .allMatch(ReadingEvidence.Matching::atChance);
    }

    @Test
    void aPlantedTruthHoldsAndIsNamed() {
        assertThat(whole.verdicts().evidence().targets())
                .filteredOn(one -> one.target().kind() == TargetKind.PLANTED)
                .singleElement()
                .matches(one -> one.search().recovered() == 1)
                .matches(one -> one.curve().getLast().closed().low() >= GATE
                        && one.curve().getLast().excess().low() > 0);
    }

    @Test
    void anEditThatFindsNoWordIsToldAndCountsAsWrong() {
        List<ReadingEvidence.Edit> edits = whole.verdicts().evidence().reading().edits();
        assertThat(edits).hasSize(2);
        assertThat(edits.get(0).changed()).isPositive();
        assertThat(edits.get(0).before()).isPositive();
        assertThat(edits.get(0).edit()).contains(" → ").doesNotContain("zebra");
        assertThat(edits.get(1).edit()).isEqualTo("zebra → lion");
        assertThat(edits.get(1).changed()).isZero();
        assertThat(edits.get(1).before()).isNaN();
        assertThat(edits.get(1).right()).isFalse();
    }

    @Test
    void aTruthThatIsPlantedIsFound(@TempDir Path folder) throws IOException {
        VerdictRun run = new VerdictRun(
                tiny.write(FEW), "assay verdict", new VerdictRun.Options(true, true, Set.of(), Set.of()));
        Judged judged = tiny.run(run, folder.resolve("planted"));
        StudyEvidence evidence = judged.verdicts().evidence();
        assertThat(evidence.failures()).isEmpty();
        assertThat(evidence.targets())
                .extracting(one -> one.target().name())
                .containsExactly("cook", "truth", "shuffled", "noise", "blank");
        for (TargetEvidence one : evidence.targets()) {
            double closed = one.curve().getLast().closed().value();
            if (one.target().isNull()) {
                assertThat(closed).as(one.target().name()).isLessThan(0.9);
            } else {
                assertThat(closed).as(one.target().name()).isGreaterThan(0.99);
            }
        }
        assertThat(evidence.targets().get(1).search().recovered()).isEqualTo(1);
        assertThat(evidence.targets().get(1).search().named())
                .containsExactlyInAnyOrder("You are a cook", "Talk about rain");
        assertThat(evidence.reading().matching().getFirst().right().value()).isEqualTo(1);
        assertThat(evidence.predicates())
                .allSatisfy(one -> assertThat(one.pools().logPool().value()).isGreaterThan(0.99));
        assertThat(judged.json()).contains("\"planted\" : true");
        assertThat(judged.text(new assay.show.page.Style(80, false))).contains("tests the instrument");
    }

    @Test
    void aStoppedStudyEndsWithTheSameDocument(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("stopped");
        VerdictRun run = new VerdictRun(
                tiny.write(TinyStudy.WHOLE), "assay verdict", new VerdictRun.Options(true, false, Set.of(), Set.of()));
        Job job = Job.silent();
        Thread watch = Thread.ofPlatform().daemon().start(() -> {
            while (!Files.exists(out.resolve("targets/truth-0.json"))) {
                Thread.onSpinWait();
            }
            job.interruption().request();
        });
        assertThatThrownBy(() -> tiny.run(run, out, job)).isInstanceOf(InterruptedRunException.class);
        watch.join();
        assertThat(out.resolve("targets/blank-0.json")).doesNotExist();
        assertThat(out.resolve("report.json")).doesNotExist();
        FileTime kept = Files.getLastModifiedTime(out.resolve("targets/cook-0.json"));
        assertThat(TinyStudy.timeless(tiny.run(run, out))).isEqualTo(TinyStudy.timeless(whole));
        assertThat(Files.getLastModifiedTime(out.resolve("targets/cook-0.json")))
                .isEqualTo(kept);
    }

    @Test
    void whateverPartIsMissingIsRunAgainToTheSameEnd(@TempDir Path folder) throws IOException {
        Path out = TinyStudy.copy(finished, folder.resolve("holes"));
        for (String row : List.of(
                "targets/truth-0",
                "targets/blank-0",
                "readings/sad",
                "edits/1",
                "compositions/1",
                "distilled/plain-0",
                "predicates/rain")) {
            Files.delete(out.resolve(row + ".json"));
        }
        Judged again = tiny.run(TinyStudy.WHOLE, out, Set.of(), Set.of());
        assertThat(TinyStudy.timeless(again)).isEqualTo(TinyStudy.timeless(whole));
        assertThat(again.verdicts()).isEqualTo(whole.verdicts());
    }

    @Test
    void otherGatesAnotherFileAndAnotherPartAreRefusedAndNothingIsTouched() throws IOException {
        Map<String, FileTime> before = state(finished);
        String gates = TinyStudy.WHOLE.replace("{\"closed\": 0.5}", "{\"closed\": 0.4}");
        assertRefused(gates, true, "gates Gates[closed=0.5", "Gates[closed=0.4", "Gates are not moved");
        assertRefused(
                TinyStudy.WHOLE.replace("\"why\": \"small\"", "\"why\": \"tiny\""), true, "study_sha256 ", " then, ");
        assertRefused(TinyStudy.WHOLE, false, "quick true then, false now");
        assertThat(state(finished)).isEqualTo(before);
    }

    private void assertRefused(String study, boolean quick, String... messages) throws IOException {
        VerdictRun run = new VerdictRun(
                tiny.write(study), "assay verdict", new VerdictRun.Options(quick, false, Set.of(), Set.of()));
        assertThatThrownBy(() -> tiny.run(run, finished))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--out: expected what this folder was begun with, found changes (")
                .hasMessageContainingAll(messages)
                .hasMessageContaining("take a new folder");
    }

    @Test
    void whatAStudyWasBegunWithIsNotGuessedFromDamage(@TempDir Path folder) throws IOException {
        Path out = Files.createDirectory(folder.resolve("out"));
        Path begun = Files.writeString(out.resolve(VerdictRun.BEGUN), "{\"quick\": ");
        Files.writeString(Files.createDirectory(out.resolve("predicates")).resolve("states.json"), "{}");
        assertThat(tiny.run(FEW, out, Set.of("S5"), Set.of())
                        .verdicts()
                        .evidence()
                        .failures())
                .isEmpty();
        assertThat(out.resolve("study.json.damaged/predicates/states.json")).hasContent("{}");
        assertThat(Files.readString(begun)).contains("\"quick\":\"true\"", "\"study_sha256\":");
    }

    @Test
    void anAdapterThatDoesNotLoadIsToldOfAndTheRestGoesOn(@TempDir Path folder) throws IOException {
        Path broken = tiny.write("").resolveSibling("broken");
        TinyStudy.copy(broken.resolveSibling("lora"), broken);
        String study = FEW.replace(
                        "{\"name\": \"cook\", \"class\"",
                        "{\"name\": \"bad\", \"class\": \"adapter\", \"adapter\": \"broken\"},{\"name\": \"cook\", \"class\"")
                .replace(
                        "\"adapters\": [",
                        "\"adapters\": [{\"name\": \"torn\", \"class\": \"elicitation\", \"predicted\": \"works\","
                                + " \"why\": \"w\", \"adapter\": \"broken\"},");
        VerdictRun run = new VerdictRun(
                tiny.write(study),
                "assay verdict",
                new VerdictRun.Options(true, false, Set.of("S1", "S2"), Set.of("bad", "cook")));
        Path weights = broken.resolve("adapter_model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 200));
        Judged judged = tiny.run(run, folder.resolve("out"));
        StudyEvidence evidence = judged.verdicts().evidence();
        assertThat(evidence.failures()).extracting(Failure::what).containsExactly("S1, torn, seed 0", "bad, seed 0");
        assertThat(evidence.failures()).allMatch(failure -> failure.why().contains("adapter_model.safetensors"));
        assertThat(evidence.targets()).extracting(one -> one.target().name()).containsExactly("cook");
        assertThat(evidence.distilled())
                .extracting(StudyEvidence.DistilEvidence::name)
                .containsExactly("plain", "baked");
        assertThat(judged.json()).contains("\"what\" : \"bad, seed 0\"");
        assertThat(judged.text(assay.show.page.Style.detect())).contains("bad, seed 0");
    }

    @Test
    void aDamagedPartIsNotUsedButMadeAgainToTheSame(@TempDir Path folder) throws IOException {
        Path out = TinyStudy.copy(finished, folder.resolve("damaged"));
        Path row = out.resolve("targets/cook-0.json");
        Files.write(row, Arrays.copyOf(Files.readAllBytes(row), 100));
        StudyEvidence evidence = tiny.run(TinyStudy.WHOLE, out, Set.of("S2"), Set.of("cook"))
                .verdicts()
                .evidence();
        assertThat(evidence.failures()).isEmpty();
        assertThat(evidence.targets()).extracting(TargetEvidence::seed).containsExactly(0L, 1L);
        assertThat(evidence.targets()).isSubsetOf(whole.verdicts().evidence().targets());
        assertThat(Files.size(out.resolve("targets/cook-0.json.damaged"))).isEqualTo(100);
    }

    @Test
    void aDamagedSoftPromptIsMadeAgainWithItsRow(@TempDir Path folder) throws IOException {
        Path out = TinyStudy.copy(finished, folder.resolve("damaged"));
        Path soft;
        try (Stream<Path> all = Files.list(out.resolve("soft"))) {
            soft = all.filter(Files::isDirectory).sorted().findFirst().orElseThrow();
        }
        Path weights = soft.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        byte[] changed = bytes.clone();
        changed[changed.length - 1] ^= 1;
        Files.write(weights, changed);
        StudyEvidence evidence = tiny.run(TinyStudy.WHOLE, out, Set.of("S1"), Set.of())
                .verdicts()
                .evidence();
        assertThat(evidence.distilled()).isEqualTo(whole.verdicts().evidence().distilled());
        assertThat(weights).hasBinaryContent(bytes);
        assertThat(soft.resolveSibling(soft.getFileName() + ".damaged").resolve("adapter_model.safetensors"))
                .hasBinaryContent(changed);
    }

    @Test
    void onlyWhatIsWantedIsRunAndTheRestStaysUndecided() throws IOException {
        Judged judged = tiny.run(TinyStudy.WHOLE, finished, Set.of("S2"), Set.of("cook", "noise"));
        StudyEvidence evidence = judged.verdicts().evidence();
        assertThat(evidence.targets())
                .hasSize(3)
                .isSubsetOf(whole.verdicts().evidence().targets());
        assertThat(evidence.distilled()).isEmpty();
        assertThat(judged.verdicts().claims())
                .filteredOn(claim -> List.of(Claim.S1, Claim.S5).contains(claim.claim()))
                .allMatch(claim -> claim.holds() == Outcome.UNDECIDED && claim.cause() == Cause.NOT_MEASURED);
        assertThat(VerdictRun.fails(judged)).isTrue();
    }

    /// When every row of a study was written; reports are written anew each time.
    private static Map<String, FileTime> state(Path folder) throws IOException {
        Map<String, FileTime> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                state.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return state;
    }
}
