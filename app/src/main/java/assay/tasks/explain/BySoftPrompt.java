package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.distil.TrainingStore;
import assay.tasks.session.Target;
import java.util.Optional;

/// An adapter explained twice: directly, and by way of a soft prompt that was distilled from it. Both are
/// measured against the adapter on the same contexts, so what each step loses can be read off.
public final class BySoftPrompt {
    /// Training steps of the soft prompt on the way: fewer than `assay distil` takes, for a report in time.
    static final int STEPS = 100;

    private final ChatModel chat;
    private final Atlas atlas;
    private final Job job;

    public BySoftPrompt(ChatModel chat, Atlas atlas, Job job) {
        this.chat = chat;
        this.atlas = atlas;
        this.job = job;
    }

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
        try (TensorScope _ = TensorScope.withoutGradients()) {
            curriculum.requireRoom(distil.form().length(), chat);
            Distil.Trained trained = distilled(adapter, curriculum, distil);
            Probe own = ProbeMaker.everySecond(atlas.probe(), curriculum.own());
            Explain explain = new Explain(chat, atlas, job);
            ExplainListener listener = new ExplainListener(job);
            try (Decomposer direct = new Decomposer(
                    new Runner(chat),
                    adapter.behaviour(),
                    atlas.probe(),
                    own,
                    Decomposer.Options.defaults(options.seed()),
                    listener)) {
                job.note("the adapter by prompts, directly");
                Explain.Work first = explain.explained(new Explain.Case(adapter, options, own, direct, listener));
                job.note("its soft prompt by prompts");
                Target soft = target(trained, adapter);
                Decomposer second = direct.towards(soft.behaviour(), listener);
                Explain.Work work = explain.explained(new Explain.Case(soft, options, own, second, listener));
                Chain chain = new ChainJudge(direct, second, options.seed())
                        .judge(trained.found(), work.explanation(), first.decomposition(), work.decomposition());
                return new Both(first.explanation(), chain, trained);
            }
        }
    }

    private Distil.Trained distilled(Target adapter, Curriculum curriculum, Distil.Options options) {
        try (Distil distil = Distil.of(adapter, curriculum, chat, Optional.of(atlas), job)) {
            return distil.run(options, TrainingStore.nowhere());
        }
    }

    private static Target target(Distil.Trained trained, Target adapter) {
        return new Target(
                Explanation.Kind.SOFT,
                "soft prompt of " + adapter.name(),
                trained.description(),
                trained.behaviour(),
                adapter.sha256());
    }
}
