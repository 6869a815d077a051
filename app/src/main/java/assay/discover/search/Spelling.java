package assay.discover.search;

import assay.discover.atlas.ContentWords;
import assay.engine.text.Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spells out words of which the vocabulary holds only the first piece: "Red" where a behaviour writes "Redbeard".
public record Spelling(Tokenizer tokenizer) {
    /// Tokens behind the first of a word; what is longer is none.
    public static final int LONGEST = 6;

    /// Half a letter is none by itself, and goes on with a word.
    private static final Pattern INSIDE = Pattern.compile("[\\p{L}\\p{M}\uFFFD-].*");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+(?:-[\\p{L}\\p{M}]+)*");

    /// Whether a token does not go on with a word.
    public boolean ends(int token) {
        return !INSIDE.matcher(tokenizer.continued(new int[] {token})).matches();
    }

    /// The words, those that are pieces in whole. Where two come to be the same, the first stays.
    ///
    /// @param continued what a behaviour writes behind tokens, up to one at which a word [#ends]
    public List<Keyness.Telling> whole(List<Keyness.Telling> words, Function<int[], List<int[]>> continued) {
        int[] tokens = words.stream().mapToInt(Keyness.Telling::token).toArray();
        List<int[]> behind = continued.apply(tokens);
        Map<String, Keyness.Telling> whole = new LinkedHashMap<>();
        for (int i = 0; i < tokens.length; i++) {
            Keyness.Telling word = whole(words.get(i), behind.get(i));
            whole.putIfAbsent(word.text(), word);
        }
        return List.copyOf(whole.values());
    }

    /// Another form of the same word is no other word.
    private Keyness.Telling whole(Keyness.Telling word, int[] behind) {
        if (behind.length == 0 || behind.length >= LONGEST) {
            return word;
        }
        Matcher matcher = WORD.matcher(word.text() + tokenizer.continued(behind));
        if (!matcher.lookingAt() || stem(matcher.group()).equals(stem(word.text()))) {
            return word;
        }
        return new Keyness.Telling(matcher.group(), matcher.group(), word.token());
    }

    private static String stem(String word) {
        return ContentWords.stem(word.toLowerCase(Locale.ROOT));
    }
}
