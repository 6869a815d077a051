package assay.engine.model;

import assay.InputException;
import assay.base.run.Once;
import assay.base.tensor.Dtype;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.family.ConfigGguf;
import assay.engine.family.ConfigJson;
import assay.engine.family.Family;
import assay.engine.family.Fit;
import assay.engine.family.GgufSource;
import assay.engine.family.ModelConfig;
import assay.engine.family.WeightSource;
import assay.engine.format.GgufFile;
import assay.engine.format.WeightFile;
import assay.engine.format.WeightFiles;
import assay.engine.text.ChatTemplate;
import assay.engine.text.Slot;
import assay.engine.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A language model with its tokenizer and the slot its prompts sit in: everything needed to talk to it.
public final class ChatModel implements AutoCloseable {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final Slot slot;
    private final Path path;
    private final Identity identity;
    private final Once<KeyValueCache> opening;

    private ChatModel(LanguageModel model, Tokenizer tokenizer, Slot slot, Path path) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.slot = slot;
        this.path = path;
        this.identity = Identity.of(path);
        this.opening = new Once<>(() -> SideBySide.one(this::readOpening));
    }

    /// Opens a `.gguf` file or a Hugging Face folder.
    ///
    /// @param name what to call the model in reports
    /// @throws InputException if something is missing, of an unsupported kind, or does not belong together
    public static ChatModel open(String name, Path path, Dtype dtype) {
        if (Files.isDirectory(path)) {
            return openFolder(name, path, dtype, UnaryOperator.identity());
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException("model: expected a .gguf file or a Hugging Face folder, found nothing (" + path
                    + "). Check the path.");
        }
        return openGguf(name, path, dtype, UnaryOperator.identity());
    }

    /// A model of the same shape and vocabulary that never learnt anything: every matrix is drawn at random with
    /// the spread of the trained one.
    public ChatModel untrained(long seed) {
        UnaryOperator<WeightSource> blank = source -> new BlankSource(source, seed);
        String name = model.name() + ", untrained";
        return Files.isDirectory(path)
                ? openFolder(name, path, model.dtype(), blank)
                : openGguf(name, path, model.dtype(), blank);
    }

    private static ChatModel openGguf(String name, Path path, Dtype dtype, UnaryOperator<WeightSource> as) {
        try (GgufFile file = GgufFile.open(path)) {
            Map<String, Object> metadata = file.metadata();
            GgufSource source = new GgufSource(file, Family.ofGguf(metadata, path));
            ModelConfig config = ConfigGguf.read(path, metadata, source.vocabulary(), source.ropeDivisors());
            WeightSource weights = source.forConfig(config);
            Fit.shapes(config, weights.shapes());
            Tokenizer tokenizer = Tokenizer.fromGguf(metadata);
            if (!(metadata.get("tokenizer.chat_template") instanceof String template)) {
                throw new InputException(
                        "model: expected a chat template, found none (" + path + "). Use an instruction-tuned model.");
            }
            return open(name, path, config, tokenizer, template, () -> new Weights(config, as.apply(weights), dtype));
        }
    }

    private static ChatModel openFolder(String name, Path folder, Dtype dtype, UnaryOperator<WeightSource> as) {
        ConfigJson json = ConfigJson.read(folder.resolve("config.json"));
        ModelConfig config = json.config();
        try (WeightFile file = WeightFiles.open(folder)) {
            WeightSource source = json.source(config, file, folder);
            Tokenizer tokenizer = Tokenizer.fromJson(folder.resolve("tokenizer.json"));
            String template = TemplateFile.read(folder);
            return open(name, folder, config, tokenizer, template, () -> new Weights(config, as.apply(source), dtype));
        }
    }

    /// @param weights read last, as they take longest
    private static ChatModel open(
            String name, Path path, ModelConfig config, Tokenizer known, String template, Supplier<Weights> weights) {
        Slot slot = Slot.system(ChatTemplate.parse(template), known.within(config.vocabulary()));
        LanguageModel.requireRows(slot.context(new int[0], new int[0], new int[0]), config.vocabulary(), name);
        return new ChatModel(new LanguageModel(name, config, weights.get()), slot.prompts(), slot, path);
    }

    /// The model itself.
    public LanguageModel model() {
        return model;
    }

    /// Its tokenizer, which reads texts as prompts stand in the slot.
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /// Where prompts sit.
    public Slot slot() {
        return slot;
    }

    /// Keys and values of the slot's literal tokens in front of a prompt, read once and owned by this; null if there
    /// are none. Several threads may ask.
    public @Nullable KeyValueCache opening() {
        return slot.before().length == 0 ? null : opening.get();
    }

    private KeyValueCache readOpening() {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return model.prefill(TokenBatch.of(slot.before()), Overlay.NONE).retained();
        }
    }

    /// Tokens that end an answer.
    public Set<Integer> stopTokens() {
        return slot.stopTokens();
    }

    /// The file or folder it was opened from.
    public Path path() {
        return path;
    }

    /// Which model this is: everything that decides its numbers.
    public Identity identity() {
        return identity;
    }

    /// SHA-256 of a GGUF file; of a folder one hash for its weights, config, tokenizer and template.
    public String sha256() {
        return identity.sha256();
    }

    @Override
    public void close() {
        opening.end(KeyValueCache::release);
        model.close();
        tokenizer.close();
    }
}
