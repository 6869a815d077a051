package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Prompts in conversations of templates that take no system message (Gemma 2, Mistral 7B v0.1) or fold
/// it into the user's turn themselves (Gemma 3, Mistral 7B v0.3), against transformers
/// (`bench/golden/folded.py`).
class FoldedTest {
    private static final JsonNode TEMPLATES = Golden.read("chats.json").path("templates");
    private static final JsonNode ROWS = Golden.read("folded.json").path("rows");
    private static final Pattern MARK = Pattern.compile("</?[a-z]+_of_[a-z]+>|\\[/?[A-Z]+\\]");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    static List<List<String>> places() {
        return ROWS.valueStream()
                .map(row -> List.of(
                        row.path("template").asString(), row.path("tokenizer").asString()))
                .distinct()
                .toList();
    }

    /// A tokenizer that knows the template's marks as special tokens.
    private Tokenizer tokenizer(String template, String name) throws IOException {
        ObjectNode document = (ObjectNode) Golden.read(name + ".tokenizer.json");
        ArrayNode added = (ArrayNode) document.path("added_tokens");
        Set<String> marks = new TreeSet<>(List.of("<s>", "</s>"));
        MARK.matcher(TEMPLATES.path(template).asString()).results().forEach(mark -> marks.add(mark.group()));
        int next = document.path("model").path("vocab").size();
        for (JsonNode token : added) {
            marks.remove(token.path("content").asString());
            next = Math.max(next, token.path("id").asInt() + 1);
        }
        for (String mark : marks) {
            ObjectNode token = ((ObjectNode) added.get(0)).deepCopy();
            added.add(token.put("id", next++).put("content", mark));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\":\"<s>\",\"eos_token\":\"</s>\"}");
        return Tokenizer.fromJson(Files.writeString(folder.resolve("tokenizer.json"), document.toString()));
    }

    /// Gemma 3's own template leaves three line breaks around an empty system message, which these two
    /// join to one token; around prompts that are exchanged, the first and the other two stay apart.
    private static boolean joinsLineBreaks(List<String> names) {
        return names.getFirst().equals("gemma3") && names.getLast().startsWith("tiny-");
    }

    @ParameterizedTest
    @MethodSource("places")
    void promptsAndTheBaseAreReadAsTransformersReadsThem(List<String> names) throws IOException {
        try (Tokenizer tokenizer = tokenizer(names.getFirst(), names.getLast())) {
            ChatTemplate template =
                    ChatTemplate.parse(TEMPLATES.path(names.getFirst()).asString());
            Slot slot = Slot.system(template, tokenizer);
            for (JsonNode row : ROWS) {
                if (row.path("template").asString().equals(names.getFirst())
                        && row.path("tokenizer").asString().equals(names.getLast())) {
                    String text = row.path("prompt").asString();
                    int[] prompt = text.isEmpty() ? new int[0] : slot.prompt(text);
                    int[] user = slot.user(row.path("user").asString());
                    int[] read = slot.context(prompt, user, new int[0]);
                    int[] expected = row.path("ids")
                            .valueStream()
                            .mapToInt(JsonNode::asInt)
                            .toArray();
                    if (text.isEmpty() && joinsLineBreaks(names)) {
                        assertThat(tokenizer.decode(read)).isEqualTo(tokenizer.decode(expected));
                    } else {
                        assertThat(read).as(row.path("text").asString()).isEqualTo(expected);
                    }
                }
            }
        }
    }
}
