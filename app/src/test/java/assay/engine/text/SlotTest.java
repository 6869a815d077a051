package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.RealModel;
import assay.engine.format.MappedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SlotTest {
    private static final int[] NOTHING = new int[0];

    private static Tokenizer tiny(Path folder, String name, Map<String, Object> config) throws IOException {
        Path path = folder.resolve("tokenizer.json");
        Files.copy(Golden.path("tiny-" + name + ".tokenizer.json"), path);
        Files.writeString(
                folder.resolve("tokenizer_config.json"), JsonMapper.shared().writeValueAsString(config));
        return Tokenizer.fromJson(path);
    }

    private static ChatTemplate template(String name) {
        return ChatTemplate.parse(
                Golden.read("templates.json").path("templates").path(name).asString());
    }

    private static int[] ids(JsonNode node) {
        return IntStream.range(0, node.size()).map(i -> node.path(i).asInt()).toArray();
    }

    @Test
    void theDefaultModelsContextsAreThoseTheAdapterWasTrainedOn() throws IOException {
        JsonNode contexts;
        try (var in = SlotTest.class.getResourceAsStream("/golden/pirate/golden.json")) {
            contexts = JsonMapper.shared().readTree(in).path("contexts");
        }
        try (MappedWeights<Object> file = MappedWeights.gguf(RealModel.path());
                Tokenizer tokenizer = Tokenizer.fromGguf(file.metadata())) {
            ChatTemplate template =
                    ChatTemplate.parse(String.valueOf(file.metadata().get("tokenizer.chat_template")));
            Slot slot = Slot.system(template, tokenizer);
            int[] base = slot.context(NOTHING, tokenizer.encode("How do I boil an egg?"), NOTHING);
            assertThat(base).isEqualTo(ids(contexts.path(0).path("ids")));
            assertThat(base).startsWith(1, 9690, 198, 2, 198, 1, 4093, 198).endsWith(2, 198, 1, 520, 9531, 198);
            int[] prompt = tokenizer.encode("You are a pirate named Captain Redbeard.");
            int[] user = tokenizer.encode("What is the capital of France?");
            assertThat(slot.context(prompt, user, tokenizer.encode("Arr")))
                    .isEqualTo(ids(contexts.path(1).path("ids")));
            assertThat(tokenizer.encode(contexts.path(2).path("text").asString()))
                    .isEqualTo(ids(contexts.path(2).path("ids")));
            assertThat(slot.betweenUserAndAnswer()).containsExactly(2, 198, 1, 520, 9531, 198);
            assertThat(slot.endOfAnswer()).isEqualTo(2);
            assertThat(slot.stopTokens()).containsExactly(2);
        }
    }

    @Test
    void aTemplateThatWritesPagesIsRefusedBeforeTheyAreRead(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "digits", Map.of("eos_token", "<|endoftext|>"))) {
            ChatTemplate pages = ChatTemplate.parse("{{ 'a' * 8000000 }}");
            assertThatThrownBy(() -> Slot.system(pages, tokenizer))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("at most 100000 characters around two short messages, found 8000000");
        }
    }

    @Test
    void prefixAndTailMakeTheContext(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "digits", Map.of("eos_token", "<|endoftext|>"))) {
            Slot slot = Slot.system(template("chatml"), tokenizer);
            int[] prompt = tokenizer.encode("You are a dog.");
            int[] user = tokenizer.encode("Sit!");
            int[] answer = tokenizer.encode("Woof");
            int[] whole = tokenizer.encode(
                    "<|im_start|>system\nYou are a dog.<|im_end|>\n<|im_start|>user\nSit!<|im_end|>\n<|im_start|>assistant\nWoof");
            assertThat(slot.context(prompt, user, answer)).isEqualTo(whole);
            assertThat(IntStream.concat(IntStream.of(slot.prefix(prompt)), IntStream.of(slot.tail(user, answer)))
                            .toArray())
                    .isEqualTo(whole);
            assertThat(slot.endOfAnswer()).isEqualTo(2);
            assertThat(slot.stopTokens()).containsExactlyInAnyOrder(0, 2);
        }
    }

    @Test
    void theBaseIsAnEmptySystemMessageNotTheTemplatesOwn() {
        try (MappedWeights<Object> file = MappedWeights.gguf(RealModel.path());
                Tokenizer tokenizer = Tokenizer.fromGguf(file.metadata())) {
            Slot slot = Slot.system(template("smollm2"), tokenizer);
            assertThat(tokenizer.decode(slot.context(NOTHING, tokenizer.encode("Hi"), NOTHING)))
                    .isEqualTo("system\n\nuser\nHi\nassistant\n");
        }
    }

    @Test
    void theBeginningTokenComesWhereTheTemplateWritesItAsInTransformers(@TempDir Path one, @TempDir Path two)
            throws IOException {
        Map<String, Object> adds = Map.of(
                "bos_token", Map.of("content", "<|endoftext|>"), "eos_token", "<|im_end|>", "add_bos_token", true);
        try (Tokenizer tokenizer = tiny(one, "digits", adds)) {
            Slot plain = Slot.system(template("chatml"), tokenizer);
            assertThat(plain.prefix(NOTHING)).startsWith(1);
            Slot written = Slot.system(ChatTemplate.parse("{{ bos_token }}" + chatml()), tokenizer);
            assertThat(written.prefix(NOTHING)).startsWith(0, 1).doesNotHaveDuplicates();
            assertThatThrownBy(() ->
                            Slot.system(ChatTemplate.parse("{{ bos_token }}{{ bos_token }}" + chatml()), tokenizer))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("once, found it twice");
        }
        Map<String, Object> doesNot = Map.of("bos_token", "<|endoftext|>", "eos_token", "<|im_end|>");
        try (Tokenizer tokenizer = tiny(two, "digits", doesNot)) {
            assertThat(Slot.system(template("chatml"), tokenizer).prefix(NOTHING))
                    .startsWith(1);
        }
    }

    private static String chatml() {
        return Golden.read("templates.json").path("templates").path("chatml").asString();
    }

    @Test
    void everyEndTheModelListsStopsAnAnswer(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[0,1,99999]}");
        try (Tokenizer tokenizer = tiny(folder, "digits", Map.of("eos_token", "<|endoftext|>"))) {
            assertThat(Slot.system(template("chatml"), tokenizer).stopTokens()).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void aHistoryThatIsRewrittenDoesNotMoveTheEndOfAnAnswer(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "qwen2", Map.of("eos_token", "<|endoftext|>"))) {
            Slot slot = Slot.system(template("qwen3"), tokenizer);
            assertThat(slot.endOfAnswer()).isEqualTo(2);
            assertThat(tokenizer.decode(slot.betweenUserAndAnswer())).isEqualTo("\nassistant\n<think>\n\n</think>\n\n");
        }
    }

    private static void refused(Tokenizer tokenizer, String source, String message) {
        assertThatThrownBy(() -> Slot.system(ChatTemplate.parse(source), tokenizer))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s)chat template: expected .+, found .+ \\(.+\\)\\. .+")
                .hasMessageContaining(message);
    }

    @Test
    void refusesTemplatesThatCannotHoldAPrompt(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "digits", Map.of("eos_token", "<|endoftext|>"))) {
            String turns = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ TEXT }}<|im_end|>\n{% endfor %}";
            refused(tokenizer, "{{ raise_exception('Nobody may say anything') }}", "Nobody may say anything");
            refused(
                    tokenizer,
                    turns.replace("TEXT", "raise_exception('No system') if m.role == 'system' else m.content[:9]"),
                    "left out or altered");
            refused(tokenizer, turns.replace("TEXT", "m.content if m.role != 'system'"), "left out or altered");
            refused(tokenizer, turns.replace("TEXT", "m.content | upper"), "left out or altered");
            refused(tokenizer, turns.replace("TEXT", "m.content | tojson"), "left out or altered");
            refused(tokenizer, turns.replace("TEXT", "m.content ~ m.content"), "more than once");
            refused(
                    tokenizer,
                    "{{ messages[1].content }}{{ messages[0].content }}",
                    "in front of the user's, found it behind");
        }
    }

    /// This vocabulary has a token `AP`.
    @Test
    void refusesATokenizerThatJoinsTextsWithWhatStandsInFront(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "digits", Map.of("eos_token", "<|endoftext|>"))) {
            String turns = "{% for m in messages %}<|im_start|>{{ m.role }}\n"
                    + "{{ 'A' if m.role == 'assistant' }}{{ m.content }}<|im_end|>\n{% endfor %}";
            refused(tokenizer, turns, "another reading of \"Pickle");
        }
    }

    @Test
    void aSpaceThatTheTemplateWritesBelongsToTheText(@TempDir Path folder) throws IOException {
        try (Tokenizer tokenizer = tiny(folder, "metaspace", Map.of("bos_token", "<s>", "eos_token", "</s>"))) {
            ChatTemplate llama2 = template("llama2");
            Slot slot = Slot.system(llama2, tokenizer);
            String written = llama2.render(
                    List.of(new ChatTemplate.Message("system", "dog"), new ChatTemplate.Message("user", "the sun")),
                    true,
                    Map.of("bos_token", "<s>", "eos_token", "</s>"));
            assertThat(slot.context(slot.prompt("dog"), slot.user("the sun"), NOTHING))
                    .isEqualTo(tokenizer.encode(written));
        }
    }

    @Test
    void aBarePrefixHasNothingBetweenPromptAndText(@TempDir Path folder) throws IOException {
        Map<String, Object> config = Map.of("bos_token", "<|im_start|>", "eos_token", "<|im_end|>");
        try (Tokenizer tokenizer = tiny(folder, "digits", config)) {
            Slot slot = Slot.bare(tokenizer);
            assertThat(slot.context(new int[] {7, 8}, new int[] {9}, new int[] {10, 11}))
                    .containsExactly(1, 7, 8, 9, 10, 11);
            assertThat(slot.prefix(NOTHING)).containsExactly(1);
            assertThat(slot.betweenUserAndAnswer()).isEmpty();
            assertThat(slot.stopTokens()).containsExactly(2);
        }
        try (Tokenizer nameless = Tokenizer.fromJson(Golden.path("tiny-digits.tokenizer.json"))) {
            assertThatThrownBy(() -> Slot.bare(nameless))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("eos_token");
        }
    }
}
