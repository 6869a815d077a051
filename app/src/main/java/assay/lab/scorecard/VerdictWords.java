package assay.lab.scorecard;

import assay.lab.claims.ClaimVerdict;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.StudyEvidence.Plan;
import assay.lab.claims.StudyEvidence.Prediction;
import assay.lab.claims.Verdicts;
import assay.measure.judge.Cause;
import assay.measure.judge.Outcome;
import assay.show.page.Figures;
import java.util.List;

/// A study's verdict in plain words, the same on a page and in a terminal.
final class VerdictWords {
    /// Figures of a claim that are shown at once.
    static final int MOST_FIGURES = 12;

    private VerdictWords() {}

    /// The verdict in one line: `2 claims hold, 3 fail, 1 is undecided`.
    static String count(Verdicts verdicts) {
        return count(verdicts, Outcome.YES, " claim holds", " claims hold") + ", "
                + count(verdicts, Outcome.NO, " fails", " fail") + ", "
                + count(verdicts, Outcome.UNDECIDED, " is undecided", " are undecided");
    }

    /// What was run: name, whole or quick, and seeds.
    static String plan(Plan plan) {
        List<String> seeds = plan.seeds().stream().map(String::valueOf).toList();
        return "Study “" + plan.name() + "”, " + (plan.quick() ? "its quick subset" : "the full study")
                + (plan.planted()
                        ? ", the truth of every target planted in the dictionary (S1 to S5 must hold: this tests"
                                + " the instrument and says nothing of the idea)"
                        : "")
                + (seeds.isEmpty() ? "" : seeds.size() == 1 ? ", seed " : ", seeds ") + String.join(", ", seeds);
    }

    /// Commands that make a claim's figures again, each once.
    static List<String> commands(ClaimVerdict claim) {
        return claim.evidence().stream()
                .map(ClaimVerdict.Figure::command)
                .filter(command -> !command.isBlank())
                .distinct()
                .toList();
    }

    /// What became of a prediction.
    static String came(Prediction prediction, Verdicts verdicts) {
        return verdicts.claims().stream()
                .filter(claim -> claim.claim() == prediction.claim())
                .findFirst()
                .map(claim -> came(prediction, claim.holds()))
                .orElse("not judged");
    }

    /// How many predictions came true, in a sentence; empty when none was made.
    static String predictions(Verdicts verdicts) {
        List<Prediction> made = verdicts.evidence().plan().predictions();
        if (made.isEmpty()) {
            return "";
        }
        long right = made.stream()
                .filter(prediction -> came(prediction, verdicts).equals("as predicted"))
                .count();
        return right + " of " + made.size() + " predictions came true.";
    }

    /// What could not be run, in a sentence; empty when everything was.
    static String failures(Verdicts verdicts) {
        int count = verdicts.evidence().failures().size();
        return count == 0
                ? ""
                : Figures.counted(count, "part") + " of the study could not be run; the claims are judged without.";
    }

    /// Whether a null behaves.
    static String chance(Matching matching) {
        return !Double.isFinite(matching.right().value())
                ? "not measured"
                : matching.atChance() ? "at chance" : "NOT at chance";
    }

    /// Nulls of blind matching that are not at chance, in a sentence; empty when every null behaves.
    static String nulls(Verdicts verdicts) {
        List<String> broken = verdicts.evidence().reading().matching().stream()
                .filter(matching -> matching.isNull() && chance(matching).startsWith("NOT"))
                .map(Matching::texts)
                .toList();
        return broken.isEmpty() ? "" : "Nulls of blind matching that beat chance: " + String.join(", ", broken) + ".";
    }

    /// What to do about a cause.
    static String next(Cause cause) {
        return switch (cause) {
            case NONE -> "Nothing is to be repaired. Use it, and keep the nulls beside it.";
            case NOT_MEASURED -> "Run the full study, or repair what is listed as not run, and judge again.";
            case UNSETTLED ->
                "More user turns narrow the intervals, more seeds settle a disagreement. The gates stay as they are.";
            case DICTIONARY_LACKS ->
                "Extend the dictionary, or search from what the mixture still lacks. If all prompts together still"
                        + " fall short, no list of prompts says this.";
            case NOT_SPARSE -> "Do not read the list as the meaning. Use more prompts, and count the bits they cost.";
            case NOT_IDENTIFIABLE ->
                "Trust what the list does, not which prompts stand in it. Compare groups of paraphrases.";
            case MEANINGLESS -> "Read only short lists, where random ones are far behind. Say the excess, not closed.";
            case NEEDS_ATTENTION ->
                "Keep the adapter: more soft tokens are unlikely to help. Explain it directly and state what is left.";
            case STILL_LEARNING -> "Train for more steps and judge again. A no would come too early.";
            case SEARCH_TOO_WEAK -> "Spend the runs on more random prompts, or better the search before paying for it.";
            case NOT_RECOVERED ->
                "Trust what a list does, not that these were the prompts: look for paraphrases, and search longer.";
            case NOT_READABLE ->
                "Do not show such lists as explanations. Ask for fluent prompts, or describe groups of them.";
            case NOT_FLUENT -> "Spend more on a search that writes natural prompts, or leave unnatural ones out.";
            case NOT_CAUSAL -> "Read the lists, but do not edit them and expect the behaviour to follow.";
            case OR_NOT_AND -> "Pool probabilities for predicates. Keep pools of logits for roles, styles and tasks.";
            case CONTEXT_DEPENDENT -> "Let weights depend on the context, or explain each kind of context by itself.";
            case MODEL_CANNOT -> "Ask a model that can do it. Nothing stands in for what is not there.";
            case CONTROL_FAILED ->
                "Use no figure of this study. Find out why the control holds (a leak, too low a gate) and run it again.";
        };
    }

    private static String came(Prediction prediction, Outcome outcome) {
        if (prediction.holds().equalsIgnoreCase(outcome.name())) {
            return "as predicted";
        }
        return outcome == Outcome.UNDECIDED ? "undecided" : "not as predicted";
    }

    private static String count(Verdicts verdicts, Outcome outcome, String one, String many) {
        long number = verdicts.claims().stream()
                .filter(claim -> claim.holds() == outcome)
                .count();
        return number + (number == 1 ? one : many);
    }
}
