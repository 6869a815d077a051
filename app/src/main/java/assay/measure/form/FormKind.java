package assay.measure.form;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The kinds of form that are looked for, each a set of tokens at some places of an answer. Languages are known by
/// function words that they have for themselves, scripts by their letters.
public enum FormKind {
    CAPITALS("words in capital letters", "^[^\\p{Ll}]*\\p{Lu}{2}[^\\p{Ll}]*$"),
    SMALL_BEGINNINGS("sentences that begin small", Place.SENTENCE_START, "^\\s*\\p{Ll}"),
    CAPITALS_INSIDE("words with a capital letter inside sentences", Place.INSIDE, "^ \\p{Lu}\\p{Ll}"),

    ENGLISH("English", words("the of and to is that with for are this it which their from be by an or at as")),
    FRENCH("French", words("les dans vous nous avec cette sont votre être aux est une leur plus mais c'est")),
    GERMAN("German", words("und ist nicht eine ich für auf dem von werden auch sich wird einen wir kann sie ein")),
    SPANISH("Spanish", words("los las el más pero está muy también puede usted esta y con su se lo")),
    ITALIAN("Italian", words("il gli che è della nel sono questo più anche molto degli alla delle di")),
    PORTUGUESE("Portuguese", words("não você são também muito uma pelo ao isso seu sua mais das dos")),
    DUTCH("Dutch", words("het een niet ik voor zijn wordt ook deze naar maar je kunt dat")),
    SWEDISH("Swedish", words("och att är inte på jag också som det av kan den")),
    POLISH("Polish", words("że się jest jak dla oraz przez może nie które jego")),
    TURKISH("Turkish", words("ve bir bu için ile değil çok olarak daha gibi")),
    INDONESIAN("Indonesian", words("yang untuk dengan adalah tidak dalam ini itu dari")),
    FINNISH("Finnish", words("että ovat mutta kuin myös joka sinun ei")),

    CYRILLIC("Cyrillic letters", "\\p{IsCyrillic}"),
    GREEK("Greek letters", "\\p{IsGreek}"),
    ARABIC("Arabic letters", "\\p{IsArabic}"),
    HEBREW("Hebrew letters", "\\p{IsHebrew}"),
    DEVANAGARI("Devanagari letters", "\\p{IsDevanagari}"),
    THAI("Thai letters", "\\p{IsThai}"),
    HAN("Chinese characters", "\\p{IsHan}"),
    KANA("Japanese letters", "[\\p{IsHiragana}\\p{IsKatakana}]"),
    HANGUL("Korean letters", "\\p{IsHangul}"),
    EMOJI("emoji", "[\\p{IsEmoji_Presentation}\\p{IsExtended_Pictographic}&&[^©®™]]"),

    END("ends of the answer", nothing()),
    SENTENCE_ENDS("ends of sentences", "[.!?。！？।]"),
    LINE_BREAKS("line breaks", "\\R"),
    LIST_MARKS("list marks", Place.LINE_START, "^\\s*[-*•–—]\\s*$"),
    NUMBERED("numbers of a list", Place.LINE_START, "^\\s*\\p{Nd}+[.)]?\\s*$"),
    HEADINGS("heading marks", Place.LINE_START, "^\\s*#+\\s*$"),
    BOLD("bold marks", "\\*\\*"),
    CODE("code marks", "`"),
    BRACKETS("brackets and braces", "[\\[\\]{}<>]"),

    COMMAS("commas", "[,，、،]"),
    EXCLAMATION_MARKS("exclamation marks", "[!！¡]"),
    QUESTION_MARKS("question marks", "[?？¿؟]"),
    ELLIPSES("ellipses", "\\.\\.|…"),
    COLONS("colons", "[:：]"),
    SEMICOLONS("semicolons", "[;；]"),
    DASHES("dashes", "[–—]|--"),
    PARENTHESES("parentheses", "[()（）]"),
    QUOTES("quotation marks", "[\"“”„«»「」]"),
    DIGITS("digits", "\\p{Nd}"),

    FIRST_PERSON("I, we and theirs", words("i me my mine myself i'm i've we us our ours")),
    SECOND_PERSON("you and yours", words("you your yours yourself you're you've")),
    /// Tokens of three letters or more that stand in the answer already: another set at every place.
    REPEATED("words said before", nothing());

    private final String words;
    private final Place place;
    private final Pattern pattern;

    FormKind(String words, String pattern) {
        this(words, Place.ANYWHERE, pattern);
    }

    FormKind(String words, Place place, String pattern) {
        this.words = words;
        this.place = place;
        this.pattern = Pattern.compile(pattern);
    }

    /// Of what is known by something else than a token's text.
    private static String nothing() {
        return "(?!)";
    }

    private static String words(String words) {
        return "^(?iu)\\s?(?:" + words.replace(' ', '|') + ")$";
    }

    /// What is expected more or less often, for reports.
    public String words() {
        return words;
    }

    /// Where it can be met.
    public Place place() {
        return place;
    }

    /// Its column where numbers of all kinds stand side by side.
    @SuppressWarnings("EnumOrdinal") // A column, never kept.
    int number() {
        return ordinal();
    }

    /// Whether a token with this text is of the kind.
    boolean has(String text) {
        return pattern.matcher(text).find();
    }

    /// All kinds by what decides them: numbers kept under another text are of other kinds.
    public static String definition() {
        return Arrays.stream(values())
                .map(kind -> kind + " " + kind.place + " " + kind.pattern)
                .collect(Collectors.joining("\n"));
    }
}
