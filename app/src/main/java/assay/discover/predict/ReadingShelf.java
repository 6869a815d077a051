package assay.discover.predict;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import assay.base.run.UserFolders;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.probe.Probe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Readings of an atlas's prompts. They depend on model and prompts alone, so they are made once and kept in the
/// user's cache, two bytes a number.
public record ReadingShelf(Path folder) {
    private static final int PORTION = 384;

    /// The shelf of this user.
    public static ReadingShelf current() {
        return new ReadingShelf(UserFolders.current().cache().resolve("readings"));
    }

    /// Readings of all entries `[entry, width]`, made now if they are not there.
    public float[][] readings(Atlas atlas, ChatModel chat, Job job) {
        return readings(atlas, chat, new PromptReader(chat), job);
    }

    /// As above, by a reader of one's choice.
    public float[][] readings(Atlas atlas, ChatModel chat, PromptReader reader, Job job) {
        List<String> texts = atlas.texts();
        String prompts = Sha256.ofText(String.join("\n", texts));
        Path file = folder.resolve(chat.sha256().substring(0, 16) + "-" + prompts.substring(0, 16) + "-"
                + reader.extent().key() + "-" + chat.model().dtype() + ".readings");
        Optional<float[][]> kept = read(file, texts.size(), reader.width());
        if (kept.isPresent()) {
            return kept.get();
        }
        List<float[]> readings = new ArrayList<>();
        try (Stage stage = job.stage("prompts of the dictionary read, once", texts.size())) {
            for (int start = 0; start < texts.size(); start += PORTION) {
                List<String> part = texts.subList(start, Math.min(texts.size(), start + PORTION));
                readings.addAll(List.of(
                        reader.read(part.stream().map(chat.tokenizer()::encode).toList())));
                stage.advance(part.size());
            }
        }
        float[][] all = readings.toArray(float[][]::new);
        AtomicFiles.write(file, bytes(all));
        // What is used must be what will be read back, to the last bit.
        return read(file, all.length, reader.width()).orElse(all);
    }

    /// Numbers that depend on model and atlas alone, made now if they are not there.
    ///
    /// @param name of the file's kind
    /// @param count how many there are
    public double[] numbers(String name, int count, Atlas atlas, ChatModel chat, Supplier<double[]> make) {
        StringBuilder all = new StringBuilder(String.join("\n", atlas.texts()));
        for (Probe.Turn turn : atlas.probe().turns()) {
            all.append('\n').append(turn.user()).append(turn.split()).append(Arrays.toString(turn.answer()));
        }
        Path file = folder.resolve(chat.sha256().substring(0, 16) + "-"
                + Sha256.ofText(all.toString()).substring(0, 16) + "-"
                + chat.model().dtype() + "." + name);
        Optional<double[]> kept = numbers(file, count);
        if (kept.isPresent()) {
            return kept.get();
        }
        double[] made = make.get();
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * made.length);
        bytes.asDoubleBuffer().put(made);
        AtomicFiles.write(file, bytes.array());
        return made;
    }

    /// As with readings, a file that cannot be right counts as none.
    static Optional<double[]> numbers(Path file, int count) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != (long) Double.BYTES * count) {
                return Optional.empty();
            }
            double[] numbers = new double[count];
            ByteBuffer.wrap(Files.readAllBytes(file)).asDoubleBuffer().get(numbers);
            return Arrays.stream(numbers).allMatch(Double::isFinite) ? Optional.of(numbers) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static byte[] bytes(float[][] readings) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Math.multiplyExact(readings.length, readings[0].length));
        for (float[] reading : readings) {
            for (float value : reading) {
                bytes.putShort((short) ((Float.floatToRawIntBits(value) + 0x8000) >>> 16));
            }
        }
        return bytes.array();
    }

    /// What is kept; a file of another size or with numbers that are none counts as none, since it can be made again.
    static Optional<float[][]> read(Path file, int rows, int width) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != 2L * rows * width) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            float[][] readings = new float[rows][width];
            for (float[] reading : readings) {
                for (int i = 0; i < width; i++) {
                    reading[i] = Float.intBitsToFloat(bytes.getShort() << 16);
                    if (!Float.isFinite(reading[i])) {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(readings);
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
