package assay.engine.jinja;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.text.ChatTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Small templates, rendered with nothing but what a test gives.
final class Render {
    private Render() {}

    static String of(String source) {
        return of(source, Map.of());
    }

    static String of(String source, Map<String, Object> given) {
        Map<String, Object> all = new LinkedHashMap<>(given);
        all.putIfAbsent("messages", List.of());
        all.putIfAbsent("add_generation_prompt", false);
        return ChatTemplate.parse(source).render(all);
    }

    /// Checks that a template is refused in one line of the form every refusal has.
    static void refused(String source, String expected, String found) {
        assertThatThrownBy(() -> of(source))
                .as(source)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("chat template: expected " + expected + ", found " + found + " (")
                .hasMessageEndingWith("). Use a template this version reads, or another model.");
    }
}
