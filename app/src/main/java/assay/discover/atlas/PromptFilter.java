package assay.discover.atlas;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells readable prompts from the rest of what a model writes when asked for prompts.
public final class PromptFilter {
    /// Shortest prompt in characters.
    public static final int SHORTEST = 12;
    /// Longest prompt in characters.
    public static final int LONGEST = 120;

    private static final int LONGEST_LINE = 2_000;
    private static final int LONGEST_WORD = 24;
    private static final double LEAST_LETTERS = 0.7;
    /// Everything else is markup, a quotation, an address, a template token, a control character or a symbol.
    private static final Pattern PLAIN = Pattern.compile(
            "[\\p{L}\\p{M}\\p{Nd} .,;:!?'()%&\u2013\u2014\u00bf\u00a1\u3002\uff0c\u3001\uff01\uff1f\u060c\u061f\u0964-]+");
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?\u3002\uff01\uff1f\u061f\u0964]");
    private static final Pattern LABEL = Pattern.compile("\\p{L}+(?: \\p{L}+)?:.*");
    private static final Pattern LIST_MARKER = Pattern.compile("(?:[-\u2013\u2014]|\\(?(?:\\p{Nd}+|\\p{L})[.):]).*");
    private static final Pattern ADDRESS =
            Pattern.compile(".*(?:\\p{L}[.:]\\p{L}|\\bwww\\b|\\bhttps?\\b).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern ODD_PUNCTUATION = Pattern.compile(".*(?: [.,;:!?]|[.,;:!?][.,;:!?]).*");
    private static final Pattern REQUEST =
            Pattern.compile("(?:(?:can|could|would|will) you|please|why not|how about)\\b.*", Pattern.CASE_INSENSITIVE);
    /// A sentence that ends in one of these was cut off.
    private static final Set<String> DANGLING = Set.of("""
            a an the and or but of to in on at by for from with into onto as than that which who whose where when while if
            because so is are was were be been being am has have had will would can could should must may might not no your my
            his her their our its this these those every each any some very more most such like about between without you're
            it's i'm you'll favorite favourite own other another even using how what why whether through during until\
            """.split("\\s+", -1));
    /// No sentence ends in one of these, unless it speaks of the word itself.
    private static final Set<String> NEVER_LAST = Set.of("a", "an", "the", "and", "or", "your", "my", "our", "very");

    private static final Set<String> MENTIONS = Set.of("word", "words", "letter");

    private PromptFilter() {}

    /// The line as a prompt, with white space and a missing final period put right; nothing if it is none.
    ///
    /// A line cut off after its first sentence keeps its whole sentences.
    public static Optional<String> readable(String line) {
        if (line.length() > LONGEST_LINE) {
            return Optional.empty();
        }
        String text = Normalizer.normalize(line, Normalizer.Form.NFC)
                .replaceAll("[\\s\u00a0]+", " ")
                .replace('\u2019', '\'')
                .strip();
        if (text.isEmpty() || !PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        return ended(text).filter(PromptFilter::fits);
    }

    private static Optional<String> ended(String text) {
        int last = text.length() - 1;
        if (isSentenceEnd(text.charAt(last))) {
            return Optional.of(text);
        }
        for (int i = last; i >= SHORTEST; i--) {
            if (isSentenceEnd(text.charAt(i)) && text.charAt(i + 1) == ' ') {
                return Optional.of(text.substring(0, i + 1));
            }
        }
        List<String> words = words(text);
        boolean whole =
                Character.isLetterOrDigit(text.charAt(last)) && !words.isEmpty() && !DANGLING.contains(words.getLast());
        return whole ? Optional.of(text + '.') : Optional.empty();
    }

    private static boolean fits(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= SHORTEST
                && length <= LONGEST
                && startsWell(text)
                && !LABEL.matcher(text).matches()
                && !LIST_MARKER.matcher(text).matches()
                && !ADDRESS.matcher(text).matches()
                && !ODD_PUNCTUATION.matcher(text).matches()
                && isBalanced(text)
                && isInstruction(text)
                && isMostlyLetters(text)
                && !isCutOff(text)
                && !isLoop(words(text));
    }

    private static boolean startsWell(String text) {
        int first = text.codePointAt(text.startsWith("\u00bf") || text.startsWith("\u00a1") ? 1 : 0);
        return Character.isUpperCase(first)
                || Character.isTitleCase(first)
                || Character.getType(first) == Character.OTHER_LETTER;
    }

    private static boolean isBalanced(String text) {
        int open = 0;
        for (int i = 0; i < text.length() && open >= 0; i++) {
            open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
        }
        return open == 0;
    }

    /// A question is a prompt only as a polite request, or after a sentence that is none.
    private static boolean isInstruction(String text) {
        char last = text.charAt(text.length() - 1);
        boolean question = last == '?' || last == '\uff1f' || last == '\u061f';
        String before = text.substring(0, text.length() - 1);
        return !question || REQUEST.matcher(text).matches() || before.contains(". ") || before.contains("! ");
    }

    private static boolean isMostlyLetters(String text) {
        long letters = text.codePoints()
                .filter(point -> Character.isLetter(point)
                        || Character.getType(point) == Character.NON_SPACING_MARK
                        || Character.getType(point) == Character.COMBINING_SPACING_MARK)
                .count();
        long spaces = text.chars().filter(point -> point == ' ').count();
        return letters >= LEAST_LETTERS * (text.codePointCount(0, text.length()) - spaces);
    }

    private static boolean isCutOff(String text) {
        List<String> words = words(text);
        return words.isEmpty()
                || (NEVER_LAST.contains(words.getLast())
                        && (words.size() < 2 || !MENTIONS.contains(words.get(words.size() - 2))));
    }

    /// Whether words come again and again, as they do when a model has lost its way.
    private static boolean isLoop(List<String> words) {
        Map<String, Integer> counts = new HashMap<>();
        Set<List<String>> fours = new HashSet<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean again = i > 0 && word.equals(words.get(i - 1)) && !word.equals("very");
            int count = counts.merge(word, 1, Integer::sum);
            boolean often = word.length() > 3 && (count > 3 || (count == 3 && words.size() < 12));
            boolean fourAgain = i > 2 && !fours.add(words.subList(i - 3, i + 1));
            if (again || often || fourAgain || word.length() > LONGEST_WORD) {
                return true;
            }
        }
        return words.size() >= 8 && counts.size() < 0.6 * words.size();
    }

    private static boolean isSentenceEnd(char character) {
        return SENTENCE_END.matcher(String.valueOf(character)).matches();
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}\\p{Nd}'-]+")).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
