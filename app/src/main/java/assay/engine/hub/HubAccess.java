package assay.engine.hub;

import assay.InputException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// How to reach the hub.
///
/// @param endpoint where it is, without a trailing slash
/// @param token of the user; empty for none; sent to the endpoint's host only
/// @param offline whether the network must not be used
record HubAccess(URI endpoint, String token, boolean offline) {
    private static final Set<String> YES = Set.of("1", "on", "yes", "true");

    /// What the environment asks for: `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, as in Python's libraries.
    ///
    /// @throws InputException if the endpoint is not a web address
    static HubAccess of(Map<String, String> environment) {
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "").replaceAll("/+$", "");
        String offline = environment.getOrDefault("HF_HUB_OFFLINE", "").toLowerCase(Locale.ROOT);
        return new HubAccess(
                address(endpoint.isEmpty() ? "https://huggingface.co" : endpoint),
                environment.getOrDefault("HF_TOKEN", "").strip(),
                YES.contains(offline));
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            if (address.getHost() != null
                    && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))) {
                return address;
            }
        } catch (java.net.URISyntaxException _) {
            // told below, as any other text that is no address
        }
        throw new InputException("HF_ENDPOINT: expected a web address, found " + text + ". Unset it or correct it.");
    }

    @Override
    public String toString() {
        return endpoint + (offline ? " (offline)" : "");
    }
}
