package assay.web.site;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Dtype;
import assay.tasks.session.Precision;
import assay.web.http.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the page's server answers, asked by a program, on a toy model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SiteTest {
    private static final String SAYS = "{\"said\":{\"user\":\"What is rain?\",\"raw\":false},"
            + "\"sampling\":{\"max_tokens\":%d,\"temperature\":1,\"top_p\":0.95,\"seed\":%d}}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path home;

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private ToySite toy;

    @BeforeAll
    void open() {
        toy = ToySite.open(home);
    }

    @AfterAll
    void close() {
        toy.close();
        client.close();
    }

    @Test
    void theDocumentListsExactlyWhatMayBeAsked() throws Exception {
        Map<String, Set<String>> told = new TreeMap<>();
        JsonMapper.shared()
                .readTree(get("/api/openapi.json").body())
                .path("paths")
                .propertyStream()
                .forEach(path ->
                        told.put(path.getKey(), new TreeSet<>(path.getValue().propertyNames())));
        Map<String, Set<String>> answered = new TreeMap<>();
        Set<String> files = Set.of("/", "/assay.css", "/icon.svg");
        for (Route route : toy.site().routes()) {
            if (!files.contains(route.template()) && !route.template().endsWith(".js")) {
                answered.computeIfAbsent(route.template(), _ -> new TreeSet<>())
                        .add(route.method().toLowerCase(java.util.Locale.ROOT));
            }
        }
        assertThat(told).isEqualTo(answered);
    }

    @Test
    void thePageLoadsNothingFromElsewhereAndRunsOnlyItsOwnScripts() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("http://", "https://", "<script>", "onclick=");
    }

    @Test
    void aRunOutsideTheFolderIsNotThere() throws Exception {
        Files.createDirectories(toy.runs());
        Files.writeString(home.resolve("report.json"), "{\"target\": {\"name\": \"secret\"}}");
        Files.createSymbolicLink(toy.runs().resolve("linked"), home);
        for (String name : List.of("..", "%2e%2e", "..%2f", "linked", ".", "%2e", "a%00b", home.getFileName() + "")) {
            HttpResponse<String> answer = get("/api/runs/" + name);
            assertThat(answer.statusCode()).as(name).isIn(404, 400);
            assertThat(answer.body()).doesNotContain("secret");
        }
        assertThat(get("/api/runs").body()).doesNotContain("linked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../../..", "/", "~", "/nowhere/at/all", "\\u0000"})
    void anAdapterOutsideTheFoldersNamedIsNotOpened(String path) throws Exception {
        String wanted = "{\"kind\":\"adapter\",\"spec\":\"" + path + "\"}";
        for (String asked : List.of("/api/explanations", "/api/talks")) {
            HttpResponse<String> answer = post(asked, asked.endsWith("talks") ? "{\"target\":" + wanted + "}" : wanted);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body())
                    .contains("folder: expected one of a run, one named with --adapters")
                    .doesNotContain("nowhere");
        }
    }

    @Test
    void numbersOutOfBoundsAreRefusedInWords() throws Exception {
        HttpResponse<String> answer =
                post("/api/explanations", "{\"kind\":\"prompt\",\"spec\":\"Hi\",\"atoms\":100000}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("prompts: expected 1 to 200, found 100000.");
        assertThat(post("/api/explanations", "{\"kind\":\"prompt\"}").statusCode())
                .isEqualTo(400);
        String talk = talk();
        assertThat(post("/api/talks/" + talk + "/answers", SAYS.formatted(0, 1)).statusCode())
                .isEqualTo(400);
        assertThat(post("/api/talks/" + talk + "/scale", "{\"factor\":1e300}").statusCode())
                .isEqualTo(400);
        assertThat(post(
                                "/api/talks/" + talk + "/readings",
                                "{\"said\":{\"user\":\"x\",\"raw\":false,\"begun\":[99999999]},\"writer\":\"base\"}")
                        .body())
                .contains("token: expected ids below");
    }

    @Test
    void theSameSeedGivesTheSameAnswersAndAStreamIsReadFromAnyEvent() throws Exception {
        String talk = talk();
        String first = stream(talk, 12, 3, 0);
        assertThat(stream(talk, 12, 3, 0)).isEqualTo(first);
        assertThat(stream(talk, 12, 4, 0)).isNotEqualTo(first);
        assertThat(first).contains("\"column\":\"base\"", "\"column\":\"target\"", "event: ended", "event: end\n");
        assertThat(stream(talk, 12, 3, 7)).isEqualTo(first.substring(first.indexOf("id: 7\n")));
    }

    @Test
    void aMixtureMadeByHandAnswersAndItsSharesAddUp() throws Exception {
        String talk = talk();
        String prompts = "{\"prompts\":[{\"text\":\"Be sad.\",\"weight\":0.8,\"on\":true},"
                + "{\"text\":\"Talk about rain.\",\"weight\":-0.4,\"on\":true}]}";
        assertThat(post("/api/talks/" + talk + "/prompts", prompts).body()).contains("\"mixture\"");
        assertThat(stream(talk, 4, 1, 0)).contains("\"column\":\"mixture\"");
        JsonNode reading = JsonMapper.shared()
                .readTree(post(
                                "/api/talks/" + talk + "/readings",
                                "{\"said\":{\"user\":\"Hi\",\"raw\":false,\"begun\":[70,71,72]},\"writer\":\"mixture\",\"shown\":3}")
                        .body());
        assertThat(reading.path("places")).hasSize(3);
        for (JsonNode place : reading.path("places")) {
            assertThat(place.path("columns").path("target").path("likeliest")).hasSize(3);
            double sum = place.path("why").path("base").asDouble();
            for (JsonNode share : place.path("why").path("shares")) {
                sum += share.path("nats").asDouble();
            }
            assertThat(sum)
                    .isCloseTo(
                            place.path("why").path("difference").asDouble(),
                            org.assertj.core.api.Assertions.within(1e-3));
        }
    }

    @Test
    void aThousandMessagesLeaveNoMemoryBehind() throws Exception {
        String talk = talk();
        for (int i = 0; i < 100; i++) {
            stream(talk, 2, i, 0);
        }
        long pointers = Pointer.totalCount();
        long heap = heapInUse();
        long resident = Pointer.physicalBytes();
        for (int i = 0; i < 1_000; i++) {
            stream(talk, 2, i, 0);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers + 20);
        assertThat(heapInUse() - heap).as("heap").isLessThan(8L << 20);
        assertThat(Pointer.physicalBytes() - resident).as("resident").isLessThan(256L << 20);
    }

    private static long heapInUse() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /// It stands still at its first safe point all the while, as it does for whoever talks.
    @Test
    void whileAnExplanationIsUnderWayThePageAnswersAndTalksAreServed() throws Exception {
        toy.site().pause().begin();
        String run;
        try {
            HttpResponse<String> begun = post(
                    "/api/explanations", "{\"kind\":\"prompt\",\"spec\":\"You are a cook.\",\"atoms\":3,\"search\":0}");
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(200);
            run = JsonMapper.shared().readTree(begun.body()).path("run").asString();
            for (String asked : List.of("/", "/api/about", "/api/runs", "/api/adapters", "/api/explanations")) {
                assertThat(get(asked).statusCode()).as(asked).isEqualTo(200);
            }
            assertThat(post("/api/explanations", "{\"kind\":\"prompt\",\"spec\":\"Hi\"}")
                            .body())
                    .contains("explain: expected none under way, found one.");
            assertThat(stream(talk(), 4, 1, 0)).contains("\"column\":\"target\"", "event: ended");
        } finally {
            toy.site().pause().end();
        }
        assertThat(get("/api/explanations/" + run + "/events").body()).contains("\"state\":\"finished\"");
        assertThat(get("/api/runs/" + run).statusCode()).isEqualTo(200);
    }

    @Test
    void aSavedMixtureIsListedAndOpenedAndSaidAsACommand() throws Exception {
        String run = toy.explained("You are a cook.");
        String talk = opened("{\"run\":\"" + run + "\"}").path("talk").asString();
        post("/api/talks/" + talk + "/prompts", "{\"prompts\":[{\"text\":\"Be sad.\",\"weight\":0.5,\"on\":true}]}");
        assertThat(post("/api/talks/" + talk + "/save", "{}").body()).isEqualTo("{\"file\":\"mixture-1.json\"}");
        assertThat(get("/api/runs").body()).contains("\"mixtures\":[\"mixture-1.json\"]");
        JsonNode view = opened("{\"run\":\"" + run + "\",\"mixture\":\"mixture-1.json\"}");
        assertThat(view.path("prompts").path(0).path("text").asString()).isEqualTo("Be sad.");
        assertThat(view.path("command").asString())
                .isEqualTo("assay chat " + toy.runs().resolve(run).resolve("mixture-1.json"));
    }

    @Test
    void aTargetWithoutARunIsSaidAsACommandWithItsModel() throws Exception {
        assertThat(opened("{\"target\":{\"kind\":\"prompt\",\"spec\":\"You're a cook.\"}}")
                        .path("command")
                        .asString())
                .isEqualTo("assay chat --model tied"
                        + (Precision.AUTO.dtype() == Dtype.FLOAT32 ? "" : " --dtype FLOAT32")
                        + " --prompt 'You'\\''re a cook.'");
    }

    private JsonNode opened(String wish) throws Exception {
        HttpResponse<String> answer = post("/api/talks", wish);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    @Test
    void theOldestOfManyTalksIsClosed() throws Exception {
        String oldest = talk();
        for (int i = 0; i < 6; i++) {
            talk();
        }
        assertThat(get("/api/talks/" + oldest).statusCode()).isEqualTo(404);
    }

    private String talk() throws Exception {
        HttpResponse<String> answer =
                post("/api/talks", "{\"target\":{\"kind\":\"prompt\",\"spec\":\"You are a cook.\"}}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body()).path("talk").asString();
    }

    /// All events of an answer from one on.
    private String stream(String talk, int tokens, long seed, int from) throws Exception {
        HttpResponse<String> answer = post("/api/talks/" + talk + "/answers", SAYS.formatted(tokens, seed));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = JsonMapper.shared().readTree(answer.body()).path("stream").asString();
        return get("/api/streams/" + id + "?from=" + from).body().replace(":\n\n", "");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(toy.site().address().replaceAll("/$", "") + path);
    }
}
