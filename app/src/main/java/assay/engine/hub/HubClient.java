package assay.engine.hub;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// Asks the hub over HTTP. Redirects are followed by hand, so that the user's token never leaves the hub's
/// own host.
final class HubClient implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_LISTING_BYTES = 64 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HubAccess access;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HubClient(HubAccess access) {
        this.access = access;
    }

    /// Lists a repository at a revision.
    ///
    /// @throws InputException if there is none, or the user may not see it
    /// @throws IOException if the network fails
    HubListing list(HubId id) throws IOException {
        URI address = URI.create(access.endpoint() + "/api/models/" + id.repository() + "/revision/"
                + URLEncoder.encode(id.revision(), StandardCharsets.UTF_8) + "?blobs=true");
        try (InputStream body = open(address, 0, id.toString()).body()) {
            byte[] json = body.readNBytes(MOST_LISTING_BYTES);
            if (json.length == MOST_LISTING_BYTES) {
                throw new ResourceException("hub: expected a list of files below " + (MOST_LISTING_BYTES >> 20)
                        + " MB, found more (" + address + "). Fetch the files yourself and pass their folder.");
            }
            return HubListing.read(json, address.toString());
        }
    }

    /// Opens a file from byte `from` on. The answer's status is 206 if the hub honoured `from`, else 200
    /// and it begins at 0.
    ///
    /// @throws IOException if the network fails
    HttpResponse<InputStream> open(HubId id, String commit, String file, long from) throws IOException {
        String path = Arrays.stream(file.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        return open(
                URI.create(access.endpoint() + "/" + id.repository() + "/resolve/" + commit + "/" + path),
                from,
                id + "/" + file);
    }

    private HttpResponse<InputStream> open(URI first, long from, String subject) throws IOException {
        URI address = first;
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(address, from);
            int status = response.statusCode();
            if (status == 200 || (status == 206 && from > 0)) {
                return response;
            }
            response.body().close();
            Optional<String> next = response.headers().firstValue("location");
            if (status / 100 != 3 || next.isEmpty()) {
                throw refused(status, subject, address);
            }
            address = resolve(address, next.get());
        }
        throw new IOException("more than " + MOST_REDIRECTS + " redirects from " + first);
    }

    private HttpResponse<InputStream> send(URI address, long from) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(PATIENCE).header("User-Agent", "assay");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (!access.token().isEmpty() && isHub(address)) {
            request.header("Authorization", "Bearer " + access.token());
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException(
                    "run: expected to fetch " + address + ", found it interrupted. Start it again to go on.");
        }
    }

    private boolean isHub(URI address) {
        URI hub = access.endpoint();
        return hub.getScheme().equals(address.getScheme())
                && hub.getHost().equalsIgnoreCase(address.getHost())
                && hub.getPort() == address.getPort();
    }

    private static URI resolve(URI from, String location) throws IOException {
        try {
            URI address = from.resolve(location);
            if (address.getHost() == null
                    || (from.getScheme().equals("https") && !"https".equals(address.getScheme()))) {
                throw new IOException("a redirect from " + from + " to " + location);
            }
            return address;
        } catch (IllegalArgumentException nonsense) {
            throw new IOException("a redirect from " + from + " to " + location, nonsense);
        }
    }

    /// An exception for an answer that is no content: final for the user's mistakes, worth another try for
    /// the hub's troubles.
    private IOException refused(int status, String subject, URI address) {
        String answer = "HTTP " + status + " from " + address.getHost();
        if (status == 404) {
            throw new InputException(subject + ": expected it on the hub, found nothing (" + answer
                    + "). Check name, revision and subfolder.");
        }
        if (status == 401 || status == 403) {
            String next = access.token().isEmpty()
                    ? "If it exists, accept its terms on its page, and log in with: hf auth login (or set HF_TOKEN)."
                    : "Check that your token may read it and that its terms are accepted.";
            throw new InputException(
                    subject + ": expected to read it, found it closed or missing (" + answer + "). " + next);
        }
        return new IOException(answer);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
