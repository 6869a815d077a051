package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import java.util.List;

/// Everything a study measured; verdicts are rules over this record and nothing else.
///
/// @param plan what was to be run, and under which gates
/// @param targets one per target and seed: how well short lists of prompts stand for it (S2, S3)
/// @param distilled adapters turned into soft prompts (S1)
/// @param reading whether the lists can be read (S4)
/// @param predicates the counter-example (S5)
/// @param failures what could not be run, and why
/// @param rivals other ways to say what a behaviour is, if they were tried; no claim is judged by them
/// @param ceilings stand-ins for trained things beside second training runs, where there are any; no claim is judged
/// by them
public record StudyEvidence(
        Plan plan,
        List<TargetEvidence> targets,
        List<DistilEvidence> distilled,
        ReadingEvidence reading,
        List<Predicate> predicates,
        List<Failure> failures,
        List<RivalEvidence> rivals,
        List<CeilingEvidence> ceilings) {
    /// Without rivals and second training runs.
    public StudyEvidence(
            Plan plan,
            List<TargetEvidence> targets,
            List<DistilEvidence> distilled,
            ReadingEvidence reading,
            List<Predicate> predicates,
            List<Failure> failures) {
        this(plan, targets, distilled, reading, predicates, failures, List.of(), List.of());
    }

    /// What was to be run.
    ///
    /// @param sha256 hash of the study file
    /// @param quick whether only its quick subset was run
    /// @param seeds of all random choices, one run of every target each
    /// @param gates set before anything was run
    /// @param predictions what was expected of the claims, written before anything was run
    /// @param planted whether the truth of every target stood in the dictionary, so that all claims must hold: the
    /// instrument's own test
    /// @param command that runs it, without the folder
    public record Plan(
            String name,
            String sha256,
            boolean quick,
            List<Long> seeds,
            Gates gates,
            List<Prediction> predictions,
            boolean planted,
            String command) {}

    /// What was expected of a claim.
    public record Prediction(Claim claim, String holds, String why) {}

    /// A part of the study that could not be run.
    ///
    /// @param why the error, in one line
    public record Failure(String what, String why) {}

    /// An adapter distilled into a soft prompt.
    ///
    /// @param kind its class: `elicitation`, `topic`, `memorised`, `skill` or `broad`
    /// @param predicted `works` or `fails`
    /// @param tokens length of the soft prompt
    /// @param klBase KL(adapter ‖ base), nats per token
    /// @param closed by the soft prompt on foreign contexts
    public record DistilEvidence(
            String name,
            String kind,
            String predicted,
            long seed,
            int tokens,
            double klBase,
            Interval closed,
            Training training) {}

    /// How a training ended.
    ///
    /// @param lastGain closed gained on the search split in the last quarter of the steps
    /// @param bestPrompt closed by the best readable prompt
    /// @param hiddenCosine cosine of the residual streams' changes, adapter against soft prompt, over all blocks
    public record Training(int steps, double lastGain, double bestPrompt, double hiddenCosine) {}

    /// A predicate such as "a US state with an odd number of votes", in one kind of contexts.
    ///
    /// @param contexts `ordinary` or `telling`
    /// @param skill how well the model does it at all
    /// @param klBase KL(predicate ‖ base), nats per token
    /// @param klPlain KL(predicate ‖ the same question without the predicate), nats per token
    /// @param pools what stands in for it
    /// @param effectiveRank of its deltas over the contexts
    public record Predicate(
            String name,
            String contexts,
            Skill skill,
            double klBase,
            double klPlain,
            Pools pools,
            double effectiveRank) {}

    /// Whether the model can do a predicate: share of the probability on true answers among all listed ones.
    ///
    /// @param plain under the question without the predicate
    /// @param predicate under the predicate
    public record Skill(double plain, double predicate) {}

    /// What stands in for a predicate; all are closed on unseen contexts.
    ///
    /// @param atoms most prompts used
    /// @param logPool by prompts of the dictionary, the predicate and its paraphrases left out
    /// @param random by as many random ones
    /// @param sayLog by a log pool of "Say X." prompts
    /// @param sayLinear by a linear pool of the same
    /// @param oracle by the chosen prompts with weights of their own in every context
    /// @param reached smallest number of prompts that reaches the gate; 0 for none
    /// @param excluded entries of the dictionary left out
    public record Pools(
            int atoms,
            Interval logPool,
            Interval random,
            Interval sayLog,
            Interval sayLinear,
            Interval oracle,
            int reached,
            int excluded) {}
}
