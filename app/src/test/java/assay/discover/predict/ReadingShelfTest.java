package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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

    @Test
    void keptNumbersThatAreNoneOrTooFewCountAsNone() throws IOException {
        byte[] sound = new byte[2 * Double.BYTES];
        Path file = Files.write(folder.resolve("x.tokens"), sound);
        assertThat(ReadingShelf.numbers(file, 2).orElseThrow()).containsExactly(0, 0);
        assertThat(ReadingShelf.numbers(file, 3)).isEmpty();
        assertThat(ReadingShelf.numbers(folder.resolve("y.tokens"), 2)).isEmpty();
        sound[0] = 0x7f;
        sound[1] = (byte) 0xf8; // NaN
        Files.write(file, sound);
        assertThat(ReadingShelf.numbers(file, 2)).isEmpty();
    }

    @Test
    void numbersOfAModelAndItsAtlasAreMadeOnce() {
        try (ChatModel chat = TinyModel.open("tied")) {
            Atlas atlas = TinyAtlas.of(chat);
            ReadingShelf shelf = new ReadingShelf(folder);
            AtomicInteger made = new AtomicInteger();
            Supplier<double[]> make = () -> new double[] {made.incrementAndGet(), 0.1};
            for (int i = 0; i < 2; i++) {
                assertThat(shelf.numbers("pair", 2, atlas, chat, make)).containsExactly(1, 0.1);
            }
            assertThat(shelf.numbers("other", 2, atlas, chat, make)).containsExactly(2, 0.1);
        }
    }
}
