package assay.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import assay.lab.claims.RivalEvidence;
import assay.show.page.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rivals on a tiny random model: laws, never results.
class RivalsStudyTest {
    private static final List<String> PREDICTING =
            List.of("five prompts", "best single prompt", "constant logit offset");

    @Test
    void everyRivalIsTriedOnEveryReadingAndShown(@TempDir Path folder) throws IOException {
        try (TinyStudy tiny = TinyStudy.open(folder)) {
            VerdictRun run = new VerdictRun(
                    tiny.write(TinyStudy.WHOLE),
                    "assay verdict",
                    new VerdictRun.Options(true, false, Set.of("S4"), Set.of(), true));
            Judged judged = tiny.run(run, folder.resolve("out"));
            List<RivalEvidence> rivals = judged.verdicts().evidence().rivals();
            assertThat(rivals).hasSize(5).allMatch(rival -> rival.targets() == 6 && rival.seconds() > 0);
            for (RivalEvidence rival : rivals) {
                boolean predicts = PREDICTING.contains(rival.name());
                assertThat(Double.isFinite(rival.closed().value()))
                        .as(rival.name())
                        .isEqualTo(predicts);
                boolean says = !rival.name().equals("constant logit offset");
                assertThat(Double.isFinite(rival.right().value()))
                        .as(rival.name())
                        .isEqualTo(says);
                assertThat(judged.text(new Style(100, false))).contains(rival.name());
                assertThat(judged.html()).contains(rival.name());
                assertThat(judged.json()).contains(rival.name());
            }
            // What was tried is kept: the same command says the same, times too.
            assertThat(tiny.run(run, folder.resolve("out"))
                            .verdicts()
                            .evidence()
                            .rivals())
                    .isEqualTo(rivals);
        }
    }
}
