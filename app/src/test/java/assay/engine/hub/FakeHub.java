package assay.engine.hub;

import assay.base.run.Sha256;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// A hub on the loopback with one repository, `ada/tiny`; large files lie on a second server, as on the real one.
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final HttpServer hub = server();
    private final HttpServer storage = server();
    private final Map<String, byte[]> small = new TreeMap<>();
    private final Map<String, byte[]> large = new TreeMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile String token = "";
    private volatile int breaks;
    private volatile boolean damaged;

    FakeHub() throws IOException {
        hub.createContext("/", this::answerHub);
        storage.createContext("/", this::answerStorage);
        hub.start();
        storage.start();
    }

    FakeHub small(String path, String content) {
        small.put(path, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    FakeHub large(String path, byte[] content) {
        large.put(path, content);
        return this;
    }

    /// Asks for this token from now on.
    void demand(String wanted) {
        token = wanted;
    }

    /// Breaks the next `count` answers of the storage off in the middle.
    void breakOff(int count) {
        breaks = count;
    }

    /// Changes a byte of everything the storage sends.
    void damage() {
        damaged = true;
    }

    URI endpoint() {
        return address(hub);
    }

    /// `hub /path token` or `storage /path range token`, in order.
    List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
    }

    private void answerHub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization = header(exchange, "Authorization");
        requests.add("hub " + path + " " + authorization);
        if (!token.isEmpty() && !authorization.equals("Bearer " + token)) {
            send(exchange, 401, new byte[0], 0);
        } else if (path.equals("/api/models/ada/tiny/revision/main")
                || path.equals("/api/models/ada/tiny/revision/v1")) {
            send(exchange, 200, JsonMapper.shared().writeValueAsBytes(listing()), 0);
        } else if (path.startsWith("/ada/tiny/resolve/" + COMMIT + "/")) {
            String file = path.substring(("/ada/tiny/resolve/" + COMMIT + "/").length());
            if (large.containsKey(file)) {
                exchange.getResponseHeaders().add("Location", address(storage) + "/" + file);
                send(exchange, 302, new byte[0], 0);
            } else {
                send(exchange, 200, small.getOrDefault(file, new byte[0]), 0);
            }
        } else {
            send(exchange, 404, new byte[0], 0);
        }
    }

    private void answerStorage(HttpExchange exchange) throws IOException {
        String file = exchange.getRequestURI().getPath().substring(1);
        String range = header(exchange, "Range");
        requests.add("storage /" + file + " " + range + " " + header(exchange, "Authorization"));
        byte[] content = large.getOrDefault(file, new byte[0]).clone();
        if (damaged) {
            content[content.length - 1] ^= 1;
        }
        int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        }
        byte[] rest = java.util.Arrays.copyOfRange(content, from, content.length);
        boolean cut = breaks > 0;
        breaks = Math.max(0, breaks - 1);
        send(exchange, from > 0 ? 206 : 200, rest, cut ? rest.length / 2 : 0);
    }

    private static void send(HttpExchange exchange, int status, byte[] content, int only) throws IOException {
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content, 0, only > 0 ? only : content.length);
        }
    }

    private Map<String, Object> listing() {
        List<Object> siblings = new ArrayList<>();
        small.forEach((path, content) -> {
            byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
            java.security.MessageDigest digest = Sha256.digest("SHA-1");
            digest.update(header);
            siblings.add(
                    Map.of("rfilename", path, "size", content.length, "blobId", Sha256.hex(digest.digest(content))));
        });
        large.forEach((path, content) -> siblings.add(Map.of(
                "rfilename",
                path,
                "size",
                content.length,
                "blobId",
                "f".repeat(40),
                "lfs",
                Map.of("sha256", Sha256.of(content), "size", content.length, "pointerSize", 130))));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", "ada/tiny");
        answer.put("sha", COMMIT);
        answer.put("siblings", siblings);
        return answer;
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }
}
