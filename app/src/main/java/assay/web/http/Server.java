package assay.web.http;

import assay.InputException;
import assay.ResourceException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Answers requests, each on a virtual thread of its own, and refuses what is too large, too slow, too
/// much or strange. Every refusal is a line of JSON, `{"error": "subject: expected X, found Y. Next
/// step."}`.
public final class Server implements AutoCloseable {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    /// Milliseconds between signs of life on a stream; who went away is noticed by the second one.
    private static final long HEARTBEAT = 1_000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Door door;
    private final Limits limits;
    private final EventLogs logs;
    private final List<Route> routes;
    private final Semaphore streams;
    private final Watch watch;

    private Server(HttpServer server, Door door, Limits limits, EventLogs logs, List<Route> routes) {
        this.server = server;
        this.door = door;
        this.limits = limits;
        this.logs = logs;
        this.routes = List.copyOf(routes);
        this.streams = new Semaphore(limits.streams());
        this.watch = new Watch(limits.write());
    }

    /// Begins to listen.
    ///
    /// @param address with port 0 for any that is free
    /// @param logs streams that are stopped when nobody follows them
    /// @throws ResourceException if the port is taken or not allowed
    public static Server start(
            InetSocketAddress address, Door door, Limits limits, EventLogs logs, List<Route> routes) {
        slowClientsEnd(limits);
        try {
            Server made = new Server(HttpServer.create(address, 64), door, limits, logs, routes);
            made.server.setExecutor(made.threads);
            made.server.createContext("/", made::handle);
            made.server.start();
            return made;
        } catch (IOException | IllegalArgumentException taken) {
            throw new ResourceException(
                    "serve: expected to listen at " + address.getHostString() + ":" + address.getPort() + ", found "
                            + String.valueOf(taken.getMessage()).toLowerCase(Locale.ROOT)
                            + ". Choose another --port, or --port 0 for any.",
                    taken);
        }
    }

