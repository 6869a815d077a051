package assay.lab.peers;

import assay.base.tensor.Torch;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.Context;
import assay.tasks.session.Precision;
import java.util.List;
import java.util.Map;

/// Which of many prompts come nearest to a target.
record RankingRow(Peer against) implements Row {
    private static final int CANDIDATES = 64;

    /// Who does the same.
    enum Peer {
        /// A loop over candidates, to the same divergences.
        TRANSFORMERS,
        /// The evaluation in which a gradient search spends its time, by its own objective.
        NANOGCG
    }

    @Override
    public String name() {
        return against == Peer.TRANSFORMERS ? "ranking" : "ranking-gcg";
    }

    @Override
    public String title() {
        return against == Peer.TRANSFORMERS
                ? "running 64 candidate prompts on 32 conversations with 16 places each, to the ranking of the best 8"
                : "running 64 candidate prompts of 12 tokens on 32 conversations with 16 places each";
    }

    @Override
    public String peer() {
        return against == Peer.TRANSFORMERS
                ? "transformers, each candidate with past_key_values, KL in float32 at the same places"
                : "nanoGCG's evaluation of candidates, one conversation after the other, cross entropy of the answers";
    }

    @Override
    public Gate gate() {
        return Gate.faster(against == Peer.TRANSFORMERS ? 3 : 5);
    }

    @Override
    public double tolerance() {
        return 0.02;
    }

    @Override
    public String agreement() {
        return against == Peer.TRANSFORMERS
                ? "most by which a place of Assay's best 8 is worse in the peer's numbers than the peer's own, share"
                : "most by which an answer's cross entropy under 8 candidates differs from the peer's in float32, share";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Opened opened = Opened.of(setting, Precision.AUTO);
        int candidates = setting.size(CANDIDATES, 10);
        CandidateRuns runs = CandidateRuns.of(
                opened.chat(),
                against == Peer.TRANSFORMERS
                        ? CandidateRuns.phrases(opened.chat(), candidates)
                        : CandidateRuns.ofLength(opened.chat(), candidates, 12),
                setting.size(32, 4),
                setting.size(16, 4));
        setting.write("target.f32", Torch.toFloats(runs.target()));
        return new Ready(against, setting, opened, runs, new double[1][0]);
    }

    private record Ready(Peer against, Setting setting, Opened opened, CandidateRuns runs, double[][] found)
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
                    opened.model().dtype().name(),
                    "before",
                    opened.chat().slot().prefix(new int[0]),
                    "candidates",
                    runs.candidates().stream().map(prompt -> prompt.tokens()).toList(),
                    "fronts",
                    runs.candidates().stream()
                            .map(prompt -> opened.chat().slot().prefix(prompt.tokens()))
                            .toList(),
                    "rows",
                    runs.contexts().stream().map(Context::tail).toList(),
                    "places",
                    runs.contexts().getFirst().places());
        }

        @Override
        public void leave() {
            double[] left = against == Peer.TRANSFORMERS ? found[0] : runs.crossEntropies(8);
            float[] means = new float[left.length];
            for (int i = 0; i < means.length; i++) {
                means[i] = (float) left[i];
            }
            setting.write("ours.f32", means);
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
