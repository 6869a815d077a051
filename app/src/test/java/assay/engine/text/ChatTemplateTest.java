package assay.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ChatTemplateTest {
    private static final JsonNode TEMPLATES = Golden.read("templates.json");

    /// What Jinja renders and this version refuses by name.
    private static final Set<String> REFUSED_HERE = Set.of("{{ n.real }}", "{{ 2 ** 10 }}", "{{ [3, 1] < [3, 2] }}");

    @Test
    void writesEveryConversationAsTransformersDoes() {
        int rendered = 0;
        for (JsonNode row : TEMPLATES.path("rows")) {
            String name = row.path("template").asString();
            String conversation = row.path("conversation").asString();
            ChatTemplate template =
                    ChatTemplate.parse(TEMPLATES.path("templates").path(name).asString());
            List<Message> messages = new ArrayList<>();
            TEMPLATES
                    .path("conversations")
                    .path(conversation)
                    .forEach(turn -> messages.add(new Message(
                            turn.path("role").asString(), turn.path("content").asString())));
            boolean prompt = row.path("add_generation_prompt").asBoolean();
            String where = name + " / " + conversation + " / " + prompt;
            if (row.has("refused")) {
                assertThatThrownBy(() -> template.render(messages, prompt, Golden.map(TEMPLATES.path("variables"))))
                        .as(where)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining(row.path("refused").asString());
            } else {
                assertThat(template.render(messages, prompt, Golden.map(TEMPLATES.path("variables"))))
                        .as(where)
                        .isEqualTo(row.path("text").asString());
                rendered++;
            }
        }
        assertThat(rendered).isGreaterThan(250);
    }

    @Test
    void evaluatesExpressionsAsJinjaDoes() {
        JsonNode golden = Golden.read("expressions.json");
        Set<String> refusedHere = new TreeSet<>();
        List<String> differ = new ArrayList<>();
        for (JsonNode row : golden.path("rows")) {
            String source = row.path("template").asString();
            String expected = row.has("refused") ? "refused" : row.path("text").asString();
            String found;
            try {
                found = ChatTemplate.parse(source).render(List.of(), false, Golden.map(golden.path("variables")));
            } catch (InputException refused) {
                assertThat(refused.getMessage()).matches("(?s)chat template: expected .*, found .*\\(.*\\)\\. .*");
                if (!row.has("refused")) {
                    refusedHere.add(source);
                    expected = "refused";
                }
                found = "refused";
            }
            if (!found.equals(expected)) {
                differ.add(source + "\n  expected " + expected + "\n  found    " + found);
            }
        }
        assertThat(differ).isEmpty();
        assertThat(refusedHere).isEqualTo(new TreeSet<>(REFUSED_HERE));
    }

    private static String render(String source) {
        return ChatTemplate.parse(source).render(List.of(new Message("user", "hi")), false, Map.of());
    }

    @Test
    void namesTheLineOfWhatItDoesNotRead() {
        assertThatThrownBy(() -> ChatTemplate.parse("one\n{% if true %}\n{% include 'x' %}{% endif %}"))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "chat template: expected one of if, for, set, macro, call, filter, generation, break,"
                                + " continue, raw, found 'include' (line 3). Use a template this version reads, or another model.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{{ 'ab' * 1000000000000 }}",
                "{{ range(1000000000) }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace() %}{% set ns.me = [ns] %}{{ ns.me }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}",
                "{{ ('9' * 8000000) | int }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ -(-9223372036854775807 - 1) }}",
                "{{ 99999999999999999999 }}",
                "{{ 2 ** 64 }}",
                "{{ 2 ** 99999999999 }}",
                "{{ '\\N{NO SUCH SIGN}' }}",
                "{{ '\\uZZZZ' }}",
                "{{ '\\UFFFFFFFF' }}",
                "{{ [1][9223372036854775807:][0].x }}",
                "{{ 'a'.split('') }}",
                "{{ messages[0].content | indent('x' * 9000000) }}",
                "{% set loop = 1 %}{% set messages.x = 1 %}",
                "{% for a, b in [1] %}{% endfor %}",
                "{{ {messages: 1} | tojson }}",
                "{{ missing | tojson }}",
                "{{ 'a' is in }}",
                "{{ a b }}",
                "{{ 'a' if }}",
                "{{ (1 }}",
                "{% set %}",
                "{% for %}{% endfor %}",
                "{% break %}",
                "{{",
                "{%",
                "{#",
                "{% raw %}",
                "{{ }}",
                "{{ 1",
                "{{ 'a\\",
                "{{ a.. }}",
                "{{ range() }}",
                "{{ 'x'.startswith() }}",
                "{{ items(**messages) }}",
                "{{ messages | map }}",
                "{{ messages | selectattr }}",
                "{{ messages | map('nosuch') }}",
                "{{ [] | map(attribute='a', default=1) }}{{ raise_exception() }}"
            })
    void refusesWhatIsBrokenOrTooMuchInOneLine(String source) {
        assertThatThrownBy(() -> render(source))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("(?s)chat template: expected .+, found .+ \\(.+\\)\\. .+");
    }

    @Test
    void refusesDeepNestingInsteadOfOverflowing() {
        for (String source : List.of(
                "{{ " + "(".repeat(20_000) + "1" + ")".repeat(20_000) + " }}",
                "{{ " + "[".repeat(20_000) + "]".repeat(20_000) + " }}",
                "{{ " + "not ".repeat(20_000) + "1 }}",
                "{{ " + "-".repeat(20_000) + "1 }}",
                "{{ 1" + " + 1".repeat(20_000) + " }}",
                "{{ x" + ".a".repeat(20_000) + " }}",
                "{{ 'a'" + " | trim".repeat(20_000) + " }}",
                "{{ 1" + " if 1 else 1".repeat(20_000) + " }}",
                "{% if 1 %}".repeat(20_000) + "{% endif %}".repeat(20_000),
                "{% set ns = namespace(l=[]) %}{% for i in range(20000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}")) {
            assertThatThrownBy(() -> render(source))
                    .as(source.substring(0, 30))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("at most");
        }
    }

    @Test
    void refusesATemplateOfImplausibleLength() {
        assertThatThrownBy(() -> ChatTemplate.parse("x".repeat(1_000_001)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found 1000001");
    }

    @Test
    void knowsTheDateOnlyWhenGivenAClock() {
        String source = "{{ strftime_now('%d %b %Y, %A %H:%M:%S %j %%') if strftime_now is defined else 'no clock' }}";
        LocalDateTime now = LocalDateTime.of(2024, 7, 6, 5, 4, 3);
        assertThat(render(source)).isEqualTo("no clock");
        assertThat(ChatTemplate.parse(source).render(List.of(), false, Map.of("strftime_now", now)))
                .isEqualTo("06 Jul 2024, Saturday 05:04:03 188 %");
    }

    @Test
    void leavesTheCallersVariablesAlone() {
        Map<String, Object> variables = Map.of("x", List.of(1, 2));
        String source = "{% set x = x + [3] %}{{ x }}";
        assertThat(ChatTemplate.parse(source).render(List.of(), false, variables))
                .isEqualTo("[1, 2, 3]");
        assertThat(variables).containsEntry("x", List.of(1, 2));
    }

    private static String date(String source, Map<String, Object> variables) {
        return ChatTemplate.parse(source).render(List.of(new Message("user", "hi")), true, variables);
    }

    /// Constructs of public templates that were refused, or read wrongly, before.
    @Test
    void readsADateThatIsNotAskedAboutFirst() {
        String source =
                "{%- set today = strftime_now('%Y-%m-%d') %}{% for m in messages %}{{ m.role }} {{ today }} {{ m.content }}"
                        + "{% endfor %}{% if add_generation_prompt %}>{% endif %}";
        assertThat(date(source, Map.of())).isEqualTo("user 2024-07-26 hi>");
        assertThat(date(source, Map.of("strftime_now", LocalDateTime.of(2026, 8, 1, 0, 0))))
                .isEqualTo("user 2026-08-01 hi>");
    }

    @Test
    void readsWhatMapSortsFormatsAndCalls() {
        assertThat(render("{{ messages|map(attribute='name', default='someone')|join(',') }}"))
                .isEqualTo("someone");
        assertThat(render("{% for k, v in {'b': 1, 'a': 2}|dictsort %}{{ k }}{{ v }}{% endfor %}"))
                .isEqualTo("a2b1");
        assertThat(render("{% macro w(r) %}<{{ r }}>{{ caller() }}</{{ r }}>{% endmacro %}"
                        + "{% for m in messages %}{% call w(m.role) %}{{ m.content }}{% endcall %}{% endfor %}"))
                .isEqualTo("<user>hi</user>");
        assertThat(render("{{ messages[0]|tojson(separators=(',', ':')) }}"))
                .isEqualTo("{\"role\":\"user\",\"content\":\"hi\"}");
        assertThat(render("{% for m in messages %}{{ '<%s>%s' % (m.role, m.content) }}{% endfor %}"))
                .isEqualTo("<user>hi");
    }
}
