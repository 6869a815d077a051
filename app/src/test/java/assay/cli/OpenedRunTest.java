package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ModelGolden;
import assay.engine.peft.Trim;
import assay.engine.text.BasePrompt;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.tasks.talk.Column;
import assay.tasks.talk.RunFile;
import assay.tasks.talk.Talk;
import assay.tasks.talk.WorkQueue;
import assay.web.site.Site;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `explain` leaves is opened by chat and by the page without being told where its model and target lie.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenedRunTest {
    private static final Explain.Options SMALL = new Explain.Options(2, 6, 6, 2, TargetSearch.Budget.NONE, 7);
    private static final String MODEL = ModelGolden.path("tiny/models/tied").toString();
    private static final String ADAPTER =
            ModelGolden.path("tiny/adapters/plain").toString();
    private static final Target.Named COOK = new Target.Named.Prompt("You are a sad cook.");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path home;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    @BeforeAll
    void open() {
        session = open(BasePrompt.usual());
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas/tied.atlas"));
    }

    private static Session open(BasePrompt base) {
        return Session.open(MODEL, Precision.FLOAT32, base, home, Job.silent());
    }

    @AfterAll
    void close() {
        session.close();
    }

    static Stream<Target.Named> targets() {
        return Stream.of(
                COOK,
                new Target.Named.Adapter(ADAPTER),
                new Target.Named.Adapter(ADAPTER, new Trim(3, 0)),
                new Target.Named.Adapter(ADAPTER, new Trim(-0.5, 1)));
    }

    private static Path explained(Session session, Target.Named named) {
        try (RunFolder folder = RunFolder.createIn(home.resolve("runs"), named.folderName())) {
            new Explaining(session, session.atlas())
                    .explain(session.target(named), List.of(), SMALL, 0, folder)
                    .write(folder, "report");
            return folder.path();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aRunSaysWhatItsModelAndItsTargetAreAndIsOpenedFromThat(Target.Named named) throws Exception {
        Path folder = explained(session, named);
        RunFile run = RunFile.read(folder);
        assertThat(run.target()).isEqualTo(named);
        assertThat(run.under()).isEqualTo(new RunFile.Under(MODEL, Precision.FLOAT32, BasePrompt.usual()));
        assertThat(run.seed()).isEqualTo(7);
        try (WorkQueue queue = new WorkQueue();
                Talk talk = Talk.open(session, queue, run)) {
            assertThat(talk.columns()).containsExactly(Column.BASE, Column.TARGET, Column.MIXTURE);
            assertThat(talk.prompts().parts()).isNotEmpty();
        }
        assertThat(chatted(folder)).contains("1 ").doesNotContain("expected");
        assertThat(onThePage(session, folder)).contains("\"columns\":[\"base\",\"target\",\"mixture\"]");
    }

    @Test
    void anAdapterThatWasMovedIsTakenAsItWasExplained() {
        Path folder = explained(session, new Target.Named.Adapter(ADAPTER, new Trim(3, 1)));
        RunFile run = RunFile.read(folder, Optional.of(new Target.Named.Adapter("elsewhere")));
        assertThat(run.target()).isEqualTo(new Target.Named.Adapter("elsewhere", new Trim(3, 1)));
    }

    @Test
    void oneOverAnotherBaseIsOpenedOverThatBaseAndRefusedOverAnother() throws Exception {
        BasePrompt base = new BasePrompt.Text("Be brief.");
        Path folder;
        try (Session brief = open(base)) {
            folder = explained(brief, COOK);
            assertThat(RunFile.read(folder).under().base()).isEqualTo(base);
            assertThat(onThePage(brief, folder)).contains("\"columns\"");
        }
        assertThat(chatted(folder)).contains("1 ").doesNotContain("expected");
        assertThat(onThePage(session, folder))
                .contains("run: expected the base prompt it was explained with, “Be brief.”, found empty")
                .contains("assay chat RUN takes the base of the run.");
    }

    @Test
    void oneAgainstAnotherTargetIsRefusedInWords() throws Exception {
        Path folder = explained(session, new Target.Named.Against(COOK, new Target.Named.Prompt("Be sad.")));
        assertThatThrownBy(() -> RunFile.read(folder))
                .hasMessageStartingWith("run: expected a target that was compared with the model itself, found one"
                        + " compared with another, “Be sad.”");
        assertThat(onThePage(session, folder)).contains("compared with the model itself");
    }

    private static String chatted(Path folder) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("/weights\n".getBytes(StandardCharsets.UTF_8)));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        try {
            int code = Main.run(
                    new String[] {"chat", folder.toString()}, new PrintWriter(out, true), new PrintWriter(err, true));
            assertThat(code).as(err.toString()).isZero();
        } finally {
            System.setIn(before);
        }
        return out.toString();
    }

    private static String onThePage(Session session, Path folder) throws Exception {
        Site.Setting setting = new Site.Setting(
                InetAddress.getLoopbackAddress().getHostAddress(), Optional.of(0), home.resolve("runs"), List.of());
        try (Site site = Site.open(session, setting);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(site.address() + "api/talks"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"run\":\"" + folder.getFileName() + "\"}"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
