package assay.show.report;

import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import assay.measure.judge.Explanation;
import assay.measure.judge.PlainList;
import assay.show.page.Columns;
import assay.show.page.Figures;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a target is, in three lines made by rule from prompts, words and forms alone; its name is not known here.
///
/// @param sentence names the behaviour
/// @param others the next two prompts; fewer if there are none
public record FirstLines(String sentence, List<String> others) {
    private static final int PROMPTS = 3;
    private static final int WORDS = 5;
    private static final int FORMS = 2;

    /// Those of an explanation.
    public static FirstLines of(Explanation explanation) {
        Explanation.Illustration seen = explanation.illustration();
        return of(seen.plain(), seen.named(), seen.words().target(), seen.telling());
    }

    /// By rule: the prompts that say what it is, strongest first, then those that set it apart; words and forms as they
    /// stand out.
    ///
    /// @param named prompts that set the target apart
    /// @param words it writes more often
    /// @param forms that tell
    public static FirstLines of(
            PlainList plain, List<WeightedPrompt> named, List<String> words, List<FormChange> forms) {
        Stream<String> apart = named.stream().filter(one -> one.weight() > 0).map(WeightedPrompt::prompt);
        List<String> prompts = Stream.concat(plain.saying().stream().map(PlainList.Prompt::prompt), apart)
                .distinct()
                .limit(PROMPTS)
                .map(Columns::visible)
                .toList();
        StringBuilder sentence = new StringBuilder(
                prompts.isEmpty()
                        ? "No prompt says what it is"
                        : "What it is: “" + prompts.getFirst().replaceAll("\\.$", "") + "”");
        if (!words.isEmpty()) {
            sentence.append("; it writes of ").append(String.join(", ", first(words, WORDS)));
        }
        List<String> told = forms.stream().limit(FORMS).map(FirstLines::told).toList();
        if (!told.isEmpty()) {
            sentence.append("; ").append(String.join(", ", told));
        }
        return new FirstLines(
                sentence.append('.').toString(), prompts.isEmpty() ? prompts : prompts.subList(1, prompts.size()));
    }

    /// All lines, the sentence first.
    public List<String> all() {
        return Stream.concat(Stream.of(sentence), others.stream()).toList();
    }

    /// A prompt as a row of prompts shows it.
    static Explanation.Atom atom(PlainList.Prompt prompt) {
        return new Explanation.Atom(prompt.prompt(), prompt.weight(), Double.NaN, "", prompt.alone());
    }

    /// What only corrects, in one line.
    static String corrections(PlainList plain) {
        return plain.correcting().stream()
                .map(prompt -> Figures.signed(prompt.weight()) + " “" + Columns.visible(prompt.prompt()) + "”")
                .collect(Collectors.joining(", "));
    }

    private static String told(FormChange change) {
        return (change.rises() ? "more " : "less ") + change.kind().words();
    }

    private static List<String> first(List<String> words, int most) {
        return words.subList(0, Math.min(most, words.size())).stream()
                .map(Columns::visible)
                .toList();
    }
}
