package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.BuildAtlas;
import assay.discover.atlas.TinyAtlas;
import assay.discover.predict.ReadingShelf;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Extending a small atlas of a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtendAtlasTest {
    private static final Path MODELS = Path.of("src", "test", "resources", "golden", "tiny", "models");
    private static final int NEVER = Integer.MAX_VALUE;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private Path atlas;

    @SuppressWarnings("NullAway.Init")
    private Path prompts;

    @SuppressWarnings("NullAway.Init")
    private Atlas tiny;

    @BeforeAll
    void open(@TempDir Path home) {
        session = Session.open(MODELS.resolve("tied").toString(), Precision.FLOAT32, home, Job.silent());
        tiny = TinyAtlas.of(session.chat());
    }

    @BeforeEach
    void write() throws IOException {
        atlas = folder.resolve("tiny.atlas");
        AtlasShelf.write(tiny, atlas);
        List<String> lines = new ArrayList<>(List.of("", "Be sad."));
        for (int i = 0; i < 60; i++) {
            lines.add("Talk about number " + i * i + " and " + (char) ('a' + i % 26) + ".");
        }
        prompts = Files.write(folder.resolve("prompts.txt"), lines);
    }

    @AfterAll
    void close() {
        session.close();
    }

    @Test
    void theNovelOnesOfAFileAreAppendedWithTheirSketches() {
        Path out = folder.resolve("out.atlas");
        ExtendAtlas.Extended extended = extend(lines(5, out), NEVER);
        assertThat(extended.added()).isBetween(1, 5);
        assertThat(extended.counts()).isEqualTo("60 usable, skipped 1 blank, 1 in the atlas already");
        Atlas before = AtlasShelf.read(atlas).orElseThrow();
        Atlas after = AtlasShelf.read(out).orElseThrow();
        after.requireModel(session.chat().model().name(), session.chat().sha256(), "assay atlas build");
        assertThat(after.entries())
                .hasSize(12 + extended.added())
                .startsWith(before.entries().toArray(Atlas.Entry[]::new));
        assertThat(after.entries().subList(12, after.entries().size()))
                .allMatch(entry -> entry.source().equals("file"));
        assertThat(after.header().get(Atlas.EXTENDED)).startsWith(extended.added() + " of 60 candidates (file ");
        assertThat(after.energy()).isNotEmpty().isNotEqualTo(before.energy());
        assertThat(new BuildAtlas(session.chat(), session.shelf(), Job.silent()).check(Optional.of(out), 8, 1))
                .allMatch(BuildAtlas.Recomputed::agrees);
        assertThat(folder.resolve("out.atlas.extend")).doesNotExist();
    }

    @Test
    void aStoppedExtensionEndsWithTheSameAtlas() throws IOException {
        Path whole = folder.resolve("whole.atlas");
        Path parts = folder.resolve("parts.atlas");
        extend(lines(5, whole), NEVER);
        for (int stop : new int[] {2, 2, 1}) {
            assertThatThrownBy(() -> extend(lines(5, parts), stop)).isInstanceOf(InterruptedRunException.class);
            assertThat(folder.resolve("parts.atlas.extend")).isRegularFile();
            assertThat(parts).doesNotExist();
        }
        assertThatThrownBy(() -> extend(lines(6, parts), NEVER))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected one of this command (keep 6), found one of another (keep 5)");
        extend(lines(5, parts), NEVER);
        assertThat(Files.readAllBytes(parts)).isEqualTo(Files.readAllBytes(whole));
        assertThat(folder.resolve("parts.atlas.extend")).doesNotExist();
    }

    @Test
    void aDamagedCheckpointIsSetAsideAndTheAtlasIsTheSame() throws IOException {
        Path whole = folder.resolve("whole.atlas");
        Path parts = folder.resolve("parts.atlas");
        Path checkpoint = folder.resolve("parts.atlas.extend");
        extend(lines(5, whole), NEVER);
        for (int place : new int[] {0, 12, 200}) {
            assertThatThrownBy(() -> extend(lines(5, parts), 2)).isInstanceOf(InterruptedRunException.class);
            byte[] damaged = Files.readAllBytes(checkpoint);
            damaged[place] ^= 1;
            Files.write(checkpoint, damaged);
            extend(lines(5, parts), NEVER);
            assertThat(Files.readAllBytes(parts)).isEqualTo(Files.readAllBytes(whole));
            Path aside = folder.resolve("parts.atlas.extend.damaged");
            assertThat(aside).hasBinaryContent(damaged);
            Files.delete(aside);
            Files.delete(parts);
        }
    }

    @Test
    void drawnCandidatesEndWithTheSameAtlasToo() throws IOException {
        Path whole = folder.resolve("whole.atlas");
        Path parts = folder.resolve("parts.atlas");
        extend(drawn(40, whole), NEVER);
        assertThatThrownBy(() -> extend(drawn(40, parts), 2)).isInstanceOf(InterruptedRunException.class);
        assertThat(folder.resolve("parts.atlas.extend")).isRegularFile();
        extend(drawn(40, parts), NEVER);
        assertThat(Files.readAllBytes(parts)).isEqualTo(Files.readAllBytes(whole));
        assertThat(AtlasShelf.read(whole).orElseThrow().entries().getLast().source())
                .matches("grammar:.*|sampled");
    }

    @Test
    void anAtlasCanBeExtendedInItsPlaceAndAgain() {
        extend(lines(3, atlas), NEVER);
        ExtendAtlas.Extended again = extend(lines(2, atlas), NEVER);
        Atlas after = AtlasShelf.read(atlas).orElseThrow();
        assertThat(after.entries()).hasSize(again.prompts()).doesNotHaveDuplicates();
        assertThat(after.header().get(Atlas.EXTENDED)).contains("; ");
        assertThatThrownBy(() -> BuildAtlas.requireSame(after, Map.of(), atlas))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found one extended since by 3 of 60 candidates (file ");
    }

    @Test
    void anotherFileIsNotWrittenOver() {
        assertThatThrownBy(() -> extend(lines(3, prompts), NEVER))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--out: expected a new file or the atlas that is extended");
    }

    @Test
    void aFileOfBadLinesIsRefusedBeforeAnythingIsRead() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.txt"), "Be sad.\n\n");
        ExtendPlan.Options options = new ExtendPlan.Options(
                new ExtendPlan.Supply.Lines(bad), 3, 0, Optional.of(atlas), Optional.of(folder.resolve("o.atlas")));
        assertThatThrownBy(() -> extend(options, NEVER))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found none of 2; line 1 is in the atlas already");
        assertThat(folder.resolve("readings")).doesNotExist();
    }

    private ExtendPlan.Options lines(int keep, Path out) {
        return new ExtendPlan.Options(
                new ExtendPlan.Supply.Lines(prompts), keep, 0, Optional.of(atlas), Optional.of(out));
    }

    private ExtendPlan.Options drawn(long count, Path out) {
        return new ExtendPlan.Options(new ExtendPlan.Supply.Drawn(count), 7, 0, Optional.of(atlas), Optional.of(out));
    }

    /// @param stop at which point where it can be stopped it is
    private ExtendAtlas.Extended extend(ExtendPlan.Options options, int stop) {
        AtomicInteger breaths = new AtomicInteger();
        try (Job job = Job.silent()) {
            Runnable breath = () -> {
                if (breaths.incrementAndGet() == stop) {
                    job.interruption().request();
                }
            };
            return new ExtendAtlas(session.doing(job), new ReadingShelf(folder.resolve("readings")), 16, breath)
                    .extend(options);
        }
    }
}
