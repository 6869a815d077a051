package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedHashTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path large(int first) throws IOException {
        byte[] bytes = new byte[17 << 20];
        bytes[0] = (byte) first;
        Path file = Files.write(folder.resolve("large"), bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        return file;
    }

    private List<Path> notes() throws IOException {
        Path memory = folder.resolve("memory");
        if (!Files.isDirectory(memory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(memory)) {
            return files.toList();
        }
    }

    @Test
    void whatIsRememberedIsTheHash() throws IOException {
        Path file = large(1);
        String hash = RememberedHash.of(file, folder.resolve("memory"));
        assertThat(hash).isEqualTo(Sha256.of(file));
        Path note = notes().getFirst();
        String said = Files.readString(note);
        String other = said.substring(0, said.length() - 64).replace(hash, "0".repeat(64));
        Files.writeString(note, other + Sha256.ofText(other));
        assertThat(RememberedHash.of(file, folder.resolve("memory"))).isEqualTo("0".repeat(64));
    }

    @Test
    void aDamagedNoteIsNotBelieved() throws IOException {
        Path file = large(1);
        String hash = RememberedHash.of(file, folder.resolve("memory"));
        Path note = notes().getFirst();
        String whole = Files.readString(note);
        for (String damaged : List.of(
                "",
                whole.substring(1),
                whole.substring(60),
                whole.substring(0, 64),
                "0" + whole.substring(1, whole.length() - 1) + "0",
                "x" + whole.substring(1),
                "\u0000".repeat(200))) {
            Files.writeString(note, damaged);
            assertThat(RememberedHash.of(file, folder.resolve("memory"))).isEqualTo(hash);
            assertThat(note).as("mended").hasContent(whole);
        }
    }

    @Test
    void otherBytesOfTheSameSizeAndTimeAreHashedAgain() throws IOException {
        String was = RememberedHash.of(large(1), folder.resolve("memory"));
        Path file = large(2);
        assertThat(RememberedHash.of(file, folder.resolve("memory")))
                .isEqualTo(Sha256.of(file))
                .isNotEqualTo(was);
    }

    @Test
    void smallFilesAndThoseJustWrittenAreNotRemembered() throws IOException {
        Path small = Files.writeString(folder.resolve("small"), "x");
        assertThat(RememberedHash.of(small, folder.resolve("memory"))).isEqualTo(Sha256.of(small));
        Path fresh = large(1);
        Files.setLastModifiedTime(fresh, FileTime.from(Instant.now()));
        RememberedHash.of(fresh, folder.resolve("memory"));
        assertThat(notes()).isEmpty();
    }
}
