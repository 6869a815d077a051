package assay.measure.form;

import assay.engine.text.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/// The texts of a tokenizer's tokens as they stand inside an answer. A token that is the beginning of a letter's bytes
/// has the text of a letter that begins so: many vocabularies hold no emoji and few Chinese characters whole.
final class TokenTexts {
    private static final char PARTIAL = '\uFFFD';

    /// Bytes in which an encoded letter of some script begins.
    ///
    /// @param letter one of them
    private record Script(int from, int to, String letter) {}

    private static final List<Script> SCRIPTS = List.of(
            new Script(0xCE, 0xCF, "α"),
            new Script(0xD0, 0xD1, "а"),
            new Script(0xD7, 0xD7, "א"),
            new Script(0xD8, 0xDB, "ع"),
            new Script(0xE4, 0xE9, "一"),
            new Script(0xEA, 0xED, "한"),
            new Script(0xF0, 0xF0, "😀"));

    private TokenTexts() {}

    /// One text per token, in order; special tokens have none.
    static List<String> of(Tokenizer tokenizer) {
        return IntStream.range(0, tokenizer.vocabularySize())
                .mapToObj(id -> text(tokenizer, id))
                .toList();
    }

    private static String text(Tokenizer tokenizer, int id) {
        String text = tokenizer.continued(new int[] {id});
        if (text.indexOf(PARTIAL) < 0) {
            return text;
        }
        String letter = tokenizer.token(id).map(TokenTexts::begun).orElse("");
        return text.replaceFirst(PARTIAL + "+", letter).replace(String.valueOf(PARTIAL), "");
    }

    /// The letter that stands for the first byte of a token that begins one, as vocabularies write it: `<0xF0>`, or in
    /// the alphabet of byte-level pairs, in which bytes from 0xAE on are the Latin-1 letters of that number.
    static String begun(String token) {
        if (token.matches("<0x[0-9A-F]{2}>")) {
            return letter(Integer.parseInt(token.substring(3, 5), 16));
        }
        return token.chars()
                .filter(symbol -> symbol >= 0xC2 && symbol <= 0xF4)
                .mapToObj(TokenTexts::letter)
                .findFirst()
                .orElse("");
    }

    private static String letter(int firstByte) {
        return SCRIPTS.stream()
                .filter(script -> firstByte >= script.from() && firstByte <= script.to())
                .map(Script::letter)
                .findFirst()
                .orElse("");
    }
}
