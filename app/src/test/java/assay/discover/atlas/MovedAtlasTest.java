package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.sparse.Angle;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Sketcher;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One atlas over every base.
class MovedAtlasTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void sketchesOverAnotherBaseAreThoseTakenOverIt() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel usual = TinyModel.open("tied")) {
            Atlas atlas = TinyAtlas.of(usual);
            assertThat(MovedAtlas.over(atlas, usual)).isSameAs(atlas);
            for (BasePrompt base : List.of(new BasePrompt.None(), new BasePrompt.Text("Be sad."))) {
                ChatModel chat = usual.over(base);
                Atlas moved = MovedAtlas.over(atlas, chat);
                assertThat(moved.header()).containsEntry(Atlas.BASE_PROMPT, base.written());
                assertThat(moved.energy()).isNotEqualTo(atlas.energy());
                try (Sketcher sketcher = new Sketcher(new Runner(chat), atlas.probe(), atlas.map())) {
                    float[][] taken = sketcher.sketches(Screen.prompts(atlas.entries(), chat.tokenizer()), _ -> {});
                    for (int i = 0; i < taken.length; i++) {
                        assertThat(Angle.between(moved.sketches().row(i), taken[i])
                                        .cosine())
                                .as(base + " " + atlas.entries().get(i))
                                .isGreaterThan(.999);
                    }
                }
            }
        }
    }

    @Test
    void theShelfHandsOutTheAtlasOfTheModelsBase() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel usual = TinyModel.open("tied")) {
            Atlas atlas = TinyAtlas.of(usual);
            AtlasShelf shelf = new AtlasShelf(folder, folder, "tied");
            AtlasShelf.write(atlas, shelf.buildFile(usual));
            assertThat(shelf.find(usual).atlas().header()).doesNotContainKey(Atlas.BASE_PROMPT);
            assertThat(shelf.find(usual.over(new BasePrompt.None())).atlas().header())
                    .containsEntry(Atlas.BASE_PROMPT, "none");
        }
    }

    @Test
    void anAtlasMadeWithAnotherThinkingIsRefused() {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel usual = TinyModel.open("tied")) {
            AtlasShelf shelf = new AtlasShelf(folder, folder, "tied");
            AtlasShelf.write(TinyAtlas.of(usual).with(Atlas.THINKING, "EMPTY_BLOCK"), shelf.buildFile(usual));
            assertThatThrownBy(() -> shelf.find(usual))
                    .hasMessageContaining("atlas: expected one made with thinking none, found another")
                    .hasMessageContaining("atlas build --model tied --force");
        }
    }
}
