package assay.discover.atlas;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Draws the phrases of one category: its templates take turns, and every list is dealt like a deck of
/// cards, so that no filler comes a second time before all others have come once.
final class CategoryDraw {
    /// Deals from one template without a new text before it counts as exhausted.
    private static final int DEALS = 400;

    private final GrammarFile file;
    private final Random random;
    private final Deque<Template> turns;
    private final Map<String, Deque<Template>> decks = new HashMap<>();

    CategoryDraw(GrammarFile file, long seed) {
        this.file = file;
        this.random = new Random(seed);
        this.turns = new ArrayDeque<>(shuffled(file.templates()));
    }

    String category() {
        return file.category();
    }

    /// The next text that is not among those seen, or nothing when the category has no more to say. Adds it
    /// to them.
    Optional<String> next(Set<String> seen) {
        while (!turns.isEmpty()) {
            Template template = turns.removeFirst();
            int deals = template.lists().isEmpty() ? 1 : DEALS;
            for (int i = 0; i < deals; i++) {
                String text = sentenceCase(filled(template, new HashSet<>()));
                if (seen.add(text)) {
                    turns.addLast(template);
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }

    /// @param used fillers this phrase has used already, so that a list named twice gives two different ones
    private String filled(Template template, Set<String> used) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Literal(String words) -> text.append(words);
                case Template.Slot(String list, boolean article) -> {
                    String filler = deal(list, used);
                    text.append(article ? Article.of(filler) + " " : "").append(filler);
                }
            }
        }
        return text.toString();
    }

    private String deal(String list, Set<String> used) {
        List<Template> fillers = file.lists().getOrDefault(list, List.of());
        String filler = "";
        for (int i = 0; i <= fillers.size(); i++) {
            Deque<Template> deck = decks.computeIfAbsent(list, _ -> new ArrayDeque<>());
            if (deck.isEmpty()) {
                deck.addAll(shuffled(fillers));
            }
            filler = filled(deck.removeFirst(), used);
            if (used.add(filler)) {
                return filler;
            }
        }
        throw new IllegalArgumentException("grammar list: expected enough fillers for one template, found "
                + fillers.size() + " (" + list + " in " + file.category() + ".txt). Add fillers.");
    }

    private List<Template> shuffled(List<Template> templates) {
        List<Template> copy = new ArrayList<>(templates);
        Collections.shuffle(copy, random);
        return copy;
    }

    private static String sentenceCase(String text) {
        StringBuilder result = new StringBuilder(text);
        boolean start = true;
        for (int i = 0; i < result.length(); i++) {
            char letter = result.charAt(i);
            if (start && Character.isLetter(letter)) {
                result.setCharAt(i, Character.toTitleCase(letter));
                start = false;
            } else if (letter == ' ' && i > 0 && ".!?".indexOf(result.charAt(i - 1)) >= 0) {
                start = true;
            }
        }
        return result.toString();
    }
}
