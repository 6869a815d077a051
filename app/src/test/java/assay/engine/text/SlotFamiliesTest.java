package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import assay.engine.text.ChatTemplate.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The prompt's slot in templates of every family.
class SlotFamiliesTest {
    private static final JsonNode TEMPLATES = Golden.read("chats.json").path("templates");

    private static final Pattern MARK = Pattern.compile("<[|/]?[a-z_A-Z:]+\\|?>|\\[[/|]?[A-Za-z_]+\\|?\\]");

    /// Families that take no system message.
    private static final Set<String> WITHOUT_SYSTEM = Set.of("gemma2", "mistral1");

    @TempDir
    private Path folder;

    /// A small tokenizer that knows the family's marks as special tokens.
    private Tokenizer tokenizer(String family) throws IOException {
        return tokenizer(family, folder);
    }

    static Tokenizer tokenizer(String family, Path folder) throws IOException {
        ObjectNode document = (ObjectNode) Golden.read("tiny-digits.tokenizer.json");
        ArrayNode added = (ArrayNode) document.path("added_tokens");
        int next = document.path("model").path("vocab").size();
        Set<String> marks = new TreeSet<>();
        MARK.matcher(TEMPLATES.path(family).asString()).results().forEach(mark -> marks.add(mark.group()));
        added.forEach(token -> marks.remove(token.path("content").asString()));
        for (String mark : marks) {
            ObjectNode token = ((ObjectNode) added.get(0)).deepCopy();
            added.add(token.put("id", next++).put("content", mark));
        }
        Path path = Files.writeString(folder.resolve("tokenizer.json"), document.toString());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\":\"<|endoftext|>\",\"eos_token\":\"<|im_end|>\"}");
        return Tokenizer.fromJson(path);
    }

    static ChatTemplate template(String name) {
        return ChatTemplate.parse(TEMPLATES.path(name).asString());
    }

    static List<String> families() {
        return List.copyOf(TEMPLATES.propertyNames());
    }

    /// A conversation as it is to be written.
    private static List<Message> conversation(String family, String prompt, String user) {
        return WITHOUT_SYSTEM.contains(family)
                ? List.of(new Message("user", prompt + "\n\n" + user))
                : List.of(new Message("system", prompt), new Message("user", user));
    }

    /// The slot's pieces around any texts are the conversation the template writes, token by token.
    @ParameterizedTest
    @MethodSource("families")
    void piecesAroundAnyTextsAreTheConversation(String family) throws IOException {
        ChatTemplate template = template(family);
        try (Tokenizer tokenizer = tokenizer(family)) {
            Slot slot = Slot.system(template, tokenizer);
            for (String prompt : List.of("You are a pirate.", "Answer in rhyme, briefly", "日本語で答えて。", "x")) {
                for (String user : List.of("What is the capital of France?", "Écris 12 mots!", "y")) {
                    Map<String, Object> variables = new HashMap<>(tokenizer.named());
                    variables.put("enable_thinking", false);
                    String written = template.render(conversation(family, prompt, user), true, variables);
                    assertThat(slot.context(slot.prompt(prompt), slot.user(user), new int[0]))
                            .as(prompt + " / " + user)
                            .isEqualTo(tokenizer.encode(written));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void anAnswerEndsWithASpecialTokenThatStopsIt(String family) throws IOException {
        try (Tokenizer tokenizer = tokenizer(family)) {
            Slot slot = Slot.system(template(family), tokenizer);
            assertThat(slot.stopTokens()).contains(slot.endOfAnswer());
            assertThat(tokenizer.specialTokens()).contains(slot.endOfAnswer());
        }
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    @ParameterizedTest
    @MethodSource("families")
    void prefixAndTailMakeTheContext(String family) throws IOException {
        try (Tokenizer tokenizer = tokenizer(family)) {
            Slot slot = Slot.system(template(family), tokenizer);
            int[] prompt = tokenizer.encode("Be brief.");
            int[] user = tokenizer.encode("Why?");
            assertThat(slot.prefix(prompt)).endsWith(joined(prompt, slot.behindPrompt()));
            assertThat(slot.tail(user, new int[0])).endsWith(slot.betweenUserAndAnswer());
            assertThat(slot.prefix(prompt).length + slot.tail(user, new int[0]).length)
                    .isEqualTo(slot.context(prompt, user, new int[0]).length);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void thePromptStandsInTheUserTurnOnlyWhereTheTemplateRefusesASystemMessage(String family) throws IOException {
        try (Tokenizer tokenizer = tokenizer(family)) {
            assertThat(Slot.system(template(family), tokenizer).place())
                    .isEqualTo(WITHOUT_SYSTEM.contains(family) ? Slot.Place.USER : Slot.Place.SYSTEM);
        }
    }
}
