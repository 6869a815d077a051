package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingShelfTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void readingsThatAreNoNumbersOrOfAnotherSizeCountAsNone() throws IOException {
        byte[] sound = new byte[2 * 3 * 4];
        Path file = Files.write(folder.resolve("x.readings"), sound);
        assertThat(ReadingShelf.read(file, 3, 4).orElseThrow()).hasDimensions(3, 4);
        assertThat(ReadingShelf.read(file, 3, 5)).isEmpty();
        sound[10] = 0x7f;
        sound[11] = (byte) 0xc0; // NaN
        Files.write(file, sound);
        assertThat(ReadingShelf.read(file, 3, 4)).isEmpty();
    }
}
