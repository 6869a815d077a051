package assay.tasks.explain;

import assay.base.run.Job;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.AtLength;
import assay.measure.judge.Control;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.judge.Lacking;
import assay.measure.judge.Noise;
import assay.tasks.session.Target;
import java.util.List;
import java.util.Optional;

/// Sets a chosen list beside second training runs, asks what it lacks, and measures it in longer talk.
record Compared(ChatModel chat, Atlas atlas, Job job) {
    /// @param controls other explanations
    Explanation.Comparison of(Explain.Case one, Judge judge, Decomposition.Step best, List<Control> controls) {
        Lacking lacking = new Illustrator(chat, atlas.probe(), one.own(), job).lacking(judge, best, one.siblings());
        return new Explanation.Comparison(controls, noise(one, judge, best), lacking, atLength(one, best));
    }

    /// What other runs of the target's recipe reach, if there are any.
    private Optional<Noise> noise(Explain.Case one, Judge judge, Decomposition.Step best) {
        if (one.siblings().isEmpty()) {
            return Optional.empty();
        }
        List<Behaviour> siblings =
                one.siblings().stream().map(Target::behaviour).toList();
        try (var stage = job.stage("second training runs on unseen turns", 0)) {
            Noise noise = Noise.of(judge, siblings, best);
            stage.advance(siblings.size());
            return Optional.of(noise);
        }
    }

    private Optional<AtLength> atLength(Explain.Case one, Decomposition.Step best) {
        return one.options().atLength()
                ? Optional.of(new Longer(chat, job)
                        .of(one.target(), best, one.options().seed()))
                : Optional.empty();
    }
}
