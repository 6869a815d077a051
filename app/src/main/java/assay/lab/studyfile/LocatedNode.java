package assay.lab.studyfile;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A piece of a JSON file that knows its line, from 1, so that whatever is wrong with it can be found.
///
/// @param line it begins in; that of its key if it has one
/// @param key its name in an object, else empty; one given twice is there twice
/// @param kind what it is: the token it begins with
/// @param text of a string; numbers, `true`, `false` and `null` as they are written
/// @param inside what an object or a list holds
record LocatedNode(int line, String key, JsonToken kind, String text, List<LocatedNode> inside) {
    private static final int LONGEST_SHOWN = 40;

    /// Reads the value that a parser stands at.
    static LocatedNode of(JsonParser parser) {
        return of(parser, line(parser), "");
    }

    private static LocatedNode of(JsonParser parser, int line, String key) {
        JsonToken kind = parser.currentToken();
        if (!kind.isStructStart()) {
            return new LocatedNode(line, key, kind, parser.getString(), List.of());
        }
        List<LocatedNode> inside = new ArrayList<>();
        while (!parser.nextToken().isStructEnd()) {
            int at = line(parser);
            String name = kind == JsonToken.START_OBJECT ? parser.currentName() : "";
            if (kind == JsonToken.START_OBJECT) {
                parser.nextToken();
            }
            inside.add(of(parser, at, name));
        }
        return new LocatedNode(line, key, kind, "", inside);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /// What it is, for messages.
    String found() {
        return switch (kind) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING ->
                "\"" + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text) + "\"";
            default -> text;
        };
    }
}
