package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Sampling;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Explanation;
import assay.measure.judge.Judge;
import assay.measure.judge.Lacking;
import assay.measure.judge.Remainder;
import assay.measure.probe.Probe;
import assay.tasks.session.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// Answers and tokens to look at, always of the first user turns of the test split: nothing is picked by hand.
record Illustrator(ChatModel chat, Probe foreign, Probe own, Job job) {
    private static final int SAMPLES = 2;
    private static final int LINES = 4;
    private static final int ANSWER_TOKENS = 32;

    /// Answers of base, target and mixture side by side.
    List<Explanation.SampleAnswer> samples(Target target, Decomposition.Step step, long seed) {
        try (var stage = job.stage("sample answers", 3)) {
            Mixture mixture = step.mixture("mixture").over(target.base());
            List<String> users = foreign.turns(Probe.Split.TEST).stream()
                    .map(Probe.Turn::user)
                    .limit(SAMPLES)
                    .toList();
            List<List<String>> answers = new ArrayList<>();
            for (Behaviour behaviour : List.of(target.base(), target.behaviour(), mixture)) {
                answers.add(answers(behaviour, users, seed));
                stage.advance(1);
            }
            return IntStream.range(0, users.size())
                    .mapToObj(i -> new Explanation.SampleAnswer(
                            users.get(i),
                            answers.get(0).get(i),
                            answers.get(1).get(i),
                            answers.get(2).get(i)))
                    .toList();
        }
    }

    private List<String> answers(Behaviour behaviour, List<String> users, long seed) {
        List<int[]> turns = users.stream().map(chat.tokenizer()::encode).toList();
        Sampling sampling = new Sampling(ANSWER_TOKENS, 0.7, 0.9, 64, seed);
        return new Generator(chat)
                .answers(behaviour, turns, sampling).stream()
                        .map(answer -> chat.tokenizer().decode(answer).strip())
                        .toList();
    }

    /// Which part of the target a list lacks, and a second training run of the target's recipe, if
    /// there is one.
    Lacking lacking(Judge judge, Decomposition.Step list, List<Target> siblings) {
        try (var stage = job.stage("what is lacking", 0);
                TensorScope _ = TensorScope.withoutGradients()) {
            Decomposer decomposer = judge.decomposer();
            List<Remainder.StandIn> standIns = new ArrayList<>();
            standIns.add(new Remainder.StandIn("these prompts", decomposer.onTest(list.atoms(), list.weights())));
            for (Target run : siblings.subList(0, Math.min(1, siblings.size()))) {
                Tensor delta = decomposer.testDeltas(List.of(run.behaviour())).getFirst();
                standIns.add(new Remainder.StandIn(
                        "a second training run", decomposer.test().base().add(delta)));
            }
            Lacking found = new Remainder(judge, foreign, own).of(standIns);
            stage.advance(standIns.size());
            return found;
        }
    }

    /// Where target, base and mixture differ, token by token.
    List<Explanation.HeatLine> heat(Decomposition.Step step, Decomposer decomposer) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            double[] base = decomposer.perTestPlace(List.of(), new double[0]);
            double[] mixture = decomposer.perTestPlace(step.atoms(), step.weights());
            List<Explanation.HeatLine> lines = new ArrayList<>();
            lines(foreign, 0, base, mixture, lines);
            lines(own, decomposer.test().foreignPlaces(), base, mixture, lines);
            return lines;
        }
    }

    private void lines(Probe probe, int from, double[] base, double[] mixture, List<Explanation.HeatLine> lines) {
        int place = from;
        List<Probe.Turn> turns = probe.turns(Probe.Split.TEST).stream()
                .filter(turn -> turn.answer().length > 0)
                .limit(LINES)
                .toList();
        for (Probe.Turn turn : turns) {
            List<Explanation.HeatToken> tokens = new ArrayList<>();
            for (int token : turn.answer()) {
                String text = chat.stopTokens().contains(token)
                        ? "⏹"
                        : chat.tokenizer().decode(new int[] {token});
                tokens.add(new Explanation.HeatToken(text, base[place], mixture[place]));
                place++;
            }
            lines.add(new Explanation.HeatLine(turn.user(), probe.name(), tokens));
        }
    }
}
