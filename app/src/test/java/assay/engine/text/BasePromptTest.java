package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands in the prompt's place of the base, in templates of every family.
class BasePromptTest {
    private static final int[] NOTHING = new int[0];

    @TempDir
    private Path folder;

    /// Their user turn stands behind a space, which belongs to its first word, unless a system message is in between.
    private static final List<String> READ_OTHERWISE = List.of("llama2", "mistral1", "mistral3");

    static List<String> families() {
        return SlotFamiliesTest.families().stream()
                .filter(family -> !READ_OTHERWISE.contains(family))
                .toList();
    }

    private static int[] context(Slot slot, String user) {
        return slot.context(NOTHING, slot.user(user), NOTHING);
    }

    private static String written(String family, Tokenizer tokenizer, BasePrompt base) {
        Slot slot = Slot.system(SlotFamiliesTest.template(family), tokenizer);
        return tokenizer.written(context(slot.over(base), "Hi"));
    }

    @ParameterizedTest
    @MethodSource("families")
    void anotherBaseLeavesEveryOtherContextAsItIs(String family) throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            Slot usual = Slot.system(SlotFamiliesTest.template(family), tokenizer);
            int[] prompt = usual.prompt("Be brief.");
            for (BasePrompt base :
                    List.of(new BasePrompt.Default(), new BasePrompt.Text("Be kind."), BasePrompt.usual())) {
                Slot slot = usual.over(base);
                assertThat(slot.basePrompt()).isEqualTo(base);
                assertThat(slot.context(prompt, slot.user("Why?"), NOTHING))
                        .isEqualTo(usual.context(prompt, usual.user("Why?"), NOTHING));
                assertThat(slot.betweenPromptAndUser()).isEqualTo(usual.betweenPromptAndUser());
                assertThat(slot.before()).isEqualTo(usual.before());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void theDefaultBaseIsWhatTheTemplateMakesOfAUserTurnAlone(String family) throws IOException {
        ChatTemplate template = SlotFamiliesTest.template(family);
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            Map<String, Object> variables = new HashMap<>(tokenizer.named());
            variables.put("enable_thinking", false);
            String alone = template.render(List.of(new Message("user", "What is 12 + 3?")), true, variables);
            Slot slot = Slot.system(template, tokenizer).over(new BasePrompt.Default());
            assertThat(context(slot, "What is 12 + 3?")).isEqualTo(tokenizer.encode(alone));
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void aTextAsTheBaseIsThatPrompt(String family) throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            Slot usual = Slot.system(SlotFamiliesTest.template(family), tokenizer);
            assertThat(context(usual.over(new BasePrompt.Text("Be kind.")), "Why?"))
                    .isEqualTo(usual.context(usual.prompt("Be kind."), usual.user("Why?"), NOTHING));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama2", "mistral1", "mistral3"})
    void aUserTurnThatIsReadOtherwiseWithoutASystemMessageRefusesNoneAndDefault(String family) throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            for (BasePrompt base : List.of(new BasePrompt.None(), new BasePrompt.Default())) {
                assertThatThrownBy(() -> written(family, tokenizer, base))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("expected a user turn that is read alike with and without a system")
                        .hasMessageEndingWith("Take empty, or the text of a system prompt.");
            }
            assertThat(written(family, tokenizer, new BasePrompt.Text("Be kind.")))
                    .contains("Be kind.");
        }
    }

    /// Nothing of the default message is left, and where none is inserted nothing changes.
    @ParameterizedTest
    @MethodSource("families")
    void noBaseLeavesOutWhatTheTemplateInserts(String family) throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            Slot usual = Slot.system(SlotFamiliesTest.template(family), tokenizer);
            String none = tokenizer.written(context(usual.over(new BasePrompt.None()), "Why?"));
            usual.inserted()
                    .ifPresentOrElse(
                            message -> assertThat(none).doesNotContain(message),
                            () -> assertThat(tokenizer.written(context(usual.over(new BasePrompt.Default()), "Why?")))
                                    .endsWith(none.replaceFirst("^<.endoftext.>", "")));
            assertThat(none).contains("Why?");
        }
    }

    @Test
    void theFourBasesOfQwen() throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer("qwen25", folder)) {
            String rest = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
            assertThat(written("qwen25", tokenizer, new BasePrompt.None())).isEqualTo(rest);
            assertThat(written("qwen25", tokenizer, BasePrompt.usual()))
                    .isEqualTo("<|im_start|>system\n<|im_end|>\n" + rest);
            String inserted = Slot.system(SlotFamiliesTest.template("qwen25"), tokenizer)
                    .inserted()
                    .orElseThrow();
            assertThat(written("qwen25", tokenizer, new BasePrompt.Default()))
                    .isEqualTo("<|im_start|>system\n" + inserted + "<|im_end|>\n" + rest);
            assertThat(written("qwen25", tokenizer, BasePrompt.parse(" Be kind. ")))
                    .isEqualTo("<|im_start|>system\nBe kind.<|im_end|>\n" + rest);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "qwen3, EMPTY_BLOCK",
        "smollm3, EMPTY_BLOCK",
        "qwen25, NONE",
        "llama31, NONE",
        "gemma3, NONE",
        "gemma2, NONE",
        "deepseek-r1, ON",
    })
    void thinkingIsSwitchedOffWhereTheTemplateCan(String family, Thinking expected) throws IOException {
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer(family, folder)) {
            Slot slot = Slot.system(SlotFamiliesTest.template(family), tokenizer);
            assertThat(slot.thinking()).isEqualTo(expected);
            if (expected == Thinking.EMPTY_BLOCK) {
                assertThat(tokenizer.written(slot.betweenUserAndAnswer())).containsPattern("<think>\\s*</think>\\s*$");
            }
        }
    }

    @Test
    void aTemplateThatOpensTheFirstTurnInItsOwnWayRefusesNone() throws IOException {
        String turns = "{% if messages[0].role != 'system' %}<|im_start|>system\nOwn<|im_end|>\n{% endif %}"
                + "{% for m in messages %}<|im_start|>{{ 'later ' if loop.index > 2 }}{{ m.role }}\n"
                + "{{ m.content }}<|im_end|>\n{% endfor %}";
        try (Tokenizer tokenizer = SlotFamiliesTest.tokenizer("qwen25", folder)) {
            Slot slot = Slot.system(ChatTemplate.parse(turns), tokenizer);
            assertThat(slot.inserted()).contains("Own");
            assertThatThrownBy(() -> slot.over(new BasePrompt.None()))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("--base-prompt: expected none to be possible, found ")
                    .hasMessageEndingWith("Take empty, or the text of a system prompt.");
        }
    }

    @Test
    void whatIsWrittenIsReadBack() {
        for (String written : List.of("none", "empty", "default", "You are a dog.")) {
            assertThat(BasePrompt.parse(written).written()).isEqualTo(written);
        }
        assertThatThrownBy(() -> BasePrompt.parse(" ")).hasMessageContaining("expected none, empty, default or a text");
    }
}
