package assay.discover.atlas;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The words of a prompt that say what it asks for.
///
/// Left out are function words, and the frames in which any prompt can be put ("You are …", "Answer …",
/// "Always …"). "Never", "not" and "without" turn a prompt round, so they are content.
public final class ContentWords {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+(?:'\\p{L}+)?");
    private static final List<String> ENDINGS = List.of("ing", "ed", "ly");
    private static final Pattern UNSPACED = Pattern.compile("[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}]+");
    private static final Set<String> FUNCTION_WORDS = Set.of("""
            a an the this that these those and or but if as at by for from in into of on onto to with about like than
            then so too very it its he him his she her they them their we us our i me my you your yours yourself who
            whom whose which what when where while is are was were be been being am do does did has have had will
            would can could should may might must there here you're it's any some such just also\
            """.split("\\s+", -1));
    private static final Set<String> FRAME_WORDS = Set.of("""
            act acting pretend imagine behave play answer answers answering respond responding response responses
            reply replies replying speak speaking speaks talk talking talks say saying write writing always only
            please every all everything assistant someone somebody person\
            """.split("\\s+", -1));

    private ContentWords() {}

    /// All words in reading order, in lower case (by way of upper case, which unites forms of a letter).
    /// Text written without spaces counts by pairs of characters.
    static List<String> words(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replace('\u2019', '\'')
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(plain);
        while (matcher.find()) {
            String word = matcher.group();
            if (word.length() > 2 && UNSPACED.matcher(word).matches()) {
                for (int i = 0; i + 2 <= word.length(); i++) {
                    words.add(word.substring(i, i + 2));
                }
            } else {
                words.add(word);
            }
        }
        return words;
    }

    /// The content words as they stand in a text, in reading order, in lower case; none where there is none.
    public static List<String> within(String text) {
        return words(text).stream().filter(ContentWords::isContent).toList();
    }

    private static boolean isContent(String word) {
        return !FUNCTION_WORDS.contains(word) && !FRAME_WORDS.contains(word);
    }

    /// Stems of the content words; of all words where there is no content word.
    static Set<String> of(String text) {
        return of(words(text));
    }

    /// The same of words that are split already.
    static Set<String> of(List<String> words) {
        Set<String> content = new LinkedHashSet<>();
        for (String word : words) {
            if (isContent(word)) {
                content.add(stem(word));
            }
        }
        if (content.isEmpty()) {
            words.forEach(word -> content.add(stem(word)));
        }
        return content;
    }

    /// A word without its English endings, so that "rhyme", "rhymes", "rhymed" and "rhyming" are one.
    public static String stem(String word) {
        String stem = word.endsWith("'s") ? word.substring(0, word.length() - 2) : word;
        stem = withoutPlural(stem);
        for (String ending : ENDINGS) {
            if (stem.endsWith(ending) && stem.length() - ending.length() >= 3) {
                stem = single(stem.substring(0, stem.length() - ending.length()));
                break;
            }
        }
        if (stem.endsWith("e") && stem.length() > 3) {
            stem = stem.substring(0, stem.length() - 1);
        }
        return stem.endsWith("i") && stem.length() > 3 ? stem.substring(0, stem.length() - 1) + 'y' : stem;
    }

    /// Whether a word looks like an English plural.
    public static boolean isPlural(String word) {
        return !withoutPlural(word).equals(word);
    }

    private static String withoutPlural(String word) {
        int length = word.length();
        if (length > 4 && word.endsWith("ies")) {
            return word.substring(0, length - 3) + 'y';
        }
        if (length > 4
                && (word.endsWith("sses") || word.endsWith("xes") || word.endsWith("ches") || word.endsWith("shes"))) {
            return word.substring(0, length - 2);
        }
        boolean plural = length > 3
                && word.endsWith("s")
                && !word.endsWith("ss")
                && !word.endsWith("us")
                && !word.endsWith("is");
        return plural ? word.substring(0, length - 1) : word;
    }

    private static String single(String stem) {
        int last = stem.length() - 1;
        boolean doubled =
                last > 1 && stem.charAt(last) == stem.charAt(last - 1) && "aeiouls".indexOf(stem.charAt(last)) < 0;
        return doubled ? stem.substring(0, last) : stem;
    }
}
