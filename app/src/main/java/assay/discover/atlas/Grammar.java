package assay.discover.atlas;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Short, readable system prompts of many kinds, written without running a model.
///
/// The words are in `grammar/*.txt`, one file per category, in the format of [GrammarFile]. The kinds of
/// behaviour that our experiments are asked to find are left out on purpose; the test names them.
public final class Grammar {
    /// Most prompts one can ask for.
    public static final int MOST = 50_000;

    private static final String SHARED = "shared";
    private static final String INDEX = "categories";

    private Grammar() {}

    /// A prompt and the kind of prompt it is.
    ///
    /// @param text one or two sentences, 12 to 120 characters
    /// @param category the name of its file
    public record Phrase(String text, String category) {}

    /// Draws different prompts, as many of each category as of any other as long as the category has enough.
    ///
    /// The same seed gives the same prompts, and fewer prompts are the beginning of more.
    ///
    /// @param count prompts to draw, at most [#MOST]
    /// @throws InputException if the count is out of these bounds
    public static List<Phrase> draw(int count, long seed) {
        if (count < 0 || count > MOST) {
            throw new InputException("grammar prompts: expected 0 to " + MOST + ", found " + count
                    + " (asked for). Ask for a number in between.");
        }
        Random random = new Random(seed);
        List<CategoryDraw> open = new ArrayList<>();
        for (GrammarFile file : files()) {
            open.add(new CategoryDraw(file, random.nextLong()));
        }
        Collections.shuffle(open, random);
        List<Phrase> phrases = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (phrases.size() < count && !open.isEmpty()) {
            List<CategoryDraw> dry = new ArrayList<>();
            for (CategoryDraw draw : open.subList(0, Math.min(open.size(), count - phrases.size()))) {
                Optional<String> text = draw.next(seen);
                text.ifPresentOrElse(found -> phrases.add(new Phrase(found, draw.category())), () -> dry.add(draw));
            }
            open.removeAll(dry);
        }
        if (phrases.size() < count) {
            throw new IllegalStateException("grammar: expected " + count + " prompts, found " + phrases.size()
                    + " (all categories). Add fillers.");
        }
        return List.copyOf(phrases);
    }

    /// The categories in the order of the index.
    static List<String> categories() {
        return resource(INDEX)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    static List<GrammarFile> files() {
        Map<String, List<Template>> shared =
                GrammarFile.parse(SHARED, resource(SHARED), Map.of()).lists();
        return categories().stream()
                .map(category -> GrammarFile.parse(category, resource(category), shared))
                .toList();
    }

    private static String resource(String name) {
        String path = "grammar/" + name + ".txt";
        try (InputStream in = Grammar.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new ResourceException(
                        "grammar: expected " + path + ", found nothing (program file). Install Assay again.");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ResourceException(
                    "grammar: expected " + path + " to be readable, found " + e.getMessage()
                            + " (program file). Install Assay again.",
                    e);
        }
    }
}
