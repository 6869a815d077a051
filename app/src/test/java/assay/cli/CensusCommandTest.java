package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.TestFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CensusCommandTest {
    private static final String MODEL =
            TestFiles.path("golden/tiny/models/tied").toString();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// @param code exit code
    private record Answer(int code, String out, String err) {}

    @Test
    void whatCannotBeAShelfIsRefusedBeforeAModelIsOpened() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Answer none = census(empty.toString(), "--out", folder.resolve("out").toString());
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("expected an adapter_config.json somewhere in the folder, found none");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(census(empty.toString(), "--atoms", "0").code()).isEqualTo(2);
        assertThat(census().err()).contains("Missing required parameter: 'ADAPTERS'");
    }

    @Test
    void helpHasAnExampleAndNamesEveryOption() {
        Answer help = census("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out())
                .contains("assay census path/to/adapters --out shelf", "--atoms", "--budget", "--no-search", "--out");
    }

    private static Answer census(String... arguments) {
        List<String> all = new ArrayList<>(List.of("census", "--model", MODEL, "--dtype", "FLOAT32"));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(all.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
        return new Answer(code, out.toString(), err.toString());
    }
}
