package assay.lab.claims;

import assay.base.sparse.Interval;
import assay.lab.claims.ReadingEvidence.Edit;
import assay.lab.claims.ReadingEvidence.Matching;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.StudyEvidence.Plan;
import assay.lab.claims.StudyEvidence.Pools;
import assay.lab.claims.StudyEvidence.Predicate;
import assay.lab.claims.StudyEvidence.Skill;
import assay.lab.claims.StudyEvidence.Training;
import assay.lab.claims.TargetEvidence.Kl;
import assay.lab.claims.TargetEvidence.Point;
import assay.lab.claims.TargetEvidence.Search;
import assay.lab.claims.TargetEvidence.Stability;
import assay.lab.claims.TargetEvidence.Target;
import assay.measure.judge.Control;
import assay.measure.judge.ControlKind;
import assay.measure.judge.Gates;
import assay.measure.judge.Lacking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Evidence made by hand, on which the rules must say what they are meant to say. Gates are the usual ones.
public final class HandMade {
    static final Gates GATES = Gates.defaults();
    static final Interval NOTHING = new Interval(Double.NaN, Double.NaN, Double.NaN);
    static final double GOOD = 0.95;
    static final double BAD = 0.50;

    private HandMade() {}

    static Interval around(double value) {
        return new Interval(value, value - 0.03, value + 0.03);
    }

    /// Two prompts, a soft prompt, a planted mixture and three nulls with two seeds each: everything as it should be.
    public static StudyEvidence good() {
        List<TargetEvidence> targets = new ArrayList<>();
        for (long seed = 0; seed < 2; seed++) {
            targets.add(target("cook", TargetKind.PROMPT, seed, GOOD));
            targets.add(target("rain", TargetKind.PROMPT, seed, GOOD));
            targets.add(target("soft", TargetKind.SOFT, seed, GOOD));
            targets.add(target("planted", TargetKind.PLANTED, seed, GOOD));
            targets.add(target("shuffled", TargetKind.NULL_SHUFFLED, seed, BAD));
            targets.add(target("noise", TargetKind.NULL_NOISE, seed, BAD));
            targets.add(target("untrained", TargetKind.NULL_UNTRAINED, seed, BAD));
        }
        List<DistilEvidence> distilled = List.of(
                distilled("pirate", "elicitation", 0, GOOD, 0),
                distilled("pirate", "elicitation", 1, GOOD, 0),
                distilled("rot", "skill", 0, BAD, 0));
        return study(
                targets,
                distilled,
                reading(0.97, true),
                List.of(predicate("odd", "telling", pools(GOOD, 0.3, 0.4, 0.4))));
    }

    static StudyEvidence study(
            List<TargetEvidence> targets,
            List<DistilEvidence> distilled,
            ReadingEvidence reading,
            List<Predicate> predicates) {
        Plan plan = new Plan("hand-made", "00", false, List.of(0L, 1L), GATES, List.of(), false, "assay verdict");
        return new StudyEvidence(plan, targets, distilled, reading, predicates, List.of());
    }

    /// A study of targets alone, with a null and a planted truth that behave unless it has its own.
    static StudyEvidence only(TargetEvidence... targets) {
        List<TargetEvidence> all = new ArrayList<>(List.of(targets));
        if (all.stream().noneMatch(one -> one.target().isNull())) {
            all.add(target("control", TargetKind.NULL_NOISE, 0, BAD));
        }
        if (all.stream().noneMatch(one -> one.target().kind() == TargetKind.PLANTED)) {
            all.add(searched(target("control", TargetKind.PLANTED, 0, GOOD), search(0.3, Double.NaN)));
        }
        return study(all, List.of(), unread(), List.of());
    }

    /// A study of adapters alone.
    static StudyEvidence only(DistilEvidence... distilled) {
        return study(List.of(), List.of(distilled), unread(), List.of());
    }

    /// A study of predicates alone.
    static StudyEvidence only(Predicate... predicates) {
        return study(List.of(), List.of(), unread(), List.of(predicates));
    }

    static StudyEvidence with(StudyEvidence evidence, List<TargetEvidence> targets) {
        return study(targets, evidence.distilled(), evidence.reading(), evidence.predicates());
    }

    static StudyEvidence with(StudyEvidence evidence, ReadingEvidence reading) {
        return study(evidence.targets(), evidence.distilled(), reading, evidence.predicates());
    }

