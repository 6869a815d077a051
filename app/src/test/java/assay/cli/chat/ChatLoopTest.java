package assay.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import assay.show.page.Style;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.tasks.talk.AnswerListener;
import assay.tasks.talk.Column;
import assay.tasks.talk.Talk;
import assay.tasks.talk.TinyTalk;
import assay.tasks.talk.WorkQueue;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A chat through a pipe, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("StringConcatToTextBlock") // lines as they are sent
class ChatLoopTest {
    private static final Style STYLE = new Style(80, false);

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private WorkQueue queue;

    @SuppressWarnings("NullAway.Init")
    private Path home;

    @BeforeAll
    void open(@TempDir Path place) {
        home = place;
        session = TinyTalk.session(place);
        queue = new WorkQueue();
    }

    @AfterAll
    void close() {
        queue.close();
        session.close();
    }

    @Test
    void columnsAnswerOneAfterTheOther() {
        String said = chat("Hello!");
        assertThat(said).contains("> Hello!\n", "base:\n", "target:\n", "mixture:\n");
        assertThat(said.indexOf("base:")).isLessThan(said.indexOf("target:"));
        assertThat(said.indexOf("target:")).isLessThan(said.indexOf("mixture:"));
        assertThat(said).doesNotContain("\u001b");
    }

    @Test
    void everyCommandOfTheHelpIsUnderstood() {
        String example = String.join(
                "\n",
                "/tokens 6",
                "Hello!",
                "/weights",
                "/weight 3 -0.5",
                "/off 3",
                "/on 3",
                "/drop 3",
                "/edit 2 You are old.",
                "/add 0.5 You are young.",
                "/refit",
                "/figures",
                "/scale 2",
                "/again",
                "/why",
                "/top 1",
                "/branch 2 \" mate\"",
                "/columns base mixture",
                "/seed 3",
                "/temperature 0.7",
                "/topp 0.9",
                "/system Be brief.",
                "/prefill Sure,",
                "Why?",
                "/new",
                "/raw",
                "Once upon",
                "/raw",
                "/export python",
                "/export json",
                "/export text",
                "/help");
        String said = chat(example);
        for (String command : Commands.names()) {
            assertThat(example + "/save /quit").contains(command);
        }
        assertThat(said).doesNotContain(": expected");
        assertThat(said)
                .contains(
                        "You are old.",
                        "closed ",
                        "over ",
                        "KL(target‖mixture)",
                        "PROMPTS = [",
                        "The adapter's scale is 2.");
    }

    @Test
    void whatCannotBeDoneIsToldInALineAndTheChatGoesOn() {
        String said = chat(String.join(
                "\n",
                "/why",
                "/weight 9 1",
                "/weight 1 much",
                "/edit 1",
                "/nothing",
                "/columns soft",
                "/export",
                "/export soft here",
                "/temperature -1",
                "/save",
                "/weights"));
        assertThat(said)
                .contains(
                        "chat: expected an answer, found none (so far). Say something first.",
                        "prompt: expected 1 to 3, found 9.",
                        "weight: expected a number, found \"much\". /help shows how.",
                        "prompt: expected some text, found none.",
                        "command: expected one of /help, found /nothing.",
                        "columns: expected some of base, target, mixture, found soft.",
                        "export: expected python, json, text or soft, found nothing.",
                        "export: expected a soft prompt, found none (in this run).",
                        "temperature: expected 0 to 10, found -1.",
                        "save: expected a run folder, found a target without one",
                        "  1 +0.800 Be sad.");
    }

    @Test
    void theSameLinesGiveTheSameChat() {
        String lines = "Hello!\n/weight 1 -0.3\nGo on.\n/why";
        assertThat(chat(lines)).isEqualTo(chat(lines));
    }

    @Test
    void anExportIsWrittenWhole() throws Exception {
        Path file = home.resolve("mixture.py");
        assertThat(chat("/off 2\n/export python " + file)).contains("Written: " + file);
        assertThat(Files.readString(file))
                .contains("    (0.8, \"Be sad.\"),\n    (-0.4, \"Talk about rain.\"),\n]")
                .doesNotContain("Rhyme", "@MODEL@", "@PROMPTS@");
    }

    @Test
    void wideTerminalsShowColumnsSideBySide() {
        StringWriter written = new StringWriter();
        AnswerScreen screen =
                new AnswerScreen(new PrintWriter(written), 80, true, false, List.of(Column.BASE, Column.MIXTURE));
        screen.begin();
        screen.token(
                Column.BASE, new AnswerListener.Token(0, 5, "One two three four five six seven eight nine ten", 1));
        screen.token(Column.MIXTURE, new AnswerListener.Token(0, 5, "Short.", 1));
        assertThat(written.toString().lines()).hasSize(1);
        screen.ended(Column.MIXTURE, ended("Short."));
        assertThat(written.toString().lines()).hasSize(2);
        screen.ended(Column.BASE, ended("One two three four five six seven eight nine ten"));
        assertThat(written.toString()).isEqualTo("""
                        base                                   │ mixture
                        One two three four five six seven      │ Short.
                        eight nine ten                         │
                        """);
    }

    private static AnswerListener.Answered ended(String text) {
        return new AnswerListener.Answered(new int[] {5}, text, AnswerListener.Ending.ITSELF);
    }

    private String chat(String lines) {
        StringWriter written = new StringWriter();
        try (Talk talk = Talk.open(session, queue, new Target.Named.Adapter(TinyTalk.adapter()))) {
            talk.prompts(TinyTalk.PROMPTS);
            byte[] bytes = (lines + "\n/quit\nnever read\n").getBytes(StandardCharsets.UTF_8);
            ChatSettings settings = ChatSettings.defaults(1).withTokens(8);
            new ChatLoop(talk, Lines.of(new ByteArrayInputStream(bytes)), new PrintWriter(written), STYLE, settings)
                    .run();
        }
        assertThat(written.toString()).doesNotContain("never read");
        return written.toString();
    }
}
