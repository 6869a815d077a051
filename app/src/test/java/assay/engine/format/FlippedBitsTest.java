package assay.engine.format;

import static org.assertj.core.api.Assertions.assertThat;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.peft.AdapterFolder;
import assay.engine.peft.PeftAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random damage, the same on every run: a file is read or refused, and nothing else happens.
final class FlippedBitsTest {
    @TempDir
    Path folder;

    @Test
    void everyTruncationIsReadOrRefused() throws IOException {
        for (byte[] whole : List.of(GgufBytes.valid(), SafetensorsBytes.valid())) {
            String name = whole[0] == 'G' ? "m.gguf" : "m.safetensors";
            int refused = 0;
            for (int length = 0; length < whole.length; length++) {
                refused += readsOrRefuses(Files.write(folder.resolve(name), Arrays.copyOf(whole, length))) ? 0 : 1;
            }
            assertThat(refused).isEqualTo(whole.length);
            assertThat(readsOrRefuses(Files.write(folder.resolve(name), whole))).isTrue();
        }
    }

    @Test
    void everyFlippedBitOfAGgufFileIsReadOrRefused() throws IOException {
        fuzz("m.gguf", GgufBytes.valid());
    }

    @Test
    void everyFlippedBitOfASafetensorsFileIsReadOrRefused() throws IOException {
        fuzz("m.safetensors", SafetensorsBytes.valid());
    }

    private void fuzz(String name, byte[] whole) throws IOException {
        Random random = new Random(20);
        int read = 0;
        int rounds = 600;
        Function<byte[], byte[]> flip = bytes -> {
            byte[] flipped = bytes.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return flipped;
        };
        for (int round = 0; round < rounds; round++) {
            read += readsOrRefuses(Files.write(folder.resolve(name), flip.apply(whole))) ? 1 : 0;
        }
        assertThat(read).as("some damage is invisible, most is not").isBetween(rounds / 50, rounds * 4 / 5);
    }

    /// True if everything in the file could be read, false if it was refused; any other failure is the
    /// test's.
    private static boolean readsOrRefuses(Path path) {
        try (WeightFile file = WeightFiles.open(path);
                TensorScope _ = new TensorScope()) {
            for (String name : file.tensors().keySet()) {
                file.read(name, Dtype.FLOAT32);
            }
            return true;
        } catch (InputException refused) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapter_config.json", "adapter_model.safetensors"})
    void everyFlippedBitOfAnAdapterIsReadOrRefused(String name) throws IOException {
        Path file = AdapterFolder.plain(folder)
                .config("rank_pattern", "{\"k_proj\":3}")
                .config("layers_to_transform", "[0,1]")
                .write()
                .resolve(name);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(5);
        int refused = 0;
        int rounds = 250;
        for (int round = 0; round < rounds; round++) {
            byte[] flipped = whole.clone();
            flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            try (TensorScope _ = new TensorScope()) {
                PeftAdapter.read(folder, AdapterFolder.modelShapes(), Dtype.FLOAT32);
            } catch (InputException expected) {
                refused++;
            }
        }
        assertThat(refused).as("some damage is invisible, most is not").isBetween(rounds / 4, rounds - 1);
    }
}
