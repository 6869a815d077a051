package assay.web.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One thing that may be asked.
///
/// @param method `GET` or `POST`
/// @param template of the path, such as `/api/runs/{run}`
/// @param handler answers
public record Route(String method, String template, Handler handler) {
    /// Answers a request.
    @FunctionalInterface
    public interface Handler {
        /// The answer.
        Reply handle(Request request);
    }

    /// Something that is read.
    public static Route get(String template, Handler handler) {
        return new Route("GET", template, handler);
    }

    /// Something that is done.
    public static Route post(String template, Handler handler) {
        return new Route("POST", template, handler);
    }

    /// What stands in a path where the template has names; absent if the path is of another form.
    ///
    /// @param path its parts between slashes, decoded
    Optional<Map<String, String>> match(List<String> path) {
        List<String> parts = List.of(template.substring(1).split("/", -1));
        if (parts.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.startsWith("{")) {
                if (path.get(i).isEmpty()) {
                    return Optional.empty();
                }
                found.put(part.substring(1, part.length() - 1), path.get(i));
            } else if (!part.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(found);
    }
}
