package assay.measure.judge;

import assay.base.sparse.Interval;
import assay.measure.judge.Explanation.Divergence;
import assay.measure.judge.Explanation.Finding;
import assay.measure.judge.Explanation.Kind;
import assay.measure.judge.Explanation.SplitSize;
import java.util.List;

/// Everything one distillation found: how well a trained stand-in acts like its teacher on unseen user turns,
/// how it came to be, and what it does not reach.
///
/// *Closed* is `1 − KL(teacher‖student) / KL(teacher‖base)` per token on the test split, with a 95 %
/// bootstrap interval over user turns.
///
/// @param subject teacher and student
/// @param divergence how far the teacher is from the base on the test split
/// @param fidelity what the student closes there
/// @param training how it was trained
/// @param sweep what students of other lengths close; empty unless asked for
/// @param remains where the student is still far from the teacher
/// @param mechanism whether it does it the same way, block by block
/// @param verdict on claim S1
public record Distillation(
        Subject subject,
        Divergence divergence,
        Fidelity fidelity,
        Training training,
        List<Length> sweep,
        List<Remaining> remains,
        List<Layer> mechanism,
        Finding verdict) {

    /// Keeps its own copies.
    public Distillation {
        sweep = List.copyOf(sweep);
        remains = List.copyOf(remains);
        mechanism = List.copyOf(mechanism);
    }

    /// Who teaches whom.
    ///
    /// @param modelName what the model is called
    /// @param modelSha256 hash of its weights
    /// @param teacherKind what kind of behaviour teaches
    /// @param teacher what it is called
    /// @param teacherDescription details, for example rank and modules
    /// @param student what was trained, in words: `16 soft tokens in the system slot`
    /// @param tokens soft tokens; 0 if the student is an adapter
    /// @param setup how the teacher was run
    public record Subject(
            String modelName,
            String modelSha256,
            Kind teacherKind,
            String teacher,
            String teacherDescription,
            String student,
            int tokens,
            Setup setup) {}

    /// Closed on the test split.
    ///
    /// @param foreign on answers written by the base or under other prompts, or on those of examples: the headline
    /// @param own on answers written by the teacher; NaN if the teacher is examples
    /// @param untrained foreign, by the student as it started: what training added is the difference
    /// @param bestPrompt foreign, by the best single readable prompt the start was made of; NaN without one
    public record Fidelity(Interval foreign, Interval own, Interval untrained, Interval bestPrompt) {}

    /// How the student was trained.
    ///
    /// @param starts the starts that were tried
    /// @param curve what was closed on the search split as training went on
    /// @param options how it was trained, as named numbers and words, in order
    /// @param splits sizes of the contexts
    /// @param seconds of training steps alone
    /// @param ended why it ended: `all steps done`, `search split stopped improving`, `loss was not a number`
    /// @param chosenStep the step whose numbers were kept: the best on the search split
    public record Training(
            List<Start> starts,
            List<Point> curve,
            List<Setting> options,
            List<SplitSize> splits,
            double seconds,
            String ended,
            int chosenStep) {
        /// Keeps its own copies.
        public Training {
            starts = List.copyOf(starts);
            curve = List.copyOf(curve);
            options = List.copyOf(options);
            splits = List.copyOf(splits);
        }
    }

    /// A named number or word.
    public record Setting(String name, String value) {}

    /// A way to begin.
    ///
    /// @param kind `explained`, `text`, `vocabulary` or `random`
    /// @param text the prompt it is made of; empty if none
    /// @param before closed on the search split before any step
    /// @param after closed on the search split after the trial steps
    /// @param chosen whether training went on from it
    public record Start(String kind, String text, double before, double after, boolean chosen) {}

    /// One look at the search split.
    ///
    /// @param step training steps done
    /// @param seconds of training until then, looks not counted
    /// @param closed on the search split
    /// @param fit mean KL of the last steps on the fit split, nats per token
    public record Point(int step, double seconds, double closed, double fit) {}

    /// A student of another length, trained in the same way.
    ///
    /// @param tokens its length
    /// @param closed foreign, test split
    /// @param own own, test split
    /// @param seconds of training
    public record Length(int tokens, Interval closed, Interval own, double seconds) {}

    /// A place of the test split where the student is far from the teacher.
    ///
    /// @param user the user turn
    /// @param contexts `foreign` or `own`
    /// @param before the answer so far, as it reads
    /// @param base KL(teacher ‖ base) there, nats
    /// @param student KL(teacher ‖ student) there, nats
    /// @param wanted the tokens the teacher makes likelier than the student does, largest gain first, with
    /// their probabilities under teacher and student
    public record Remaining(
            String user, String contexts, String before, double base, double student, List<Wanted> wanted) {
        /// Keeps its own copy.
        public Remaining {
            wanted = List.copyOf(wanted);
        }
    }

    /// A token the teacher wants more than the student does.
    public record Wanted(String token, double teacher, double student) {}

    /// One block of the model.
    ///
    /// @param layer its index, 0 first
    /// @param cosine mean cosine of (teacher − base) and (student − base) in the residual stream after it,
    /// over the answer places of the test split
    /// @param random the same with the deltas of shuffled places: what chance gives
    public record Layer(int layer, double cosine, double random) {}
}
