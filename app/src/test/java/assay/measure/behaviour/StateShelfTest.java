package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What is looked up is what was run.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StateShelfTest {
    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = TinyModel.open("untied-bf16");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void theSecondTimeNothingIsRunAndTheNumbersAreTheSame(@TempDir Path folder) throws IOException {
        Runner keeping = new Runner(chat).keeping(shelf(folder, 1L << 20));
        float[] first = states(keeping, "Be kind.", context("What is rain?"));
        assertThat(first).isEqualTo(plain("Be kind.", context("What is rain?")));
        assertThat(files(folder)).hasSize(1);
        assertThat(states(keeping, "Be kind.", context("What is rain?"))).isEqualTo(first);
        assertThat(files(folder)).hasSize(1);
    }

    @Test
    void otherPromptsAndOtherContextsAreKeptApart(@TempDir Path folder) throws IOException {
        Runner keeping = new Runner(chat).keeping(shelf(folder, 1L << 20));
        for (String prompt : List.of("Be kind.", "Be rude.")) {
            for (String user : List.of("What is rain?", "Why?")) {
                assertThat(states(keeping, prompt, context(user))).isEqualTo(plain(prompt, context(user)));
            }
        }
        assertThat(files(folder)).hasSize(4);
    }

    @Test
    void aDamagedFileIsRunAgainAndNeverRead(@TempDir Path folder) throws IOException {
        Runner keeping = new Runner(chat).keeping(shelf(folder, 1L << 20));
        float[] right = states(keeping, "Be kind.", context("What is rain?"));
        Path file = files(folder).getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[5] ^= 1;
        for (byte[] damaged : List.of(bytes, new byte[0], new byte[33])) {
            Files.write(file, damaged);
            assertThat(states(keeping, "Be kind.", context("What is rain?"))).isEqualTo(right);
        }
    }

    @Test
    void aFolderThatTakesNothingCostsNothing(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("no-folder"), "");
        Runner keeping = new Runner(chat).keeping(shelf(file, 1L << 20));
        assertThat(states(keeping, "Be kind.", context("Why?"))).isEqualTo(plain("Be kind.", context("Why?")));
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst(@TempDir Path folder) throws IOException {
        StateShelf shelf = shelf(folder, 1L << 20);
        Runner keeping = new Runner(chat).keeping(shelf);
        states(keeping, "Be kind.", context("Why?"));
        Path old = files(folder).getFirst();
        Files.setLastModifiedTime(old, FileTime.fromMillis(0));
        states(keeping, "Be rude.", context("Why?"));
        shelf.tidy();
        assertThat(files(folder)).hasSize(2);
        shelf(folder, Files.size(old)).tidy();
        assertThat(files(folder)).hasSize(1).doesNotContain(old);
    }

    @Test
    void promptsOfNoDictionaryAreNotKept(@TempDir Path folder) {
        Runner keeping = new Runner(chat).keeping(shelf(folder, 1L << 20));
        assertThat(keeping.keeps(prompt("Be kind."))).isTrue();
        assertThat(keeping.keeps(prompt("Be odd."))).isFalse();
        assertThat(new Runner(chat).keeps(prompt("Be kind."))).isFalse();
    }

    private static StateShelf shelf(Path folder, long most) {
        return new StateShelf(folder, Set.of("Be kind.", "Be rude."), most);
    }

    private HardPrompt prompt(String text) {
        return HardPrompt.of(text, chat.tokenizer());
    }

    private float[] states(Runner runner, String text, Context context) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(runner.hiddenOnce(prompt(text), List.of(context)));
        }
    }

    private float[] plain(String text, Context context) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return Torch.toFloats(new Runner(chat).hidden(prompt(text), List.of(context)));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private Context context(String user) {
        return new Context(0, chat.slot().tail(chat.tokenizer().encode(user), new int[] {60, 61}), 2);
    }
}
