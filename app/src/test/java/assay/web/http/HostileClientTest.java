package assay.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean harm, over bare sockets: each gets the right code, nothing is harmed, and the
/// server still answers.
@SuppressWarnings("StringConcatToTextBlock") // lines as they are sent
class HostileClientTest {
    private static final Limits LIMITS =
            new Limits(1 << 20, 32, Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofMillis(600));

    private final EventLogs logs = new EventLogs(LIMITS.grace());
    private final AtomicInteger stopped = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private Server server;

    record Word(String word) {}

    @BeforeEach
    void open() {
        server = Server.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Door.here(), LIMITS, logs, routes());
    }

    @AfterEach
    void stillAnswersAndCloses() throws Exception {
        assertThat(get("/hello").statusCode()).isEqualTo(200);
        server.close();
        client.close();
    }

    private List<Route> routes() {
        return List.of(
                Route.get("/hello", _ -> Reply.ok(Map.of("hello", "you"))),
                Route.get("/runs/{run}/report", request -> Reply.ok(Map.of("run", request.parameter("run")))),
                Route.post("/echo", request -> Reply.ok(request.body(Word.class))),
                Route.post("/fail", _ -> {
                    throw new IllegalStateException("planted");
                }),
                Route.post("/work", _ -> Reply.ok(Map.of("stream", worker()))),
                Route.post("/flood", _ -> Reply.ok(Map.of("stream", flood()))),
                Route.get(
                        "/streams/{stream}",
                        request -> new Reply.Events(logs.find(request.parameter("stream")), request.number("from"))));
    }

    /// Counts until it is stopped.
    private String worker() {
        AtomicInteger go = new AtomicInteger(1);
        EventLogs.Named named = logs.open(() -> go.set(0));
        Thread.ofVirtual().start(() -> {
            for (int i = 0; go.get() == 1; i++) {
                named.log().add("count", i);
                pause(10);
            }
            stopped.incrementAndGet();
            named.log().end();
        });
        return named.id();
    }

    /// Has more to say than any socket holds.
    private String flood() {
        EventLogs.Named named = logs.open(stopped::incrementAndGet);
        for (int i = 0; i < 15_000; i++) {
            named.log().add("flood", "x".repeat(2_000));
        }
        return named.id();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "0x7f000001",
                "",
                "a b"
            })
    void aForeignHostIsRefused(String host) throws Exception {
        assertThat(raw("GET /hello HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void noHostAndTwoHostsAreRefused() throws Exception {
        assertThat(raw("GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "https://localhost", "http://localhost:1", "file://"})
    void aForeignOriginIsRefused(String origin) throws Exception {
        String head = "POST /echo HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n".formatted(server.port(), origin);
        String rest =
                "Content-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"word\":\"a\"}";
        assertThat(raw(head + rest)).startsWith("HTTP/1.1 403");
    }

    @Test
    void aRequestThatABrowserSaysComesFromElsewhereIsRefused() throws Exception {
        String head = "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nSec-Fetch-Site: ";
        assertThat(raw(head + "cross-site\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw(head + "same-site\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw(head + "same-origin\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/runs/../../../../etc/passwd",
                "/runs/..%2f..%2f..%2fetc%2fpasswd/report/x",
                "/runs/%2e%2e/%2e%2e/etc/passwd",
                "/%c0%ae%c0%ae/etc/passwd",
                "/runs/..%5c..%5cetc/passwd",
                "/runs/x%00.html/report/y",
                "//etc/passwd",
                "/etc/passwd"
            })
    void aWayOutOfTheServerLeadsNowhere(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 40[04].*").doesNotContain("root:");
    }

    @Test
    void aDoubleEncodedWayOutStaysAName() throws Exception {
        HttpResponse<String> answer = get("/runs/..%252f..%252fetc/report");
        assertThat(answer.body()).isEqualTo("{\"run\":\"..%2f..%2fetc\"}");
    }

    @Test
    void aBodyDeclaredAsAHundredMegabytesIsRefusedAtOnce() throws Exception {
        String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        try (Socket socket = socket()) {
            write(socket, head + "Content-Length: 104857600\r\n\r\n");
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aBodyStreamedWithoutEndIsCutOff() throws Exception {
        try (Socket socket = socket()) {
            String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] chunk = ("10000\r\n" + "a".repeat(65_536) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            int sent = 0;
            try {
                for (; sent < 100 << 20; sent += 65_536) {
                    out.write(chunk);
                }
            } catch (IOException _) {
                // The server has hung up, as it should.
            }
            assertThat(sent).isLessThan(30 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "", "null", "[]", "{\"word\": {}}", "{\"other\": 1}", "\u0000", "{\"word\":\"a\"} trailing"
            })
    void malformedJsonIsRefusedInOneLine(String body) throws Exception {
        HttpResponse<String> answer = post("/echo", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"error\":\"request: expected").doesNotContain("\n");
    }

    @Test
    void aThousandNestedListsAreRefused() throws Exception {
        assertThat(post("/echo", "[".repeat(300_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void aFormOfAnotherSiteIsNoJson() throws Exception {
        String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n";
        assertThat(raw(head + "Content-Length: 12\r\nConnection: close\r\n\r\n{\"word\":\"a\"}"))
                .startsWith("HTTP/1.1 415");
    }

    @Test
    void ourOwnDefectIsToldWithoutATrace() throws Exception {
        HttpResponse<String> answer = post("/fail", "{}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("defect: expected").doesNotContain("at assay.");
    }

    @Test
    void ofTwoHundredStreamsThirtyTwoAreOpenAndTheServerAnswers() throws Exception {
        String stream = stream("/work");
        List<Socket> open = new ArrayList<>();
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            Socket socket = socket();
            open.add(socket);
            write(socket, "GET /streams/" + stream + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            taken += firstLine(socket).startsWith("HTTP/1.1 200") ? 1 : 0;
        }
        assertThat(taken).isEqualTo(32);
        assertThat(get("/hello").statusCode()).isEqualTo(200);
        for (Socket socket : open) {
            socket.close();
        }
        await(() -> stopped.get() == 1);
        await(() -> isOk(stream));
    }

    @Test
    void workWhoseReaderWentAwayIsStoppedAndWhoComesBackGoesOn() throws Exception {
        String stream = stream("/work");
        String first = someOf("/streams/" + stream, 30);
        pause(200);
        assertThat(stopped).hasValue(0);
        assertThat(first).contains("id: 0\n", "id: 20\n");
        assertThat(someOf("/streams/" + stream + "?from=21", 5))
                .contains("id: 21\n")
                .doesNotContain("id: 20\n");
        await(() -> stopped.get() == 1);
    }

    @Test
    void workNobodyFollowsIsStopped() throws Exception {
        stream("/work");
        await(() -> stopped.get() == 1);
    }

    @Test
    void whoDoesNotTakeWhatIsWrittenIsCutOff() throws Exception {
        String stream = stream("/flood");
        try (Socket socket = socket()) {
            write(socket, "GET /streams/" + stream + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await(() -> stopped.get() == 1);
        }
    }

    @Test
    void whoSendsALetterASecondIsCutOff() throws Exception {
        try (Socket socket = socket()) {
            long begin = System.nanoTime();
            socket.setSoTimeout(40_000);
            Thread loris = Thread.ofVirtual().start(() -> {
                try {
                    write(socket, "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
                    while (true) {
                        write(socket, "a");
                        pause(500);
                    }
                } catch (IOException _) {
                    // Cut off.
                }
            });
            assertThat(ends(socket)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
            loris.join();
        }
    }

    private static boolean ends(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException cut) {
            return !(cut instanceof java.net.SocketTimeoutException);
        }
    }

    private boolean isOk(String stream) {
        try {
            return someOf("/streams/" + stream, 1).startsWith("HTTP/1.1 200");
        } catch (IOException _) {
            return false;
        }
    }

    private String stream(String path) throws Exception {
        return post(path, "{}").body().replaceAll(".*:\"|\".*", "");
    }

    /// The first events of a stream, then the connection is broken.
    private String someOf(String path, int events) throws IOException {
        try (Socket socket = socket()) {
            write(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            StringBuilder read = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (read.toString().split("\ndata: ", -1).length <= events) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                read.append((char) next);
            }
            return read.toString();
        }
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private String raw(String text) throws IOException {
        try (Socket socket = socket()) {
            write(socket, text);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
            pause(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
