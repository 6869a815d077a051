package assay.web.http;

import java.util.Map;
import java.util.Optional;

/// What a client asked.
///
/// @param parameters what stood in the path where the route has a name in braces; never empty, no `/` in it
/// @param query what stood behind the question mark
/// @param body as it came; empty if there was none
public record Request(Map<String, String> parameters, Map<String, String> query, byte[] body) {
    /// What stood in the path.
    public String parameter(String name) {
        return Optional.ofNullable(parameters.get(name))
                .orElseThrow(() -> new IllegalArgumentException("route: expected {" + name + "} in it"));
    }

    /// A whole number behind the question mark, 0 if there is none.
    ///
    /// @throws Refused if it is none or negative
    public int number(String name) {
        String text = query.getOrDefault(name, "0");
        if (!text.matches("\\d{1,9}")) {
            throw new Refused(
                    400, name + ": expected a whole number, found something else. Leave it out to begin at 0.");
        }
        return Integer.parseInt(text);
    }

    /// The body as a record.
    ///
    /// @throws Refused if it is no JSON or has other fields
    public <T> T body(Class<T> type) {
        return Wire.read(body, type);
    }
}
