package assay.engine.hub;

import assay.InputException;
import assay.base.run.SmallFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How to reach the hub.
///
/// @param endpoint where it is, without a trailing slash
/// @param token of the user; empty for none; sent to the endpoint's host only
/// @param offline whether the network must not be used
record HubAccess(URI endpoint, String token, boolean offline) {
    private static final long MOST_TOKEN_BYTES = 10_000;
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    /// What the environment asks for, as in Python's libraries: `HF_ENDPOINT`, `HF_HUB_OFFLINE`, and the token of
    /// `HF_TOKEN`, `HUGGING_FACE_HUB_TOKEN`, or the file that `hf auth login` writes (`HF_TOKEN_PATH`, or `token`
    /// in `HF_HOME`). Secrets never stand in a message.
    ///
    /// @param home the folder of the hub's libraries where `HF_HOME` is not set
    /// @throws InputException if the endpoint is not a web address or the token is none
    static HubAccess of(Map<String, String> environment, Path home) {
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "").replaceAll("/+$", "");
        return new HubAccess(
                address(endpoint.isEmpty() ? "https://huggingface.co" : endpoint),
                token(environment, home),
                isYes(environment, "HF_HUB_OFFLINE"));
    }

    private static boolean isYes(Map<String, String> environment, String name) {
        return YES.contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
    }

    private static String token(Map<String, String> environment, Path home) {
        for (String name : List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")) {
            String token = environment.getOrDefault(name, "").strip();
            if (!token.isEmpty()) {
                return checked(token, name);
            }
        }
        String path = environment.getOrDefault("HF_TOKEN_PATH", "");
        Path file = path.isEmpty() ? home.resolve("token") : Path.of(path);
        if (isYes(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN") || !Files.isRegularFile(file)) {
            return "";
        }
        try {
            return checked(SmallFile.text(file, MOST_TOKEN_BYTES).strip(), file.toString());
        } catch (IOException _) {
            return "";
        }
    }

    private static String checked(String token, String where) {
        if (!token.matches("[!-~]*")) {
            throw new InputException(where + ": expected a token of letters and digits, found other characters."
                    + " Log in again with: hf auth login");
        }
        return token;
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            if (address.getHost() != null && web && address.getRawUserInfo() == null) {
                return address;
            }
        } catch (URISyntaxException _) {
            // told below, as any other text that is no address
        }
        String shown = text.contains("@") ? "one with a name or password in it" : text;
        throw new InputException("HF_ENDPOINT: expected a web address, found " + shown + ". Unset it or correct it.");
    }

    @Override
    public String toString() {
        return endpoint + (offline ? " (offline)" : "");
    }
}
