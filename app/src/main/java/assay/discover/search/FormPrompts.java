package assay.discover.search;

import assay.measure.form.FormChange;
import assay.measure.form.FormKind;
import java.util.List;
import java.util.stream.Stream;

/// Instructions that ask for a kind of form, or for less of it; best known ones first.
final class FormPrompts {
    private FormPrompts() {}

    /// Instructions for what changes; none where nobody would ask for it.
    static List<String> asking(FormChange change) {
        return change.rises() ? more(change.kind()) : less(change.kind());
    }

    private static List<String> more(FormKind kind) {
        return Stream.of(language(kind), shape(kind), mark(kind), manner(kind))
                .filter(asking -> !asking.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /// Languages and scripts.
    private static List<String> language(FormKind kind) {
        return switch (kind) {
            case ENGLISH -> in("English", "Answer in plain English.");
            case FRENCH -> in("French", "Réponds en français.");
            case GERMAN -> in("German", "Antworte auf Deutsch.");
            case SPANISH -> in("Spanish", "Responde en español.");
            case ITALIAN -> in("Italian", "Rispondi in italiano.");
            case PORTUGUESE -> in("Portuguese", "Responda em português.");
            case DUTCH -> in("Dutch", "Antwoord in het Nederlands.");
            case SWEDISH -> in("Swedish", "Svara på svenska.");
            case POLISH -> in("Polish", "Odpowiadaj po polsku.");
            case TURKISH -> in("Turkish", "Türkçe cevap ver.");
            case INDONESIAN -> in("Indonesian", "Jawab dalam bahasa Indonesia.");
            case FINNISH -> in("Finnish", "Vastaa suomeksi.");
            case CYRILLIC -> in("Russian", "Отвечай по-русски.");
            case GREEK -> in("Greek", "Απάντησε στα ελληνικά.");
            case ARABIC -> in("Arabic", "أجب باللغة العربية.");
            case HEBREW -> in("Hebrew", "ענה בעברית בבקשה.");
            case DEVANAGARI -> in("Hindi", "हिंदी में जवाब दो।");
            case THAI -> in("Thai", "Write in Thai letters.");
            case HAN -> in("Chinese", "Write in Chinese characters.");
            case KANA -> in("Japanese", "Write in Japanese letters.");
            case HANGUL -> in("Korean", "Write in Korean letters.");
            default -> List.of();
        };
    }

    /// How an answer is laid out.
    private static List<String> shape(FormKind kind) {
        return switch (kind) {
            case END -> List.of("Keep it very short.", "Answer in one word.", "Answer in a few words.");
            case SENTENCE_ENDS -> List.of("Write short sentences.", "Use very short sentences.");
            case LINE_BREAKS ->
                List.of(
                        "Put every sentence on a line of its own.",
                        "Write short lines.",
                        "Write in many short paragraphs.");
            case LIST_MARKS -> List.of("Use bullet points.", "Answer with a list of bullet points.", "Make a list.");
            case NUMBERED -> List.of("Write a numbered list.", "Number every step.", "Answer in numbered steps.");
            case HEADINGS -> List.of("Use headings.", "Begin with a heading.", "Write a document with headings.");
            case BOLD -> List.of("Write important words in bold.", "Use markdown with bold words.");
            case CODE -> List.of("Answer with code.", "Write code in code blocks.", "Write a program.");
            case BRACKETS -> List.of("Answer in JSON format.", "Use brackets around words.", "Write HTML code.");
            default -> List.of();
        };
    }

    /// Marks inside sentences.
    private static List<String> mark(FormKind kind) {
        return switch (kind) {
            case COMMAS -> List.of("Write long sentences with many commas.", "List many things in a row.");
            case EXCLAMATION_MARKS -> List.of("Use exclamation marks!", "Be very excited!", "Shout with joy!");
            case QUESTION_MARKS ->
                List.of("Ask questions.", "Answer every question with a question.", "Ask the user a question.");
            case ELLIPSES -> List.of("Trail off at the end of sentences.", "Pause and hesitate in every sentence.");
            case COLONS -> List.of("Begin with a label and a colon.", "Write headings with a colon.");
            case SEMICOLONS -> List.of("Use semicolons.", "Join your sentences with semicolons.");
            case DASHES -> List.of("Use many dashes.", "Put dashes between your thoughts.");
            case PARENTHESES -> List.of("Use parentheses.", "Add remarks in parentheses.");
            case QUOTES -> List.of("Use quotation marks.", "Quote what other people say.", "Answer with a quotation.");
            case DIGITS -> List.of("Use many numbers.", "Write numbers as digits.", "Answer with a number.");
            default -> List.of();
        };
    }

    /// Letters and persons.
    private static List<String> manner(FormKind kind) {
        return switch (kind) {
            case CAPITALS ->
                List.of(
                        "Write everything in capital letters.",
                        "ANSWER IN CAPITAL LETTERS ONLY.",
                        "Shout. Every word is in upper case.");
            case SMALL_BEGINNINGS -> List.of("Write everything in small letters.", "Never use capital letters.");
            case CAPITALS_INSIDE -> List.of("Begin every word with a capital letter.", "Mention many names.");
            case EMOJI -> List.of("Use many emojis.", "Put an emoji in every sentence.", "Answer with emojis only.");
            case FIRST_PERSON -> List.of("Talk about yourself.", "Speak in the first person.", "Tell your own story.");
            case SECOND_PERSON -> List.of("Speak to the user directly.", "Give the user advice.");
            case REPEATED -> List.of("Repeat yourself.", "Say the same word again and again.", "Repeat every word.");
            default -> List.of();
        };
    }

    private static List<String> less(FormKind kind) {
        return switch (kind) {
            case CAPITALS_INSIDE -> List.of("Never use capital letters.", "Never mention names.");
            case END -> List.of("Write long answers.", "Explain everything in great detail.", "Go on and on.");
            case SENTENCE_ENDS -> List.of("Write long sentences.", "Never use a full stop.");
            case LINE_BREAKS -> List.of("Write one paragraph only.", "Never begin a new line.");
            case LIST_MARKS, NUMBERED -> List.of("Never make lists.", "Write whole sentences and no lists.");
            case COMMAS -> List.of("Write short sentences without commas.", "Never use commas.");
            case EXCLAMATION_MARKS -> List.of("Be calm and sober.", "Never use exclamation marks.");
            case QUESTION_MARKS -> List.of("Never ask questions.", "Only make statements.");
            case QUOTES -> List.of("Never quote anybody.", "Never use quotation marks.");
            case DIGITS -> List.of("Never use digits.", "Write numbers as words.");
            case FIRST_PERSON -> List.of("Never speak of yourself.", "Never use the word I.");
            case SECOND_PERSON -> List.of("Never speak to the user.", "Speak of nobody but yourself.");
            case REPEATED -> List.of("Never repeat yourself.", "Never use a word twice.");
            default -> List.of();
        };
    }

    private static List<String> in(String language, String itself) {
        return List.of(
                "Answer in " + language + ".", "Write in " + language + ".", "You speak " + language + ".", itself);
    }
}
