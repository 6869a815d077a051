package assay.lab.matching;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Splits a text into the stems of those words that carry meaning, and a word into runs of letters.
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    /// How many letters a run has: long enough to mean something, short enough to bridge forms and
    /// related languages.
    private static final int RUN = 4;
    private static final Set<String> FUNCTION_WORDS = Set.of("""
            a about all an and any are as at be been but by can could did do does for from had has have he her him his how
            i if in into is it its just may me might must my no not of on or our shall she should so some such than that
            the their them then there these they this those to too us very was we were what when where which while who
            whom whose why will with would you your yours yourself s t re ve ll d m\
            """.split("\\s+", -1));
    private static final List<String> ENDINGS =
            List.of("ness", "ment", "ation", "ing", "er", "or", "ed", "ly", "es", "y", "e");

    private Words() {}

    /// Content words in reading order, in lower case, cut to their stems.
    static List<String> stems(String text) {
        List<String> stems = new ArrayList<>();
        Matcher matcher = WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            if (!FUNCTION_WORDS.contains(matcher.group())) {
                stems.add(stem(matcher.group()));
            }
        }
        return stems;
    }

    /// A word without its plural and, as long as four letters stay, without common English endings; a
    /// doubled last letter becomes one. "Answers", "answered" and "answering" are one stem, which need
    /// not be a word.
    static String stem(String word) {
        String stem = singular(word);
        for (int i = 0; i < ENDINGS.size(); i++) {
            String ending = ENDINGS.get(i);
            if (stem.endsWith(ending) && stem.length() - ending.length() >= 4) {
                stem = stem.substring(0, stem.length() - ending.length());
                i = -1;
            }
        }
        int last = stem.length() - 1;
        return last > 2 && stem.charAt(last) == stem.charAt(last - 1) ? stem.substring(0, last) : stem;
    }

    private static String singular(String word) {
        boolean isPlural = word.length() > 3 && word.endsWith("s") && "sui".indexOf(word.charAt(word.length() - 2)) < 0;
        return isPlural ? word.substring(0, word.length() - 1) : word;
    }

    /// Runs of four characters of a stem, its borders marked; a shorter one has none but itself.
    static List<String> runs(String stem) {
        String marked = "^" + stem + "$";
        List<String> runs = new ArrayList<>();
        for (int i = 0; i + RUN <= marked.length(); i++) {
            runs.add(marked.substring(i, i + RUN));
        }
        return runs;
    }
}
