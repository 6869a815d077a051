package assay.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import assay.cli.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// What is refused before a model is opened or a cluster asked.
class SparkOptionsTest {
    @Test
    void aMasterIsNeededAndLooksLikeOne() {
        assertThat(refusal(3, "doctor"))
                .contains("expected a cluster such as spark://host:7077 or local[2], found none");
        assertThat(refusal(2, "doctor", "--master", "host:7077")).contains("found host:7077.");
        assertThat(refusal(2, "doctor", "--master", "local[2]", "--executor-memory", "much"))
                .contains("such as 2g");
        assertThat(refusal(2, "doctor", "--master", "local[2]", "--slow", "0")).contains("--slow: expected 1 to");
    }

    private static String refusal(int code, String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text, true);
        assertThat(Program.run(new ClusterMain(), arguments, out, out)).isEqualTo(code);
        return text.toString();
    }
}