    /// The server of the JDK reads these once, before the first one starts.
    private static void slowClientsEnd(Limits limits) {
        Map.of(
                        "sun.net.httpserver.nodelay", "true",
                        "sun.net.httpserver.maxReqTime",
                                Long.toString(limits.request().toSeconds()),
                        "sun.net.httpserver.idleInterval", "30",
                        "sun.net.httpserver.maxReqHeaderSize", "65536",
                        "jdk.httpserver.maxConnections", "512")
                .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    /// The port it listens at.
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        watch.close();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Reply reply;
            try {
                reply = answered(exchange);
            } catch (RuntimeException failed) {
                reply = refusal(failed);
            }
            send(exchange, reply);
        } catch (IOException _) {
            // The client went away.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply answered(HttpExchange exchange) throws IOException {
        door.check(exchange.getRequestMethod(), exchange.getRequestURI(), exchange.getRequestHeaders());
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        Optional<Reply> visit = visitWithToken(exchange, query);
        if (visit.isPresent()) {
            return visit.get();
        }
        door.checkToken(exchange.getRequestHeaders());
        List<String> path = parts(exchange.getRequestURI().getRawPath());
        boolean isElsewhere = false;
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.match(path);
            if (parameters.isPresent()) {
                if (route.method().equals(exchange.getRequestMethod())) {
                    return route.handler().handle(new Request(parameters.get(), query, body(exchange, route)));
                }
                isElsewhere = true;
            }
        }
        throw isElsewhere
                ? new Refused(
                        405,
                        "method: expected another for this path, found " + word(exchange.getRequestMethod())
                                + ". See /api/openapi.json.")
                : new Refused(404, "path: expected one of /api/openapi.json, found another. Open / for the page.");
    }

    /// Who opens the page with its token gets a cookie for it, and an address without it.
    private Optional<Reply> visitWithToken(HttpExchange exchange, Map<String, String> query) {
        String token = query.getOrDefault("token", "");
        if (!exchange.getRequestMethod().equals("GET") || !door.isToken(token)) {
            return Optional.empty();
        }
        exchange.getResponseHeaders().set("Set-Cookie", Door.cookie(token));
        exchange.getResponseHeaders().set("Location", "/");
        return Optional.of(new Reply.Json(303, Map.of()));
    }

    /// The body of a request, refused before it is read where that can be.
    private byte[] body(HttpExchange exchange, Route route) throws IOException {
        if (route.method().equals("GET")) {
            return new byte[0];
        }
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (!type.toLowerCase(Locale.ROOT).matches("application/json(\\s*;.*)?")) {
            throw new Refused(415, "body: expected Content-Type application/json, found another. Send JSON.");
        }
        String declared = exchange.getRequestHeaders().getFirst("Content-Length");
        if (declared != null && (declared.length() > 9 || Long.parseLong(declared) > limits.bodyBytes())) {
            throw tooLarge();
        }
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(limits.bodyBytes() + 1);
            if (body.length > limits.bodyBytes()) {
                throw tooLarge();
            }
            return body;
        }
    }

    private Refused tooLarge() {
        return new Refused(413, "body: expected at most " + limits.bodyBytes() + " bytes, found more. Send less.");
    }

    private static Reply refusal(RuntimeException failed) {
        return switch (failed) {
            case Refused refused -> error(refused.status(), String.valueOf(refused.getMessage()));
            case InputException input -> error(422, String.valueOf(input.getMessage()));
            case ResourceException resource -> error(503, String.valueOf(resource.getMessage()));
            default ->
                error(
                        500,
                        "defect: expected no such failure, found "
                                + failed.getClass().getSimpleName() + ": "
                                + String.valueOf(failed.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")
                                + ". Please report it with what you did.");
        };
    }

    private static Reply error(int status, String message) {
        return new Reply.Json(status, Map.of("error", message));
    }

    private void send(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
        var headers = exchange.getResponseHeaders();
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        switch (reply) {
            case Reply.Json(int status, Object value) -> {
                if (status == 413 || status == 403) {
                    headers.set("Connection", "close");
                }
                bytes(exchange, status, JSON, NOTHING, Wire.write(value).getBytes(StandardCharsets.UTF_8));
            }
            case Reply.Content(String type, byte[] bytes, String policy) -> bytes(exchange, 200, type, policy, bytes);
            case Reply.Events(EventLog log, int from) -> follow(exchange, log, from);
        }
    }

    private void bytes(HttpExchange exchange, int status, String type, String policy, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Content-Security-Policy", policy);
        watch.during(() -> {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
                // Before what a refused client still sends is waited for.
                exchange.getResponseBody().flush();
            }
        });
    }

    /// Writes events as they come (Server-Sent Events of the HTML standard), until the last or until the
    /// client goes.
    private void follow(HttpExchange exchange, EventLog log, int from) throws IOException, InterruptedException {
        if (!streams.tryAcquire()) {
            send(
                    exchange,
                    error(
                            503,
                            "streams: expected at most " + limits.streams() + " open, found more. Close one first."));
            return;
        }
        logs.arrive(log);
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.getResponseHeaders().set("Content-Security-Policy", NOTHING);
            watch.during(() -> exchange.sendResponseHeaders(200, 0));
            OutputStream out = exchange.getResponseBody();
            int next = from;
            EventLog.Piece piece;
            do {
                piece = log.take(next, HEARTBEAT);
                StringBuilder text = new StringBuilder();
                for (EventLog.Event event : piece.events()) {
                    text.append("id: ")
                            .append(event.number())
                            .append("\nevent: ")
                            .append(event.type());
                    text.append("\ndata: ").append(event.data()).append("\n\n");
                    next = event.number() + 1;
                }
                text.append(piece.isLast() ? "event: end\ndata: {}\n\n" : text.isEmpty() ? ":\n\n" : "");
                byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
                watch.during(() -> {
                    out.write(bytes);
                    out.flush();
                });
            } while (!piece.isLast());
        } finally {
            streams.release();
            logs.leave(log);
        }
    }

    /// The parts of a path, decoded one by one: what a client wrote as `%2F` or `..` never becomes part
    /// of a file's path, since parts are only ever compared with names that are there.
    private static List<String> parts(String rawPath) {
        List<String> parts = new ArrayList<>();
        if (rawPath == null || !rawPath.startsWith("/") || rawPath.length() > 2_000) {
            throw new Refused(400, "path: expected one that begins with /, found another. Open / for the page.");
        }
        for (String part : rawPath.substring(1).split("/", -1)) {
            parts.add(decoded(part.replace("+", "%2B")));
        }
        return parts;
    }

    private static Map<String, String> query(String rawQuery) {
        Map<String, String> query = new LinkedHashMap<>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return query;
        }
        for (String pair : rawQuery.split("&", 50)) {
            String[] sides = pair.split("=", 2);
            query.put(decoded(sides[0]), sides.length > 1 ? decoded(sides[1]) : "");
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw new Refused(400, "path: expected % with two digits, found another. Write %25 for a percent sign.");
        }
    }

    private static String word(String method) {
        return method.length() <= 20 ? method : method.substring(0, 20);
    }
}
