package assay.web.http;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Says who may come in. On this machine alone whoever calls it by a name of this machine, from its own
/// page; when it is open to others, only who has the token besides.
///
/// A page of another site can make a browser send requests here, and can let its own name point here.
/// The names in `Host` and `Origin` give both away.
///
/// @param names by which it may be called, besides those of this machine
/// @param anyAddress whether it may be called by any address in digits
/// @param token who comes in must have; none where only this machine can come
public record Door(Set<String> names, boolean anyAddress, Optional<String> token) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+\\]");
    private static final String COOKIE = "assay";

    /// Open to this machine alone.
    public static Door here() {
        return new Door(Set.of(), false, Optional.empty());
    }

    /// Open to others, behind a token made now.
    ///
    /// @param host the name or address it listens at; `0.0.0.0` for all
    public static Door wide(String host) {
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        boolean all = host.equals("0.0.0.0") || host.equals("::");
        return new Door(
                Set.of(host.toLowerCase(Locale.ROOT)),
                all,
                Optional.of(HexFormat.of().formatHex(secret)));
    }

    /// Refuses who must stay outside.
    ///
    /// @param path asked for
    /// @throws Refused with 403 for a foreign site, 401 without the token
    void check(String method, URI path, Headers headers) {
        String host = only(headers, "Host").orElse("");
        if (!isOurs(host)) {
            throw new Refused(
                    403, "host: expected a name of this machine, found another. Open the address Assay printed.");
        }
        Optional<String> origin = only(headers, "Origin");
        if (origin.isPresent() && !origin.get().equalsIgnoreCase("http://" + host)) {
            throw new Refused(403, "origin: expected this page, found another site. Open the address Assay printed.");
        }
        String site = only(headers, "Sec-Fetch-Site").orElse("none");
        boolean isVisit = method.equals("GET")
                && "/".equals(path.getPath())
                && only(headers, "Sec-Fetch-Mode").orElse("").equals("navigate");
        if (!Set.of("none", "same-origin").contains(site) && !isVisit) {
            throw new Refused(403, "site: expected this page, found another. Open the address Assay printed.");
        }
    }

    /// Refuses who has no token.
    ///
    /// @throws Refused with 401
    void checkToken(Headers headers) {
        if (token.isPresent() && given(headers).noneMatch(this::isToken)) {
            throw new Refused(
                    401, "token: expected the one Assay printed, found another or none. Open the address it printed.");
        }
    }

    /// Whether this is the token.
    boolean isToken(String other) {
        byte[] ours = token.orElse("").getBytes(StandardCharsets.UTF_8);
        return token.isPresent() && MessageDigest.isEqual(ours, other.getBytes(StandardCharsets.UTF_8));
    }

    /// The cookie by which a browser shows the token from then on.
    static String cookie(String token) {
        return COOKIE + "=" + token + "; HttpOnly; SameSite=Strict; Path=/";
    }

    private static Stream<String> given(Headers headers) {
        Stream<String> bearer = headers.getOrDefault("Authorization", List.of()).stream()
                .filter(value -> value.startsWith("Bearer "))
                .map(value -> value.substring("Bearer ".length()));
        Stream<String> cookies = headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(";\\s*", -1)))
                .filter(value -> value.startsWith(COOKIE + "="))
                .map(value -> value.substring(COOKIE.length() + 1));
        return Stream.concat(bearer, cookies);
    }

    private boolean isOurs(String host) {
        var matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        return THIS_MACHINE.contains(name)
                || names.contains(name)
                || (anyAddress && DIGITS.matcher(name).matches());
    }

    /// A header's only value. Two are a trick.
    private static Optional<String> only(Headers headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new Refused(400, name + ": expected it once, found it " + values.size() + " times. Send it once.");
        }
        return values.stream().findFirst();
    }
}
