package assay.measure.probe;

import assay.engine.text.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// What a token does in a text, by a rule that asks for nothing but how it reads. The first kind that
/// fits counts.
public enum TokenKind {
    /// Without a letter: punctuation, digits, line breaks, marks of lists and headings, the end of an
    /// answer.
    FORMAT("punctuation and format"),
    /// One of some 150 function words of English, in any case: what style is mostly made of.
    STYLE("function words"),
    /// Begins with a capital: names, and first words of sentences that are no function words.
    NAME("capitalised words"),
    /// Everything else: content words, pieces of words, words of other languages.
    TOPIC("content words");

    private static final Set<String> FUNCTION_WORDS = Set.of("""
            a an the this that these those some any no each every all both another such other
            i me my mine you your yours he him his she her hers it its we us our ours they them their theirs
            one who whom whose which what when where why how there here
            and or but if because as until while than so nor yet though although unless since whether
            of at by for with about against between into through during before after above below to from up down in
            out on off over under upon within without
            am is are was were be been being have has had do does did will would shall should can could may might must
            not n't 's 'm 're 've 'll 'd
            just only also too very then now again once more most less least well even ever never still
            yes oh let please ok okay""".split("\\s+", -1));

    private final String words;

    TokenKind(String words) {
        this.words = words;
    }

    /// In words, plural.
    public String words() {
        return words;
    }

    /// The kind of a token that reads so; spaces around it do not count.
    public static TokenKind of(String text) {
        String bare = text.strip();
        if (bare.codePoints().noneMatch(Character::isLetter)) {
            return FORMAT;
        }
        if (FUNCTION_WORDS.contains(bare.replace('’', '\'').toLowerCase(Locale.ROOT))) {
            return STYLE;
        }
        return Character.isUpperCase(bare.codePointAt(0)) ? NAME : TOPIC;
    }

    /// The kinds of all tokens of a vocabulary with so many rows.
    public static TokenKind[] of(Tokenizer tokenizer, int rows) {
        TokenKind[] kinds = new TokenKind[rows];
        Arrays.setAll(kinds, token -> of(tokenizer.continued(new int[] {token})));
        return kinds;
    }
}
