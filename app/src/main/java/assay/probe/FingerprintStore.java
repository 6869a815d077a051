package assay.probe;

import assay.behaviour.Context;
import assay.behaviour.HardPrompt;
import assay.behaviour.Runner;
import assay.tensor.Dtype;
import assay.tensor.TensorScope;
import assay.tensor.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Hidden states of hard prompts on contexts, each computed once: random prompts serve as nulls for every target of a model, so
/// keeping them on disk makes the second explanation much faster than the first.
///
/// Files are named by a hash of everything that decides their content (model, number format, contexts, prompt tokens). They hold the
/// upper 16 bits of each float32, which is lossless for a model that runs in bfloat16; other formats are not stored.
public final class FingerprintStore {
    private final Runner runner;
    private final Optional<Path> folder;
    private final String modelSha256;

    /// @param runner runs what is not stored yet
    /// @param folder where fingerprints are kept between runs, if they are to be
    /// @param modelSha256 hash of the model's weights
    public FingerprintStore(Runner runner, Optional<Path> folder, String modelSha256) {
        this.runner = runner;
        this.folder = runner.chat().model().dtype() == Dtype.BFLOAT16 ? folder : Optional.empty();
        this.modelSha256 = modelSha256;
    }

    /// Hidden states of a prompt at all places of the contexts.
    ///
    /// @return `[place hidden]` float32, owned by the caller's scope
    public Tensor hidden(HardPrompt prompt, List<Context> contexts) {
        int hidden = runner.chat().model().hidden();
        int places = contexts.stream().mapToInt(Context::places).sum();
        Optional<Path> file = folder.map(at -> at.resolve(key(prompt, contexts) + ".bf16"));
        Optional<float[]> stored = file.flatMap(path -> read(path, places * hidden));
        if (stored.isPresent()) {
            return Torch.floats(stored.get(), places, hidden);
        }
        try (TensorScope scope = TensorScope.withoutGradients()) {
            Tensor computed = runner.hidden(prompt, contexts);
            file.ifPresent(path -> write(path, Torch.toFloats(computed)));
            return scope.keep(computed);
        }
    }

    private String key(HardPrompt prompt, List<Context> contexts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(modelSha256.getBytes(StandardCharsets.UTF_8));
            digest.update(Torch.description().getBytes(StandardCharsets.UTF_8));
            update(digest, runner.chat().slot().prefix(prompt.tokens()));
            for (Context context : contexts) {
                update(digest, context.tail());
                update(digest, context.places());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void update(MessageDigest digest, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * values.length).putInt(values.length);
        bytes.asIntBuffer().put(values);
        digest.update(bytes.array());
    }

    private static Optional<float[]> read(Path path, int count) {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) != 2L * count) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = Float.intBitsToFloat(bytes.getShort() << 16);
            }
            return Optional.of(values);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /// A cache that cannot be written is a slower run, not a failed one.
    private static void write(Path path, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        }
        Path partial = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(path.getParent());
            Files.write(partial, bytes.array());
            Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            partial.toFile().delete();
        }
    }
}