    /// The same with lists that read badly.
    static StudyEvidence clumsy(StudyEvidence evidence) {
        return with(
                evidence,
                evidence.targets().stream()
                        .map(one -> new TargetEvidence(
                                one.target(),
                                one.seed(),
                                one.kl(),
                                one.curve(),
                                one.controls(),
                                one.search(),
                                one.atoms(),
                                new Stability(5, 0.7, 0.6, 20, 0.4)))
                        .toList());
    }

    /// A target closed so far, well beyond random lists, with a dictionary that holds it.
    static TargetEvidence target(String name, TargetKind kind, long seed, double closed) {
        return target(name, kind, seed, around(closed), around(0.3), around(0.97));
    }

    static TargetEvidence target(
            String name, TargetKind kind, long seed, Interval closed, Interval excess, Interval dense) {
        Point brief = new Point(5, around(0.2), NOTHING, around(0.1), NOTHING, around(0.1), 400, 1.5);
        Point lengthy = new Point(100, closed, NOTHING, around(0.4), NOTHING, excess, 9_000, 4);
        return new TargetEvidence(
                new Target(name, kind, ""),
                seed,
                new Kl(0.5, 0.4, 0.3, 0.4, Lacking.NONE),
                List.of(brief, lengthy),
                List.of(new Control(ControlKind.DENSE, 200, dense)),
                search(0.25, kind == TargetKind.PLANTED ? 0.9 : Double.NaN),
                List.of(),
                new Stability(5, 0.7, 0.6, 20, 0.95));
    }

    static Search search(double gain, double recovered) {
        return new Search(48, around(0.3), around(0.4), around(0.3 + gain), around(gain), recovered, List.of());
    }

    /// The same with other figures of the search.
    static TargetEvidence searched(TargetEvidence one, Search search) {
        return new TargetEvidence(
                one.target(), one.seed(), one.kl(), one.curve(), one.controls(), search, one.atoms(), one.stability());
    }

    /// The same, so far from the base.
    static TargetEvidence apart(TargetEvidence one, double kl) {
        return new TargetEvidence(
                one.target(),
                one.seed(),
                new Kl(kl, kl, kl, kl, Lacking.NONE),
                one.curve(),
                one.controls(),
                one.search(),
                one.atoms(),
                one.stability());
    }

    static DistilEvidence distilled(String name, String kind, long seed, double closed, double lastGain) {
        return distilled(name, kind, seed, around(closed), lastGain);
    }

    static DistilEvidence distilled(String name, String kind, long seed, Interval closed, double lastGain) {
        return new DistilEvidence(name, kind, "works", seed, 16, 0.5, closed, new Training(100, lastGain, 0.4, 0.7));
    }

    static ReadingEvidence unread() {
        return new ReadingEvidence("lexical", List.of(), List.of(), List.of(), Double.NaN, Double.NaN);
    }

    /// Lists of forty targets, so many of them matched right, with nulls and ten good edits.
    static ReadingEvidence reading(double right, boolean nullAtChance) {
        return reading(around(right), nullAtChance, 10, 0.7);
    }

    static ReadingEvidence reading(Interval right, boolean nullAtChance, int goodEdits, double agreement) {
        List<Edit> edits = new ArrayList<>(Collections.nCopies(goodEdits, new Edit("cook", "a → b", "B", 0.5, 0.2, 2)));
        edits.addAll(Collections.nCopies(10 - goodEdits, new Edit("cook", "a → b", "B", 0.2, 0.5, 2)));
        return new ReadingEvidence(
                "lexical",
                List.of(
                        new Matching(ReadingEvidence.FOUND, false, 40, right, 0.025, false, List.of()),
                        new Matching("random", true, 40, around(0.03), 0.025, true, List.of()),
                        new Matching("noise", true, 40, around(0.4), 0.025, nullAtChance, List.of())),
                edits,
                List.of(),
                agreement,
                Double.NaN);
    }

    static Predicate predicate(String name, String contexts, Pools pools) {
        return new Predicate(name, contexts, new Skill(0.4, 0.8), 0.5, 0.3, pools, 12);
    }

    static Predicate predicate(String name, Skill skill, double klBase, Pools pools) {
        return new Predicate(name, "telling", skill, klBase, 0.3, pools, 12);
    }

    static Pools pools(double log, double random, double sayLinear, double oracle) {
        return pools(around(log), around(random), around(sayLinear), around(oracle));
    }

    static Pools pools(Interval log, Interval random, Interval sayLinear, Interval oracle) {
        return new Pools(20, log, random, around(0.1), sayLinear, oracle, 0, 3);
    }
}
