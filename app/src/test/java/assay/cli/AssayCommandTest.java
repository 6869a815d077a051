package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.run.Job;
import assay.cli.options.AssayCommand;
import assay.show.page.Result;
import assay.show.page.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class AssayCommandTest {
    private static final String COLOURED = "\u001b[1mOne prompt\u001b[0m";

    @Command(name = "told")
    private static final class Told extends AssayCommand {
        @Override
        public Integer call() {
            return 0;
        }
    }

    private record Page() implements Result {
        @Override
        public String text(Style style) {
            return COLOURED;
        }

        @Override
        public String json() {
            return "{\"prompt\": \"\u009b31m\"}";
        }

        @Override
        public String html() {
            return "";
        }

        @Override
        public double seconds() {
            return 1;
        }
    }

    private static String told(boolean asPage, boolean json) {
        Told command = new Told();
        StringWriter shown = new StringWriter();
        new CommandLine(command).setOut(new PrintWriter(shown));
        if (asPage) {
            command.print(new Page(), json, Job.silent(), "");
        } else {
            command.print(COLOURED);
        }
        return shown.toString();
    }

    @Test
    void aPageKeepsTheColoursItHasItself() {
        assertThat(told(true, false)).isEqualTo(COLOURED);
    }

    @Test
    void plainTextAndDocumentsMoveNothingOnTheTerminal() {
        assertThat(told(false, false)).isEqualTo("\\u001b[1mOne prompt\\u001b[0m");
        assertThat(told(true, true)).isEqualTo("{\"prompt\": \"\\u009b31m\"}");
    }
}
