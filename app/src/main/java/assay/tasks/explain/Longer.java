package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.sparse.Bootstrap;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.AtLength;
import assay.measure.probe.LongTalk;
import assay.tasks.session.Target;
import java.util.ArrayList;
import java.util.List;

/// Measures a list in conversations of three turns with answers of up to 128 tokens, written by the
/// base and by the target: where a list fitted on the beginnings of first answers breaks.
record Longer(ChatModel chat, Job job) {
    AtLength of(Target target, Decomposition.Step list, long seed) {
        try (var stage = job.stage("longer talk", 2);
                TensorScope _ = TensorScope.withoutGradients()) {
            Mixture mixture = list.mixture("mixture").over(target.base());
            Runner runner = new Runner(chat, List.of(target.behaviour(), target.base()));
            List<AtLength.Side> sides = new ArrayList<>();
            for (Behaviour writer : List.of(target.base(), target.behaviour())) {
                LongTalk talk = LongTalk.of(chat, writer, LongTalk.questions(), LongTalk.ANSWER_TOKENS, seed);
                job.check();
                sides.add(AtLength.side(
                        sides.isEmpty() ? "foreign" : "own",
                        runner,
                        target.behaviour(),
                        target.base(),
                        mixture,
                        talk,
                        Bootstrap.defaults(seed)));
                stage.advance(1);
            }
            return new AtLength(sides);
        }
    }
}
