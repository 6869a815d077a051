package assay.lab.peers;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.measure.behaviour.Context;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.util.List;
import java.util.Map;

/// Which of many prompts come nearest to a target.
record RankingRow() implements Row {
    private static final int CANDIDATES = 64;

    @Override
    public String name() {
        return "ranking";
    }

    @Override
    public String title() {
        return "running 64 candidate prompts on 32 conversations with 16 places each, to the ranking of the best 8";
    }

    @Override
    public String peer() {
        return "transformers, each candidate with past_key_values, KL in float32 at the same places";
    }

    @Override
    public Gate gate() {
        return Gate.faster(3);
    }

    @Override
    public double tolerance() {
        return 0.02;
    }

    @Override
    public String agreement() {
        return "most by which a place of Assay's best 8 is worse in the peer's numbers than the peer's own, share";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Session session = setting.open(Precision.AUTO);
        TensorScope scope = TensorScope.withoutGradients();
        CandidateRuns runs = CandidateRuns.of(
                session.chat(), setting.size(CANDIDATES, 10), setting.size(32, 2), setting.size(16, 4));
        setting.write("target.f32", Torch.toFloats(runs.target()));
        return new Ready(setting, session, scope, runs, new double[1][0]);
    }

    private record Ready(Setting setting, Session session, TensorScope scope, CandidateRuns runs, double[][] found)
            implements ReadyRow {
        @Override
        public double run() {
            return Stopwatch.seconds(() -> found[0] = runs.divergences());
        }

        @Override
        public List<Cost> cost() {
            return runs.cost();
        }

        @Override
        public Map<String, Object> task() {
            return Map.of(
                    "dtype",
                    session.chat().model().dtype().name(),
                    "fronts",
                    runs.candidates().stream()
                            .map(prompt -> session.chat().slot().prefix(prompt.tokens()))
                            .toList(),
                    "rows",
                    runs.contexts().stream().map(Context::tail).toList(),
                    "places",
                    runs.contexts().getFirst().places());
        }

        @Override
        public void leave() {
            float[] means = new float[found[0].length];
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) found[0][i];
            }
            setting.write("ours.f32", means);
        }

        @Override
        public void close() {
            scope.close();
            session.close();
        }
    }
}
