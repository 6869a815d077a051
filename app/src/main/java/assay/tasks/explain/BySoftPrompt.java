package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Chain;
import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.judge.Lacking;
import assay.measure.judge.Remainder;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.session.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// An adapter explained twice: directly, and by way of a soft prompt that was distilled from it. Both are
/// measured against the adapter on the same contexts, so what each step loses can be read off.
public record BySoftPrompt(ChatModel chat, Atlas atlas, Job job) {
    /// Training steps of the soft prompt on the way: fewer than `assay distil` takes, for a report in time.
    static final int STEPS = 100;

    /// Both explanations.
    ///
    /// @param explanation the adapter by prompts, directly
    /// @param chain the adapter by way of a soft prompt
    /// @param soft the soft prompt
    public record Both(Explanation explanation, Chain chain, Distil.Trained soft) {}

    /// Distils, then explains both.
    ///
    /// @param curriculum the adapter's
    public Both run(Target adapter, Curriculum curriculum, Explain.Options options, Distil.Options distil) {
        return run(adapter, List.of(), curriculum, options, distil, Kept.nowhere());
    }

    /// The same, or what is left of it where it was stopped.
    ///
    /// @param siblings other runs of the adapter's recipe
    Both run(
            Target adapter,
            List<Target> siblings,
            Curriculum curriculum,
            Explain.Options options,
            Distil.Options distil,
            Kept kept) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            curriculum.requireRoom(distil.form().length(), chat);
            Distil.Trained trained = distilled(adapter, curriculum, distil, kept);
            Probe own = ProbeMaker.everySecond(atlas.probe(), curriculum.own());
            Explain explain = new Explain(chat, atlas, job);
            ExplainListener listener = new ExplainListener(job);
            try (Decomposer direct = explain.decomposer(adapter, own, options.seed(), listener)) {
                job.note("the adapter by prompts, directly");
                Explain.Work first = explain.explained(
                        new Explain.Case(adapter, siblings, options, own, direct, listener, kept.part(Explain.DIRECT)));
                job.note("its soft prompt by prompts");
                Target soft = target(trained, adapter);
                Decomposer second = direct.towards(soft.behaviour(), listener);
                Explain.Work work = explain.explained(
                        new Explain.Case(soft, List.of(), options, own, second, listener, kept.part("soft")));
                Bootstrap bootstrap = Bootstrap.defaults(options.seed());
                Lacking lacking = lacking(
                        new Remainder(new Judge(direct, options.seed()), atlas.probe(), own), second, work, first);
                return new Both(
                        first.explanation(),
                        chain(trained.found(), direct, first, second, work, lacking, bootstrap),
                        trained);
            }
        }
    }

    private Distil.Trained distilled(Target adapter, Curriculum curriculum, Distil.Options options, Kept kept) {
        Learnt learnt = kept.part("training").get("learnt", Learnt.class, () -> {
            try (Distil distil = Distil.of(adapter, curriculum, chat, Optional.of(atlas), job)) {
                Distil.Trained trained = distil.run(options, kept.training());
                return new Learnt(trained.numbers(), trained.found(), trained.base());
            }
        });
        return options.known(learnt.numbers(), learnt.found(), learnt.base(), chat.model());
    }

    /// A trained soft prompt, as it is kept.
    private record Learnt(float[][] numbers, Distillation found, String base) {}

    /// What the way adapter → soft prompt → mixture loses, every step against the adapter on the same foreign test
    /// contexts.
    ///
    /// @param adapter the decomposer of the adapter, and what was found with it
    /// @param soft that of its soft prompt, on the same contexts, and what was found with it
    private static Chain chain(
            Distillation distillation,
            Decomposer adapter,
            Explain.Work direct,
            Decomposer soft,
            Explain.Work bySoft,
            Lacking lacking,
            Bootstrap bootstrap) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int places = adapter.test().foreignPlaces();
            Tensor base = adapter.test().base().narrow(0, 0, places);
            Tensor softStates = soft.test().target().narrow(0, 0, places);
            Decomposition.Step longest = bySoft.decomposition().steps().getLast();
            List<Tensor> states = List.of(
                    base,
                    softStates,
                    mixed(adapter, bySoft.decomposition().best()),
                    mixed(adapter, longest),
                    mixed(adapter, direct.decomposition().best()));
            List<double[]> sums = adapter.test().divergences(states, adapter.unembedding()).stream()
                    .map(SplitStates.TurnSums::foreign)
                    .toList();
            List<Interval> closed = sums.stream()
                    .skip(1)
                    .map(left -> bootstrap.closed(left, sums.getFirst()))
                    .toList();
            double[] nats = sums.stream()
                    .mapToDouble(left -> Arrays.stream(left).sum() / places)
                    .toArray();
            return new Chain(
                    distillation,
                    bySoft.explanation(),
                    closed.get(0),
                    closed.get(1),
                    closed.get(2),
                    closed.get(3),
                    lacking,
                    new Chain.Nats(nats[0], nats[1], nats[2], nats[4]));
        }
    }

    /// Which part of the adapter its soft prompt lacks, and prompts by either way.
    private static Lacking lacking(Remainder remainder, Decomposer soft, Explain.Work bySoft, Explain.Work direct) {
        Decomposer adapter = remainder.judge().decomposer();
        Decomposition.Step chosen = direct.decomposition().best();
        Decomposition.Step softly = bySoft.decomposition().best();
        return remainder.of(List.of(
                new Remainder.StandIn("prompts directly", adapter.onTest(chosen.atoms(), chosen.weights())),
                new Remainder.StandIn("soft prompt", soft.test().target()),
                new Remainder.StandIn("the soft prompt's prompts", adapter.onTest(softly.atoms(), softly.weights()))));
    }

    private static Tensor mixed(Decomposer adapter, Decomposition.Step step) {
        return adapter.test().mixed(adapter.foreignTestDeltas(step.atoms()), step.weights());
    }

    private static Target target(Distil.Trained trained, Target adapter) {
        return new Target(
                Explanation.Kind.SOFT,
                "soft prompt of " + adapter.name(),
                trained.description(),
                trained.behaviour(),
                adapter.sha256(),
                adapter.base(),
                Map.of());
    }
}
