package assay.tasks.check;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Machine;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.engine.model.LanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Token ids to be run as they are: a JSON array of arrays of them.
///
/// @param subject what a user calls it
/// @param where they come from
record TokenLists(String subject, String where, List<int[]> lists) {
    private static final long MOST_BYTES = 64L << 20;
    private static final double USABLE = .5;

    /// Reads them from a file.
    ///
    /// @throws InputException if they are no ids that the model could read
    static TokenLists of(Path file, LanguageModel model) {
        String subject = "--ids";
        if (!Files.isRegularFile(file)) {
            throw Refusal.of(subject, "a JSON file", "none", file, "Check the path.");
        }
        try {
            return of(subject, file.toString(), JsonMapper.shared().readTree(SmallFile.bytes(file, MOST_BYTES)), model);
        } catch (JacksonException broken) {
            throw Refusal.of(subject, "JSON", "something else", file, "Write an array of arrays of token ids.");
        } catch (IOException unreadable) {
            throw Refusal.of(subject, "a readable file", Refusal.reason(unreadable), file, "Check it.");
        }
    }

    /// Those of a document.
    ///
    /// @throws InputException likewise
    static TokenLists of(String subject, String where, JsonNode document, LanguageModel model) {
        if (!document.isArray() || document.isEmpty()) {
            throw wrong(subject, where, "a JSON array with at least one array of token ids", said(document));
        }
        List<int[]> lists = new ArrayList<>();
        for (JsonNode list : document) {
            lists.add(list(subject, where + ", list " + lists.size(), list, model));
        }
        TokenLists read = new TokenLists(subject, where, lists);
        read.requireRoom(model);
        return read;
    }

    private static int[] list(String subject, String where, JsonNode list, LanguageModel model) {
        if (!list.isArray() || list.isEmpty()) {
            throw wrong(subject, where, "an array of token ids", said(list));
        }
        if (list.size() > model.maxPositions()) {
            throw wrong(
                    subject,
                    where,
                    "at most " + model.maxPositions() + " tokens, the longest context",
                    "" + list.size());
        }
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = list.path(i);
            if (!id.canConvertToInt() || !id.isIntegralNumber() || id.asInt() < 0 || id.asInt() >= model.vocabulary()) {
                String expected = "token ids from 0 to " + (model.vocabulary() - 1);
                throw wrong(subject, where + ", place " + i, expected, id.isNumber() ? id.asString() : said(id));
            }
            ids[i] = id.asInt();
        }
        return ids;
    }

    private static String said(JsonNode node) {
        return node.isContainer() && node.isEmpty()
                ? "an empty one"
                : switch (node.getNodeType()) {
                    case ARRAY -> "an array";
                    case OBJECT -> "an object";
                    case STRING -> "a text";
                    case NUMBER -> "a number";
                    default -> "something else";
                };
    }

    private static InputException wrong(String subject, String where, String expected, String found) {
        return Refusal.of(subject, expected, found, where, "Correct the file.");
    }

    /// All logits are held before a file is written.
    private void requireRoom(LanguageModel model) {
        long bytes = tokens() * ((long) model.vocabulary() + model.hidden()) * Float.BYTES;
        long there = (long) (Machine.current().memoryBytes() * USABLE);
        if (bytes > there) {
            throw new ResourceException(Refusal.line(
                    subject,
                    "logits of at most " + there / 1_000_000 + " MB",
                    bytes / 1_000_000 + " MB",
                    where,
                    "Give fewer or shorter lists."));
        }
    }

    /// How many there are in all lists.
    long tokens() {
        return lists.stream().mapToLong(list -> list.length).sum();
    }
}
