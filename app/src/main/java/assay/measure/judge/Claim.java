package assay.measure.judge;

import java.util.Arrays;
import java.util.List;

/// The claims everything is measured for: the idea in five parts, that it fails otherwise, and that training
/// worked.
///
/// A study judges whole claims over many targets; a single run says what its one target speaks for.
public enum Claim {
    /// Fine-tunes as soft prompts.
    S1(
            "S1",
            "Many low-rank fine-tunes are well approximated by soft prompts.",
            "Fine-tunes of low rank come close to soft prompts"),
    /// Soft prompts as short lists of prompts.
    S2(
            "S2",
            "Most soft prompts are well approximated by a linear combination of 20 to 100 hard prompts.",
            "A short weighted list of prompts stands in for the target"),
    /// Lists can be found.
    S3("S3", "These prompts can be found in a dictionary of vocab^length.", "Such prompts can be found"),
    /// Lists can be read.
    S4("S4", "The prompts are readable, not token noise.", "The prompts are readable, not token noise"),
    /// The counter-example is none.
    S5(
            "S5",
            "Even a predicate (\"a US state with an odd number of electoral votes\") is a short list of other prompts.",
            "Even a predicate is a short list of other prompts"),
    /// Or else the idea is bad.
    S6("S6", "Otherwise the idea is bad, for a reason that can be named.", "Otherwise, the idea is bad"),
    /// An adapter trained from a prompt or from examples does what they ask for.
    BAKED("baked", "What was trained does what it was trained for.", "What was trained does what it was trained for");

    /// The claims a study judges, in order.
    public static final List<Claim> STUDIED = List.of(S1, S2, S3, S4, S5, S6);

    private final String id;
    private final String statement;
    private final String ofOneTarget;

    Claim(String id, String statement, String ofOneTarget) {
        this.id = id;
        this.statement = statement;
        this.ofOneTarget = ofOneTarget;
    }

    /// The claim a file names.
    ///
    /// @throws IllegalArgumentException if there is none of that name
    public static Claim named(String id) {
        return Arrays.stream(values())
                .filter(claim -> claim.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("claim: expected a known one, found " + id));
    }

    /// As files and documents write it: `S1`.
    public String id() {
        return id;
    }

    /// What a study claims of many targets.
    public String statement() {
        return statement;
    }

    /// What a single run says about its target, so that nobody has to look the claim up.
    public String ofOneTarget() {
        return ofOneTarget;
    }

    @Override
    public String toString() {
        return id;
    }
}
