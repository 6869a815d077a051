package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.probe.SketchMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtlasShelfTest {
    private static final Path MODELS = Path.of("src", "test", "resources", "golden", "tiny", "models");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private AtlasShelf shelf;

    @BeforeEach
    void copy() throws IOException {
        shelf = new AtlasShelf(folder.resolve("shipped"), folder.resolve("built"), "my models/talk");
        for (String name : new String[] {"tied", "sharded-fp16"}) {
            Path copy = Files.createDirectories(folder.resolve(name));
            try (Stream<Path> files = Files.list(MODELS.resolve(name))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
    }

    private void with(String model, Consumer<ChatModel> use) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open(model, folder.resolve(model), Dtype.FLOAT32)) {
            use.accept(chat);
        }
    }

    /// Puts an atlas of a model on the shelf, as a build leaves it.
    private void build(ChatModel chat) {
        build(chat, chat.model().hidden());
    }

    private void build(ChatModel chat, int width) {
        Atlas any = AtlasFileTest.atlas();
        SketchMap map = new SketchMap(new float[width * SketchMap.COLUMNS], 4);
        AtlasShelf.write(
                new Atlas(any.header(), any.probe(), map, any.entries(), any.sketches())
                        .with(Atlas.MODEL_NAME, chat.model().name())
                        .with(Atlas.MODEL_SHA256, chat.sha256())
                        .with(Atlas.IDENTITY, chat.identity().toString()),
                shelf.buildFile(chat));
    }

    private void refused(String model, String difference) {
        with(model, chat -> {
            assertThat(shelf.exists(chat)).isFalse();
            assertThatThrownBy(() -> shelf.find(chat))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected one of model " + model + ", found " + difference)
                    .hasMessageEndingWith("Build one with: assay atlas build --model 'my models/talk'");
        });
    }

    @Test
    void anAtlasIsFoundByTheModelItWasBuiltOf() {
        with("tied", this::build);
        with("tied", chat -> assertThat(shelf.find(chat).file()).isEqualTo(shelf.buildFile(chat)));
        refused("sharded-fp16", "none");
    }

    @Test
    void anAtlasOfAnotherWidthIsRefusedWhateverItsHeaderSays() {
        with("tied", chat -> {
            build(chat, chat.model().hidden() + 1);
            assertThatThrownBy(() -> shelf.find(chat))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected tokens and widths of model tied");
        });
    }

    @Test
    void anotherShardWithTheSameIndexIsAnotherModel() throws IOException {
        with("sharded-fp16", this::build);
        Path shard = folder.resolve("sharded-fp16").resolve("model-00003-of-00003.safetensors");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length - 2] ^= 1;
        Files.write(shard, bytes);
        refused("sharded-fp16", "one of a model of that name with other weights");
    }

    @Test
    void aRepairedTemplateIsToldAsWhatDiffers() throws IOException {
        with("tied", this::build);
        Path config = folder.resolve("tied").resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("content'\\]", "content'] "));
        refused("tied", "one of a model of that name with other template");
    }
}
