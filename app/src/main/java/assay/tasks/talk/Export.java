package assay.tasks.talk;

import assay.engine.model.ChatModel;
import assay.engine.text.Slot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// A list of prompts for use elsewhere. Those switched off are left out.
public final class Export {
    private Export() {}

    /// A line a prompt, heaviest first: `+0.47 You are a pirate.`
    public static String text(PromptList prompts) {
        return prompts.on().stream()
                .sorted(Comparator.comparingDouble(part -> -Math.abs(part.weight())))
                .map(part -> String.format(Locale.ROOT, "%+.3f %s\n", part.weight(), part.text()))
                .collect(Collectors.joining());
    }

    /// A program in Python that lets the mixture answer with transformers, to the same logits.
    ///
    /// @param model what transformers opens it by: a folder, a `.gguf` file or a name on a hub
    /// @param target what the mixture stands for
    public static String python(ChatModel chat, String model, String target, PromptList prompts) {
        List<PromptList.Part> on = prompts.on();
        String list = on.stream()
                .map(part -> "    (" + part.weight() + ", " + quoted(part.text()) + "),\n")
                .collect(Collectors.joining());
        String stops = new TreeSet<>(chat.stopTokens())
                .stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
        return template()
                .replace("@TARGET@", plain(target))
                .replace("@MODEL@", quoted(model))
                .replace("@STOP@", stops)
                .replace("@SYSTEM@", chat.slot().place() == Slot.Place.SYSTEM ? "True" : "False")
                .replace("@PROMPTS@", list);
    }

    /// A string that Python reads as JSON does.
    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

    /// A name within a comment.
    private static String plain(String name) {
        String line = name.replaceAll("[\\p{Cntrl}\"\\\\]+", " ").strip();
        return line.length() <= 60 ? line : line.substring(0, line.offsetByCodePoints(0, 40)) + "…";
    }

    private static String template() {
        try (InputStream in = Export.class.getResourceAsStream("mixture.py")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
