package assay.discover.predict;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Grammar;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Laws of reading prompts, on a tiny random model in float32.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptReaderTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-4f);

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @SuppressWarnings("NullAway.Init")
    private PromptReader reader;

    @BeforeAll
    void open() {
        chat = TinyModel.open("sharded-fp16");
        reader = new PromptReader(chat);
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void aReadingDoesNotDependOnWhatIsReadBesideIt() {
        List<int[]> prompts = new ArrayList<>();
        Grammar.draw(60, 2).stream()
                .map(phrase ->
                        phrase.text().substring(0, Math.min(50, phrase.text().length())))
                .forEach(text -> prompts.add(chat.tokenizer().encode(text)));
        float[][] together = reader.read(prompts);
        for (int i = 0; i < prompts.size(); i += 7) {
            assertClose(together[i], reader.read(List.of(prompts.get(i)))[0]);
        }
    }

    @Test
    void aReadingFromEmbeddingsIsThatOfTheTokens() {
        List<int[]> prompts = List.of(
                chat.tokenizer().encode("Be a sad cook."), chat.tokenizer().encode("Be a mad fool."));
        float[][] read = reader.read(prompts);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            assertThat(prompts.getFirst()).hasSameSizeAs(prompts.getLast());
            Tensor embeddings = reader.embedded(prompts);
            float[] both = Torch.toFloats(reader.readEmbedded(embeddings, prompts, chat.opening()));
            float[] expected = new float[2 * reader.width()];
            System.arraycopy(read[0], 0, expected, 0, reader.width());
            System.arraycopy(read[1], 0, expected, reader.width(), reader.width());
            assertClose(both, expected);
        }
    }

    @Test
    void aReadingChangesWithTheText() {
        float[][] read = reader.read(List.of(
                chat.tokenizer().encode("Be a sad cook."),
                chat.tokenizer().encode("Be a mad cook."),
                chat.tokenizer().encode("Be a sad cook.")));
        assertThat(read[0]).hasSize(3 * chat.model().hidden());
        assertClose(read[0], read[2]);
        for (int part = 0; part < 3; part++) {
            assertThat(furthest(read[0], read[1], part * chat.model().hidden())).isGreaterThan(1e-3);
        }
    }

    @Test
    void aboutThreeFifthsOfTheBlocksAreRun() {
        assertThat(PromptReader.Extent.blocks(30)).isEqualTo(18);
        assertThat(PromptReader.Extent.blocks(1)).isEqualTo(1);
        assertThat(reader.extent().blocks()).isEqualTo(2);
    }

    private double furthest(float[] one, float[] other, int start) {
        double furthest = 0;
        for (int i = start; i < start + chat.model().hidden(); i++) {
            furthest = Math.max(furthest, Math.abs(one[i] - other[i]));
        }
        return furthest;
    }

    private static void assertClose(float[] one, float[] other) {
        assertThat(one).hasSameSizeAs(other);
        for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isCloseTo(other[i], CLOSE);
        }
    }
}
