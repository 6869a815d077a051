package assay.discover.predict;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import assay.base.run.UserFolders;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
