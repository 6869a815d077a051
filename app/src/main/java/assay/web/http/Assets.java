package assay.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// Files of the page, which lie beside the classes. Only those named are served.
///
/// @param beside a class in whose package they lie
/// @param policy what a browser may do with them
public record Assets(Class<?> beside, String policy) {
    /// A route to a file.
    ///
    /// @param template where it is asked for
    public Route route(String template, String file) {
        byte[] bytes = bytes(file);
        String type = type(file);
        return Route.get(template, _ -> new Reply.Content(type, bytes, policy));
    }

    /// Routes to files asked for by their own names.
    public List<Route> routes(String... files) {
        return List.of(files).stream().map(file -> route("/" + file, file)).toList();
    }

    private byte[] bytes(String file) {
        try (InputStream stream = beside.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("page: expected " + file + " beside the classes, found none.");
            }
            return stream.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String type(String file) {
        return switch (file.substring(file.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "svg" -> "image/svg+xml";
            case "json" -> "application/json; charset=utf-8";
            default -> throw new IllegalArgumentException("page: expected a known ending, found " + file);
        };
    }
}
