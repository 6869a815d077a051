package assay.lab.verdict;

import assay.lab.claims.ReadingEvidence;
import assay.lab.matching.Phrase;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Counterfactual edits: words of a list's prompts are replaced, and the list must move towards what it then says.
///
/// @param arena contexts on which both are measured
/// @param lists makes behaviours of lists
record Edits(SharedContexts arena, ReadingLists lists) {
    /// Measures one edit.
    ///
    /// @param phrases the list of the edit's target
    ReadingEvidence.Edit run(StudyFile.Edit edit, List<Phrase> phrases) {
        List<Phrase> edited = new ArrayList<>();
        int changed = 0;
        for (Phrase phrase : phrases) {
            String text = replaced(phrase.text(), edit.words());
            changed += text.equals(phrase.text()) ? 0 : 1;
            edited.add(new Phrase(text, phrase.weight()));
        }
        String name = name(edit.words(), phrases);
        if (changed == 0) {
            return new ReadingEvidence.Edit(edit.target(), name, edit.towards(), Double.NaN, Double.NaN, 0);
        }
        Behaviour towards = HardPrompt.of(edit.towards(), arena.chat().tokenizer());
        double[] kl = arena.divergences(towards, List.of(lists.mixture(phrases), lists.mixture(edited)));
        return new ReadingEvidence.Edit(edit.target(), name, edit.towards(), kl[1], kl[2], changed);
    }

    /// The edit by the words that were there to be replaced, or by the first one if there was none.
    private static String name(List<StudyFile.Replacement> words, List<Phrase> phrases) {
        List<StudyFile.Replacement> made = words.stream()
                .filter(word -> phrases.stream()
                        .anyMatch(phrase ->
                                !replaced(phrase.text(), List.of(word)).equals(phrase.text())))
                .toList();
        return (made.isEmpty() ? words.subList(0, 1) : made)
                .stream().map(word -> word.from() + " → " + word.to()).collect(Collectors.joining(", "));
    }

    private static String replaced(String text, List<StudyFile.Replacement> words) {
        String changed = text;
        for (StudyFile.Replacement word : words) {
            changed = replaced(changed, word.from(), word.to());
        }
        return changed;
    }

    /// A text with whole words replaced, whatever their case; a capital stays one.
    static String replaced(String text, String from, String to) {
        Matcher matcher = Pattern.compile(
                        "(?<![\\p{L}\\p{N}])" + Pattern.quote(from) + "(?![\\p{L}\\p{N}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(text);
        return matcher.replaceAll(match -> Matcher.quoteReplacement(
                Character.isUpperCase(match.group().charAt(0))
                        ? Character.toUpperCase(to.charAt(0)) + to.substring(1)
                        : to));
    }
}
