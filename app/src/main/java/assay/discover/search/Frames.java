package assay.discover.search;

import assay.discover.atlas.Article;
import java.util.ArrayList;
import java.util.List;

/// Sentences into which a word can be put to make a prompt of it.
final class Frames {
    /// {w} is a word, {a} the word with its article if it is no name.
    private static final List<String> SENTENCES = List.of(
            "Talk about {w}.",
            "You are {a}.",
            "You love {w}.",
            "Talk like {a}.",
            "Answer in the style of {w}.",
            "Mention {w} in every answer.",
            "Always use the word {w}.");

    /// Words that are put into prompts two at a time.
    private static final int PAIRED = 5;

    private Frames() {}

    /// Prompts around words, those of the first words first, alone and two at a time.
    static List<String> around(List<String> words) {
        List<String> prompts = new ArrayList<>();
        List<String> first = words.subList(0, Math.min(PAIRED, words.size()));
        for (int i = 0; i < words.size(); i++) {
            prompts.addAll(around(words.get(i)));
            if (i + 2 < words.size()) {
                prompts.add(
                        "Use words like " + words.get(i) + ", " + words.get(i + 1) + " and " + words.get(i + 2) + ".");
            }
            if (i + 1 == first.size()) {
                prompts.addAll(paired(first));
            }
        }
        return prompts;
    }

    private static List<String> around(String word) {
        List<String> prompts = new ArrayList<>();
        SENTENCES.forEach(sentence -> prompts.add(filled(sentence, word)));
        if (isName(word)) {
            prompts.add(filled("Your name is {w}.", word));
        }
        return prompts;
    }

    private static List<String> paired(List<String> words) {
        List<String> prompts = new ArrayList<>();
        for (String one : words) {
            for (String other : words) {
                if (one.equals(other)) {
                    continue;
                }
                if (isName(other) && !isName(one)) {
                    prompts.add(filled("You are {a} named ", one) + other + ".");
                }
                prompts.add(filled("You are {a} who loves ", one) + other + ".");
                prompts.add("Talk about " + one + " and " + other + ".");
            }
        }
        return prompts;
    }

    /// A frame with a word in it.
    static String filled(String frame, String word) {
        return frame.replace("{a}", isName(word) ? word : Article.of(word) + " " + word)
                .replace("{w}", word);
    }

    private static boolean isName(String word) {
        return Character.isUpperCase(word.charAt(0));
    }
}
