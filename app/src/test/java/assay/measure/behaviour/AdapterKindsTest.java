package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TinyModel;
import assay.engine.model.TokenBatch;
import assay.engine.peft.PeftPrompt;
import assay.engine.peft.Trim;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Adapters of the kinds trainers use beside plain LoRA, on tiny models, against PEFT.
final class AdapterKindsTest {
    private static final String EXPECTED = "adapters/expected.safetensors";
    private static final List<ModelGolden.Context> CONTEXTS = ModelGolden.contexts("tiny/expected.json");

    record Adapter(String name, String model) {}

    static Stream<Adapter> adapters() {
        return ModelGolden.json("adapters/expected.json")
                .path("adapters")
                .valueStream()
                .filter(node -> node.path("kind").asString().equals("lora"))
                .map(node -> new Adapter(
                        node.path("name").asString(), node.path("model").asString()));
    }

    private static ChatModel open(String model) {
        return ChatModel.open("tiny", ModelGolden.path(model), Dtype.FLOAT32);
    }

    private static void requireEqual(Tensor ours, Tensor theirs) {
        assertThat(ModelGolden.difference(ours, theirs))
                .isLessThan(2e-4 * theirs.abs().max().item_double());
        assertThat(Arrays.stream(ModelGolden.divergences(theirs, ours)).max().orElseThrow())
                .isLessThan(1e-6);
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void logitsAreThoseOfPeft(Adapter adapter) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open(adapter.model())) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path("adapters/" + adapter.name()), chat);
            requireEqual(
                    ModelGolden.logits(chat.model(), opened.overlay(), CONTEXTS),
                    ModelGolden.tensor(EXPECTED, adapter.name()));
        }
    }

    /// `W + k·ΔW`: for k = 0 the base, for k = 1 the adapter, and hidden states know nothing of how it is written.
    @ParameterizedTest
    @ValueSource(strings = {"dora", "dora-everywhere", "dora-biased", "tokens-both", "tying-saved"})
    void aMultipleNearNothingIsTheBaseAndNearOneTheAdapter(String name) {
        Adapter adapter =
                adapters().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open(adapter.model())) {
            var folder = ModelGolden.path("adapters/" + name);
            Tensor base = ModelGolden.logits(chat.model(), Behaviour.BASE.overlay(), CONTEXTS);
            Tensor whole = ModelGolden.logits(
                    chat.model(), LoraAdapter.open(folder, chat).overlay(), CONTEXTS);
            Tensor little = ModelGolden.logits(
                    chat.model(),
                    LoraAdapter.open(folder, chat, new Trim(1e-4, 0)).overlay(),
                    CONTEXTS);
            Tensor nearly = ModelGolden.logits(
                    chat.model(),
                    LoraAdapter.open(folder, chat, new Trim(0.9999, 0)).overlay(),
                    CONTEXTS);
            double apart = ModelGolden.difference(whole, base);
            assertThat(ModelGolden.difference(little, base)).isLessThan(0.01 * apart);
            assertThat(ModelGolden.difference(nearly, whole)).isLessThan(0.01 * apart);
            assertThat(ModelGolden.difference(little, base)).isGreaterThan(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dora-everywhere", "tokens-both", "tokens-tied", "head-of-tied"})
    void headsOfTheirOwnAreMixedExactly(String name) {
        Adapter adapter =
                adapters().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open(adapter.model())) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path("adapters/" + name), chat);
            assertThat(opened.changesUnembedding()).isTrue();
            Runner runner = new Runner(chat, List.of(opened));
            Context context = new Context(0, TinyModel.tokens(3, 9), 1);
            int[] ids = PromptCache.joined(chat.slot().prefix(new int[0]), context.tail());
            Tensor theirs = ModelGolden.logits(
                    chat.model(), opened.overlay(), List.of(new ModelGolden.Context(ids, new int[] {ids.length - 1})));
            Tensor states = runner.hidden(opened, List.of(context));
            Tensor ours = runner.unembedding().logits(states);
            assertThat(ModelGolden.difference(ours, theirs)).isLessThan(1e-4);
        }
    }

    /// The numbers of a pickled file are read without running it.
    @ParameterizedTest
    @CsvSource({"float32, 1e-6", "bfloat16, 0.2", "float16, 0.02"})
    void aPickledAdapterIsTheOneItWasMadeOf(String format, double apart) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open("tiny/models/tied")) {
            LoraAdapter pickled = LoraAdapter.open(ModelGolden.path("adapters/bin-" + format), chat);
            assertThat(ModelGolden.difference(
                            ModelGolden.logits(chat.model(), pickled.overlay(), CONTEXTS),
                            ModelGolden.logits(
                                    chat.model(),
                                    LoraAdapter.open(ModelGolden.path("adapters/float-alpha"), chat)
                                            .overlay(),
                                    CONTEXTS)))
                    .isLessThan(apart);
        }
    }

    @ParameterizedTest
    @CsvSource({"prefix, tiny/models/untied-bf16", "prefix-projected, tiny/models/tied"})
    void logitsBehindTrainedKeysAndValuesAreThoseOfPeft(String name, String model) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open(model)) {
            PeftPrompt prompt = PeftPrompt.read(
                    ModelGolden.path("adapters/" + name),
                    chat.model().hidden(),
                    chat.model().keysAndValues());
            assertThat(prompt.place()).isEqualTo(PeftPrompt.Place.KEYS);
            KeyValueCache trained = chat.model().cacheOf(prompt.embeddings());
            TensorVector rows = new TensorVector();
            for (ModelGolden.Context context : CONTEXTS) {
                Tensor hidden =
                        chat.model().hidden(TokenBatch.of(context.ids()), trained, Overlay.NONE, context.positions());
                rows.push_back(chat.model().logits(hidden, Overlay.NONE));
            }
            requireEqual(torch.cat(rows, 0), ModelGolden.tensor(EXPECTED, name));
        }
    }

    /// As a behaviour it stands in front of the slot: contexts and answers go on behind the same cache.
    @Test
    void trainedKeysAndValuesWriteWhatTheySay() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open("tiny/models/tied")) {
            PeftPrompt prompt = PeftPrompt.read(
                    ModelGolden.path("adapters/prefix-projected"),
                    chat.model().hidden(),
                    chat.model().keysAndValues());
            SoftPrompt soft = new SoftPrompt("prefix", "", prompt.embeddings(), prompt.place());
            int[] tail = chat.slot().tail(chat.tokenizer().encode("Why?"), new int[0]);
            int[] answer = new Generator(chat)
                    .continuations(soft, List.of(tail), Sampling.greedy(5), _ -> false)
                    .getFirst();
            Context context = new Context(0, PromptCache.joined(tail, Arrays.copyOf(answer, 4)), 5);
            Tensor states = new Runner(chat).hidden(soft, List.of(context));
            Tensor logits = chat.model().logits(states, Overlay.NONE);
            assertThat(Torch.toLongs(logits.topk(1).get1()))
                    .containsExactly(Arrays.stream(answer).asLongStream().toArray());
            int[] ids = PromptCache.joined(chat.slot().prefix(new int[0]), context.tail());
            TokenBatch batch = TokenBatch.of(ids);
            Tensor whole = chat.model()
                    .hidden(batch, chat.model().cacheOf(prompt.embeddings()), Overlay.NONE, Positions.last(batch));
            assertThat(ModelGolden.difference(whole, states.narrow(0, 4, 1))).isLessThan(1e-4);
        }
    }

    @Test
    void doraIsNotCut() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open("tiny/models/tied")) {
            assertThatThrownBy(() -> LoraAdapter.open(ModelGolden.path("adapters/dora"), chat, new Trim(1, 1)))
                    .isInstanceOf(InputException.class)
                    .hasMessage(
                            "--rank: expected an adapter of factors alone, found DoRA (DoRA, rank 3, down_proj q_proj"
                                    + " v_proj, 6 modules). Its magnitudes change whole matrices; leave --rank out, --scale"
                                    + " works.");
        }
    }

    @Test
    void rowsOfTokensAreExactlyThoseThatWereTrained() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = open("tiny/models/tied")) {
            LoraAdapter opened = LoraAdapter.open(ModelGolden.path("adapters/tokens-tied"), chat);
            assertThat(opened.description()).isEqualTo("LoRA, rank 3, q_proj, 2 modules, 3 rows of tokens");
            Tensor saved = ModelGolden.tensor(
                    "adapters/tokens-tied/adapter_model.safetensors",
                    "base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta");
            Tensor embedded = chat.model()
                    .embed(TokenBatch.of(200, 5, 77), opened.overlay())
                    .squeeze(0);
            assertThat(ModelGolden.difference(embedded, saved)).isLessThan(1e-6);
        }
    }
}
