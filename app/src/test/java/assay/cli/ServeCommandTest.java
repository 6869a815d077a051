package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--port, 70000, '--port: expected 0 to 65535, found 70000.'",
        "--adapters, no/such/folder, '--adapters: expected a folder, found none (no/such/folder).'"
    })
    void whatDoesNotFitIsRefusedBeforeAModelIsOpened(String option, String value, String message) {
        StringWriter err = new StringWriter();
        int code = Main.run(new String[] {"serve", option, value}, writer(new StringWriter()), writer(err));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void helpHasExamples() {
        StringWriter out = new StringWriter();
        assertThat(Main.run(new String[] {"serve", "--help"}, writer(out), writer(new StringWriter())))
                .isZero();
        assertThat(out.toString()).contains("assay serve --adapters", "Nothing leaves this machine.");
    }

    private static PrintWriter writer(StringWriter text) {
        return new PrintWriter(text, true);
    }
}
