package assay.lab.studyfile;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A piece of a JSON file that knows the line it begins in, from 1, so that whatever is wrong with it can be found.
sealed interface LocatedNode {
    int line();

    /// An object; a key given twice is there twice.
    record Mapping(int line, List<Member> members) implements LocatedNode {}

    /// One key of an object.
    ///
    /// @param line of the key
    record Member(int line, String key, LocatedNode value) {}

    /// A list.
    record Items(int line, List<LocatedNode> nodes) implements LocatedNode {}

    /// A string.
    record Text(int line, String value) implements LocatedNode {
        private static final int LONGEST_SHOWN = 40;

        String shown() {
            return "\"" + (value.length() > LONGEST_SHOWN ? value.substring(0, LONGEST_SHOWN) + "…" : value) + "\"";
        }
    }

    /// A number, as it is written.
    record Numeral(int line, String digits) implements LocatedNode {}

    /// `true`, `false` or `null`.
    record Word(int line, String word) implements LocatedNode {}

    /// What it is, for messages.
    default String found() {
        return switch (this) {
            case Mapping _ -> "an object";
            case Items _ -> "a list";
            case Text text -> text.shown();
            case Numeral(int _, String digits) -> digits;
            case Word(int _, String word) -> word;
        };
    }

    /// Reads the value that a parser stands at.
    static LocatedNode of(JsonParser parser) {
        int line = parser.currentTokenLocation().getLineNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                List<Member> members = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    int at = parser.currentTokenLocation().getLineNr();
                    String key = parser.currentName();
                    parser.nextToken();
                    members.add(new Member(at, key, of(parser)));
                }
                yield new Mapping(line, members);
            }
            case START_ARRAY -> {
                List<LocatedNode> nodes = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    nodes.add(of(parser));
                }
                yield new Items(line, nodes);
            }
            case VALUE_STRING -> new Text(line, parser.getString());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(line, parser.getString());
            default -> new Word(line, parser.getString());
        };
    }
}
