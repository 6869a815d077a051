package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.base.run.Job;
import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.TargetEvidence;
import assay.measure.judge.Claim;
import assay.measure.judge.NoiseCeiling;
import assay.show.page.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A study with second training runs on a tiny random model: laws, never results.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CeilingStudyTest {
    private static final String STUDY = """
            {"schema_version": 1, "name": "tiny", "seeds": [0, 1], "sizes": [1, 2, 3],
             "gates": {"closed": 0.5},
             "effort": {"candidates": 8, "search": 0, "pool": 4, "draws": 2, "turns": 0.5, "distil_steps": 4,
                        "bake_steps": 20, "reading_search": 0},
             "targets": [
              {"name": "cook", "class": "prompt", "prompt": "You are a cook."},
              {"name": "direct", "class": "adapter", "adapter": "lora"},
              {"name": "soft", "class": "soft", "distilled": "baked"}],
             "adapters": [
              {"name": "plain", "class": "elicitation", "predicted": "works", "why": "small", "adapter": "lora",
               "seeds": 1, "siblings": ["other"]},
              {"name": "alone", "class": "elicitation", "predicted": "works", "why": "small", "adapter": "other",
               "seeds": 1},
              {"name": "baked", "class": "elicitation", "predicted": "works", "why": "shown", "data": "more.jsonl",
               "seeds": 1, "siblings": 2}]}
            """;

    @SuppressWarnings("NullAway.Init")
    private TinyStudy tiny;

    @SuppressWarnings("NullAway.Init")
    private Path finished;

    @SuppressWarnings("NullAway.Init")
    private VerdictRun run;

    @SuppressWarnings("NullAway.Init")
    private Judged judged;

    @BeforeAll
    void runOnce(@TempDir Path folder) throws IOException {
        tiny = TinyStudy.open(folder);
        TinyStudy.copy(
                Path.of("src", "test", "resources", "golden", "tiny", "adapters", "patterns"), folder.resolve("other"));
        Files.write(
                folder.resolve("more.jsonl"),
                IntStream.range(0, 20)
                        .mapToObj(i -> "{\"user\": \"Question " + i + "?\", \"answer\": \"Answer " + i + ".\"}")
                        .toList());
        run = new VerdictRun(
                tiny.write(STUDY), "assay verdict", new VerdictRun.Options(false, false, Set.of("S1", "S2"), Set.of()));
        finished = folder.resolve("finished");
        judged = tiny.run(run, finished);
    }

    @AfterAll
    void close() {
        tiny.close();
    }

    private List<CeilingEvidence> ceilings() {
        return judged.verdicts().evidence().ceilings();
    }

    private CeilingEvidence one(Claim claim, String name) {
        return ceilings().stream()
                .filter(one -> one.claim() == claim && one.of().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatHasSecondRunsIsSetBesideThemAndNothingElse() {
        assertThat(judged.verdicts().evidence().failures()).isEmpty();
        assertThat(ceilings())
                .extracting(one -> one.claim().id() + " " + one.of().name() + "-"
                        + one.of().seed())
                .containsExactly("S1 plain-0", "S1 baked-0", "S2 direct-0", "S2 soft-0", "S2 soft-1");
        assertThat(one(Claim.S1, "plain").found().foreign().ceiling().siblings())
                .isEqualTo(1);
        assertThat(one(Claim.S1, "baked").found().foreign().ceiling().siblings())
                .isEqualTo(2);
        assertThat(one(Claim.S2, "soft").found().foreign().ceiling().siblings())
                .as("the same adapter distilled with the study's other seed")
                .isEqualTo(1);
        assertThat(ceilings())
                .as("nobody said in words what was trained")
                .allMatch(one -> one.truth().isEmpty());
    }

    @Test
    void boundsHoldTheCeilingIntervalsTheirValuesAndPartsAddUp() {
        for (CeilingEvidence one : ceilings()) {
            assertThat(one.sides()).extracting(CeilingEvidence.Side::contexts).containsExactly("foreign", "own");
            for (CeilingEvidence.Side side : one.sides()) {
                NoiseCeiling ceiling = side.found().ceiling();
                assertThat(ceiling.reachable().value())
                        .isBetween(
                                Math.min(
                                                ceiling.lower().value(),
                                                ceiling.upper().value())
                                        - 1e-9,
                                Math.max(
                                                ceiling.lower().value(),
                                                ceiling.upper().value())
                                        + 1e-9);
                assertThat(Double.isFinite(ceiling.ceiling().value())).isEqualTo(ceiling.siblings() > 1);
                assertThat(side.found().closed().value())
                        .isBetween(
                                side.found().closed().low(),
                                side.found().closed().high());
                assertThat(side.lack().noise()
                                + side.lack().search()
                                + side.found().closed().value())
                        .isCloseTo(1, within(1e-9));
            }
        }
    }

    @Test
    void whatIsClosedIsWhatTheStudySaysWithoutThem() {
        StudyEvidence evidence = judged.verdicts().evidence();
        for (DistilEvidence distilled : evidence.distilled()) {
            ceilings().stream()
                    .filter(one -> one.claim() == Claim.S1 && one.of().name().equals(distilled.name()))
                    .forEach(one -> assertThat(one.found().foreign().closed().value())
                            .as(distilled.name())
                            .isCloseTo(distilled.closed().value(), within(0.01)));
        }
        TargetEvidence direct = evidence.targets().get(1);
        direct.curve().stream()
                .filter(point -> point.k() == direct.atoms().size())
                .forEach(point -> {
                    assertThat(one(Claim.S2, "direct")
                                    .found()
                                    .foreign()
                                    .closed()
                                    .value())
                            .isCloseTo(point.closed().value(), within(1e-3));
                    assertThat(one(Claim.S2, "direct")
                                    .found()
                                    .own()
                                    .orElseThrow()
                                    .closed()
                                    .value())
                            .isCloseTo(point.own().value(), within(1e-3));
                });
    }

    @Test
    void textPageAndDocumentTellThem() {
        String text = judged.text(new Style(1000, false));
        assertThat(text).contains("Beside second training runs", "a second run closes", "Lacking: noise");
        assertThat(judged.verdicts().claims().getFirst().because())
                .contains("Ceiling unknown, nothing divided: alone.");
        assertThat(judged.verdicts().claims().get(1).because())
                .contains("By the share of what second training runs reach")
                .doesNotContain("unknown");
        assertThat(judged.html()).contains("Beside second training runs", "Share of the ceiling", "not known");
        assertThat(judged.json()).contains("\"second_runs\"", "\"lack_noise\"", "\"share_of_lower\"");
    }

    @Test
    void aLostSecondRunIsTrainedAgainToTheSameEnd(@TempDir Path folder) throws IOException {
        Path out = TinyStudy.copy(finished, folder.resolve("holes"));
        Path lost = out.resolve("siblings/baked-1");
        byte[] weights = Files.readAllBytes(lost.resolve("adapter_model.safetensors"));
        try (Stream<Path> files = Files.walk(lost)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.delete(out.resolve("ceilings/S1/baked-0.json"));
        Judged again = tiny.run(run, out, Job.silent());
        assertThat(Files.readAllBytes(lost.resolve("adapter_model.safetensors")))
                .isEqualTo(weights);
        assertThat(again.verdicts()).isEqualTo(judged.verdicts());
        assertThat(out.resolve("siblings/baked-2/adapter_model.safetensors")).isRegularFile();
    }

    @Test
    void aSecondRunSeesNothingThatTheFirstIsMeasuredOn() throws IOException {
        List<String> rest = Files.readAllLines(finished.resolve("siblings/baked.jsonl"));
        assertThat(rest).hasSize(16);
        assertThat(Files.readAllBytes(finished.resolve("siblings/baked-1/adapter_model.safetensors")))
                .isNotEqualTo(Files.readAllBytes(finished.resolve("siblings/baked-2/adapter_model.safetensors")));
    }
}
