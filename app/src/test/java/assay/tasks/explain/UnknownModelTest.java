package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Interruption;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.search.TargetSearch;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a folder of Hugging Face to an explanation, with nothing prepared, on a tiny random model.
class UnknownModelTest {
    private static final String MODEL =
            Path.of("src", "test", "resources", "cases", "base").toString();

    @Test
    @Timeout(value = 240, unit = TimeUnit.SECONDS)
    void aModelThatWasNeverSeenIsExplainedAndWhatWasMadeForItIsUsedAgain(@TempDir Path folder) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Job job = new Job(
                Progress.to(new PrintStream(told, true, StandardCharsets.UTF_8)),
                Interruption.manual(),
                System.nanoTime());
        Explain.Options options = new Explain.Options(2, 6, 4, 1, TargetSearch.Budget.NONE, 0);
        try (Session opened = Session.open(MODEL, Precision.FLOAT32, folder, job)) {
            Session session = new Session(opened.scope(), opened.chat(), new AtlasShelf(folder, folder, MODEL), job);
            assertThat(session.isAtlasReady()).isFalse();
            String first = explained(session, options, folder.resolve("first"));
            assertThat(session.isAtlasReady()).isTrue();
            assertThat(told.toString(StandardCharsets.UTF_8))
                    .contains("No dictionary of", "prompts written by the model", "more prompts of the dictionary");
            told.reset();
            assertThat(explained(session, options, folder.resolve("second"))).isEqualTo(first);
            assertThat(told.toString(StandardCharsets.UTF_8))
                    .doesNotContain("No dictionary of", "written by the model");
        }
    }

    private static String explained(Session session, Explain.Options options, Path out) {
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            return new Explaining(session, session.readyAtlas())
                    .explain(session.prompt("You are a sad cook."), List.of(), options, 0, into)
                    .explanation()
                    .mixture()
                    .toString();
        }
    }
}
