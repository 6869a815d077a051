package assay.discover.atlas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One category of the grammar: its lists of fillers and its templates.
///
/// The format, line by line:
/// - `# …` and empty lines say nothing;
/// - `job = baker | nurse | …` names a list of fillers; indented lines that follow go on with it;
/// - any other line is a template, see [Template].
///
/// A filler may hold slots of lists that stand above it, so no list can lead back to itself.
///
/// @param category the file's name without its ending
/// @param lists fillers by list, the shared ones included
/// @param templates at least one, unless the file is the shared one
record GrammarFile(String category, Map<String, List<Template>> lists, List<Template> templates) {
    private static final Pattern LIST = Pattern.compile("([a-z][a-z-]*) = (.*)");

    /// Reads a file.
    ///
    /// @param shared lists every file may use
    /// @throws IllegalArgumentException if a line cannot be read, a list is named twice or a slot has no list
    static GrammarFile parse(String category, String text, Map<String, List<Template>> shared) {
        Map<String, List<Template>> lists = new LinkedHashMap<>(shared);
        List<Template> templates = new ArrayList<>();
        String open = "";
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            String where = category + ".txt line " + ++number;
            String line = raw.strip();
            Matcher heading = LIST.matcher(line);
            if (line.isEmpty() || line.startsWith("#")) {
                open = "";
            } else if (Character.isWhitespace(raw.charAt(0))) {
                List<Template> more = fillers(line, lists, open, where);
                lists.merge(
                        open,
                        more,
                        (first, second) ->
                                Stream.concat(first.stream(), second.stream()).toList());
            } else if (heading.matches()) {
                open = heading.group(1);
                if (lists.containsKey(open)) {
                    throw new IllegalArgumentException("grammar list: expected a new name, found " + open + " again ("
                            + where + "). Choose another name.");
                }
                lists.put(open, fillers(heading.group(2), lists, open, where));
            } else {
                open = "";
                templates.add(checked(Template.parse(line, where), lists, open, where));
            }
        }
        return new GrammarFile(category, lists, templates);
    }

    private static List<Template> fillers(String line, Map<String, List<Template>> lists, String open, String where) {
        if (open.isEmpty()) {
            throw new IllegalArgumentException("grammar line: expected a list above an indented line, found none ("
                    + where + "). Remove the indentation.");
        }
        List<Template> fillers = new ArrayList<>();
        for (String filler : line.split("\\|", -1)) {
            if (!filler.isBlank()) {
                fillers.add(checked(Template.parse(filler.strip(), where), lists, open, where));
            }
        }
        return fillers;
    }

    private static Template checked(Template template, Map<String, List<Template>> lists, String open, String where) {
        for (String list : template.lists()) {
            if (list.equals(open) || !lists.containsKey(list)) {
                throw new IllegalArgumentException("grammar slot: expected a list above this line, found " + list + " ("
                        + where + "). Write the list first.");
            }
        }
        return template;
    }
}
