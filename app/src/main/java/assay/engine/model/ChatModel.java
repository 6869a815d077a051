package assay.engine.model;

import assay.InputException;
import assay.base.run.Once;
import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.family.ModelConfig;
import assay.engine.family.WeightSource;
import assay.engine.text.BasePrompt;
import assay.engine.text.ChatTemplate;
import assay.engine.text.Slot;
import assay.engine.text.Tokenizer;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A language model with its tokenizer and the slot its prompts sit in: everything needed to talk to it.
public final class ChatModel implements AutoCloseable {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final Slot usual;
    private final Slot slot;
    private final Path path;
    private final ModelCard card;
    private final Identity identity;
    private final Once<KeyValueCache> opening;

    private ChatModel(LanguageModel model, Slot usual, Slot slot, Path path, ModelCard card) {
        this.model = model;
        this.tokenizer = usual.prompts();
        this.usual = usual;
        this.slot = slot;
        this.path = path;
        this.card = card;
        this.identity = Identity.of(path);
        this.opening = new Once<>(() -> SideBySide.one(this::readOpening));
    }

    private ChatModel(ChatModel same, Slot slot) {
        this.model = same.model;
        this.tokenizer = same.tokenizer;
        this.usual = same.usual;
        this.slot = slot;
        this.path = same.path;
        this.card = same.card;
        this.identity = same.identity;
        this.opening = same.opening;
    }

    /// Opens a `.gguf` file or a Hugging Face folder.
    ///
    /// @param name what to call the model in reports
    /// @throws InputException if something is missing, of an unsupported kind, or does not belong together
    public static ChatModel open(String name, Path path, Dtype dtype) {
        return open(name, path, dtype, BasePrompt.usual());
    }

    /// The same over another base.
    ///
    /// @throws InputException also if the template leaves no way to do that
    public static ChatModel open(String name, Path path, Dtype dtype, BasePrompt base) {
        return open(name, path, dtype, base, Device.CPU);
    }

    /// The same on a device.
    ///
    /// @param device that is there ([Device#isThere])
    public static ChatModel open(String name, Path path, Dtype dtype, BasePrompt base, Device device) {
        return open(name, path, dtype, base, device, UnaryOperator.identity());
    }

    /// A model of the same shape and vocabulary that never learnt anything: every matrix is drawn at random with
    /// the spread of the trained one.
    public ChatModel untrained(long seed) {
        UnaryOperator<WeightSource> blank = source -> new BlankSource(source, seed);
        return open(model.name() + ", untrained", path, model.dtype(), slot.basePrompt(), model.device(), blank);
    }

    /// The same open model over another base; closing either closes both.
    ///
    /// @throws InputException if its template leaves no way to do that
    public ChatModel over(BasePrompt base) {
        return new ChatModel(this, usual.over(base));
    }

    private static ChatModel open(
            String name, Path path, Dtype dtype, BasePrompt base, Device device, UnaryOperator<WeightSource> as) {
        try (ModelFiles files = ModelFiles.open(path)) {
            ModelConfig config = files.config();
            Tokenizer known = files.tokenizer();
            Slot usual = Slot.system(ChatTemplate.parse(files.template().text()), known.within(config.vocabulary()));
            Slot slot = usual.over(base);
            LanguageModel.requireRows(slot.context(new int[0], new int[0], new int[0]), config.vocabulary(), name);
            ModelCard card = ModelCard.of(files, path);
            // Read last, as they take longest.
            Weights weights = new Weights(config, as.apply(files.weights()), dtype, device);
            return new ChatModel(new LanguageModel(name, config, weights), usual, slot, path, card);
        }
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

    /// What it is, as its files say.
    public ModelCard card() {
        return card;
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
