package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.ResourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void writtenFileIsReadBackAndReplaced() throws IOException {
        Path file = folder.resolve("new/deep/file.txt");
        AtomicFiles.write(file, bytes("one"));
        AtomicFiles.write(file, out -> out.write(bytes("two, longer")));
        assertThat(file).hasContent("two, longer");
        assertThat(namesIn(folder.resolve("new/deep"))).containsExactly("file.txt");
    }

    @Test
    void failedWriteLeavesTheTargetAsItWasAndNoTrash() throws IOException {
        Path file = folder.resolve("file.txt");
        AtomicFiles.write(file, bytes("before"));
        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write(new byte[1 << 17]);
                    throw new IOException("No space left on device\nand more");
                }))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("expected to write it, found No space left on device (" + file + ")")
                .hasMessageNotContaining("\n");
        assertThat(file).hasContent("before");
        assertThat(namesIn(folder)).containsExactly("file.txt");
    }

    @Test
    void exceptionOfTheWriterPassesAndLeavesNoTrash() throws IOException {
        assertThatThrownBy(() -> AtomicFiles.write(folder.resolve("file.txt"), _ -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(namesIn(folder)).isEmpty();
    }

    @Test
    void folderInTheWayIsRefused() throws IOException {
        Path inTheWay = Files.createDirectory(folder.resolve("name"));
        assertThatThrownBy(() -> AtomicFiles.write(inTheWay, bytes("x")))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("a folder of that name");
        assertThat(inTheWay).isEmptyDirectory();
    }

    @Test
    void fileWhereAFolderIsNeededIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> AtomicFiles.write(file.resolve("inside"), bytes("x")))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("Free the disk or choose another place.");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows lets only privileged users make symbolic links")
    void symbolicLinkIsFollowed() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        AtomicFiles.write(link, bytes("new"));
        assertThat(link).isSymbolicLink();
        assertThat(real).hasContent("new");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no /dev/null")
    void deviceIsWrittenToAndNotReplaced() {
        Path device = Path.of("/dev/null");
        AtomicFiles.write(device, bytes("gone"));
        assertThat(Files.isRegularFile(device)).isFalse();
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.map(path -> path.toFile().getName()).toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
