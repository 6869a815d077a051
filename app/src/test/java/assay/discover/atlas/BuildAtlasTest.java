package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Interruption;
import assay.base.run.Job;
import assay.base.run.Progress;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.probe.SketchMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildAtlasTest {
    private static final Path RANDOM = Path.of("src", "test", "resources", "cases", "base");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aModelWithoutAnAtlasGetsAQuickOneOnceAndAFullBuildReplacesIt() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("random", RANDOM, Dtype.FLOAT32)) {
            AtlasShelf shelf = new AtlasShelf(folder, folder, "random");
            Job job =
                    new Job(Progress.to(new PrintStream(told, true, StandardCharsets.UTF_8)), Interruption.manual(), 0);
            BuildAtlas build = new BuildAtlas(chat, shelf, job);
            AtlasShelf.Shelved quick = build.ready();
            assertThat(quick.atlas().isComplete()).isTrue();
            assertThat(quick.atlas().entries()).hasSize(BuildAtlas.QUICK_RUN);
            assertThat(quick.atlas().reserve()).hasSizeGreaterThan(1_000);
            assertThat(Collections.disjoint(
                            quick.atlas().texts(), quick.atlas().reserved().texts()))
                    .isTrue();
            assertThat(told.toString(StandardCharsets.UTF_8)).contains("No dictionary of random yet");
            told.reset();
            assertThat(build.ready().atlas().texts()).isEqualTo(quick.atlas().texts());
            assertThat(told.toString(StandardCharsets.UTF_8)).doesNotContain("No dictionary");
            Atlas half = new Atlas(
                    quick.atlas().header(),
                    quick.atlas().probe(),
                    quick.atlas().map(),
                    quick.atlas().entries(),
                    QuantisedRows.none(SketchMap.SIZE),
                    quick.atlas().reserve());
            AtlasShelf.write(half, quick.file());
            assertThat(build.ready().atlas().sketches().decoded())
                    .isDeepEqualTo(quick.atlas().sketches().decoded());
            assertThat(build.ready().atlas().reserve()).isEqualTo(quick.atlas().reserve());
            Atlas ofOldSizes = half.with("sizes", "of an earlier version");
            AtlasShelf.write(ofOldSizes, quick.file());
            assertThat(build.ready().atlas().texts()).isEqualTo(quick.atlas().texts());
            assertThat(build.build(Optional.empty(), 100, 1, false).prompts()).isLessThan(100);
            assertThat(shelf.find(chat).atlas().reserve()).isEmpty();
            assertThat(told.toString(StandardCharsets.UTF_8)).contains("gives way to this one");
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void aQuickAtlasStoppedAnywhereGoesOnToTheSameFile() throws IOException {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("random", RANDOM, Dtype.FLOAT32)) {
            AtlasShelf whole = new AtlasShelf(folder, folder.resolve("whole"), "random");
            Path unbroken = new BuildAtlas(chat, whole, Job.silent()).ready().file();
            AtlasShelf shelf = new AtlasShelf(folder, folder.resolve("stopped"), "random");
            List<Boolean> ready = new ArrayList<>();
            for (int safePoints = 1; safePoints <= 4; safePoints++) {
                AtomicInteger left = new AtomicInteger(safePoints);
                Interruption counting = Interruption.manual(() -> {
                    if (left.getAndDecrement() == 0) {
                        throw new InterruptedRunException("stopped");
                    }
                });
                BuildAtlas build = new BuildAtlas(chat, shelf, new Job(Progress.silent(), counting, 0));
                assertThatThrownBy(build::ready).isInstanceOf(InterruptedRunException.class);
                ready.add(build.isReady());
            }
            assertThat(ready).containsOnly(false);
            assertThat(new BuildAtlas(chat, shelf, Job.silent()).ready().file()).hasSameBinaryContentAs(unbroken);
            try (Stream<Path> left = Files.list(folder.resolve("stopped"))) {
                assertThat(left).hasSize(1);
            }
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aModelThatWritesNothingReadableGetsAnAtlasOfTheGrammarsAloneAndIsToldSo() throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("random", RANDOM, Dtype.FLOAT32)) {
            AtlasShelf shelf = new AtlasShelf(folder, folder, "random");
            Job job =
                    new Job(Progress.to(new PrintStream(told, true, StandardCharsets.UTF_8)), Interruption.manual(), 0);
            BuildAtlas build = new BuildAtlas(chat, shelf, job);
            BuildAtlas.Built built = build.build(Optional.empty(), 100, 1, false);
            assertThat(told.toString(StandardCharsets.UTF_8))
                    .contains("The model wrote 0 readable prompts where 40 were wanted: the atlas is made of the"
                            + " grammars' alone.")
                    .contains("of the probe's 92 are instructions of the grammars.");
            Atlas atlas = shelf.find(chat).atlas();
            assertThat(atlas.entries())
                    .hasSize(built.prompts())
                    .hasSizeBetween(50, 60)
                    .allMatch(entry -> entry.source().startsWith("grammar:"));
            assertThat(atlas.isComplete()).isTrue();
            requireRepaired(build, built, told);
            told.reset();
            assertThat(build.build(Optional.empty(), 100, 1, false)).isEqualTo(built);
            assertThat(told.toString(StandardCharsets.UTF_8)).doesNotContain("The model wrote");
        }
    }

    /// A damaged atlas is told of, set aside and built again; another file that a user named is left alone.
    private void requireRepaired(BuildAtlas build, BuildAtlas.Built built, ByteArrayOutputStream told)
            throws IOException {
        byte[] sound = Files.readAllBytes(built.file());
        Path aside = built.file().resolveSibling(built.file().getFileName() + ".damaged");
        byte[] changed = sound.clone();
        changed[changed.length / 2] ^= 1;
        for (byte[] damaged : List.of(changed, Arrays.copyOf(sound, sound.length / 3), new byte[] {1, 2})) {
            Files.write(built.file(), damaged);
            told.reset();
            assertThat(build.build(Optional.empty(), 100, 1, false)).isEqualTo(built);
            assertThat(told.toString(StandardCharsets.UTF_8))
                    .contains("atlas: expected ")
                    .contains("The damaged file is kept as " + aside.getFileName() + ".");
            assertThat(built.file()).hasBinaryContent(sound);
            assertThat(aside).hasBinaryContent(damaged);
            Files.delete(aside);
        }
        Path other = Files.writeString(folder.resolve("notes.txt"), "no atlas at all");
        assertThatThrownBy(() -> build.build(Optional.of(other), 100, 1, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected an atlas of version 1, found something else (" + other + ")");
        assertThat(other).hasContent("no atlas at all");
    }

    @ParameterizedTest
    @CsvSource({"4400, 1, 64", "4400, 2, 64", "200, 2, 25", "200, 1, 64", "20, 2, 8", "3, 64, 8"})
    void severalShareWhatIsLeftEvenly(int left, int width, int expected) {
        assertThat(BuildAtlas.shared(left, 64, width)).isEqualTo(expected);
    }
}
