package assay.tasks.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterListTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aFolderIsSearchedHoweverDeepInTheOrderOfPaths() throws IOException {
        adapter("b");
        adapter("a/checkpoint-900/default");
        adapter("a/checkpoint-1000");
        Files.createDirectories(folder.resolve("c/none"));
        assertThat(AdapterList.read(folder))
                .containsExactly(
                        folder.resolve("a/checkpoint-1000").toString(),
                        folder.resolve("a/checkpoint-900/default").toString(),
                        folder.resolve("b").toString());
    }

    @Test
    void aListKeepsItsOrderAndStartsAtItsOwnFolder() throws IOException {
        adapter("b");
        Path list = Files.writeString(
                folder.resolve("list.txt"),
                "\n# the first ones\nowner/repo@main/sub\nb\n  /somewhere/a \r\nb\nnothing\n");
        assertThat(AdapterList.read(list))
                .containsExactly(
                        "owner/repo@main/sub",
                        folder.resolve("b").toString(),
                        "/somewhere/a",
                        folder.resolve("nothing").toString());
    }

    @Test
    void whatIsNoListIsRefusedWithWhatToDo() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThatThrownBy(() -> AdapterList.read(empty))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected an adapter_config.json somewhere in the folder, found none");
        assertThatThrownBy(() -> AdapterList.read(folder.resolve("x")))
                .hasMessageContaining("expected a folder, or a text file that lists some, found nothing");
        Path comments = Files.writeString(folder.resolve("comments.txt"), "# none\n\n");
        assertThatThrownBy(() -> AdapterList.read(comments))
                .hasMessageContaining("a path or a name on a line, found none");
        Path table = Files.writeString(folder.resolve("table.parquet"), "PAR1....");
        assertThatThrownBy(() -> AdapterList.read(table))
                .hasMessageContaining("found a Parquet table")
                .hasMessageContaining("assay cluster");
    }

    private void adapter(String name) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        Files.writeString(place.resolve("adapter_config.json"), "{}");
    }
}
