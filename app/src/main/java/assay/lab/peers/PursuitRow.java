package assay.lab.peers;

import assay.base.sparse.GramPursuit;
import assay.base.tensor.Dtype;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.PursuitTask;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Choosing a list of prompts by their sketches: orthogonal matching pursuit over a large dictionary.
record PursuitRow() implements Row {
    private static final int ATOMS = 100_000;
    private static final int NUMBERS = 1024;
    private static final int CHOSEN = 100;

    @Override
    public String name() {
        return "pursuit";
    }

    @Override
    public String title() {
        return "pursuit of 100 atoms over 100,000 sketches of 1,024 numbers, fp32";
    }

    @Override
    public String peer() {
        return "scikit-learn orthogonal_mp (orthogonal_mp_gram would need a matrix of 40 GB)";
    }

    @Override
    public Gate gate() {
        return Gate.faster(5);
    }

    @Override
    public double tolerance() {
        return 1e-3;
    }

    @Override
    public String agreement() {
        return "how much longer Assay's residual is than the peer's, over the target's length";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        int atoms = setting.size(ATOMS, 300);
        int numbers = setting.size(NUMBERS, 64);
        int chosen = setting.size(CHOSEN, 8);
        PursuitTask task = PursuitTask.of(atoms, numbers, chosen);
        float[] target = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            target[i] = (float) task.target()[i];
        }
        setting.write("vectors.f32", task.vectors());
        setting.write("target.f32", target);
        return new Ready(setting, new GramPursuit(task.vectors()), task.target(), chosen, new float[1][0]);
    }

    private record Ready(Setting setting, GramPursuit pursuit, double[] target, int chosen, float[][] found)
            implements ReadyRow {
        @Override
        public double run() {
            GramPursuit.Path[] path = new GramPursuit.Path[1];
            double seconds = Stopwatch.seconds(() -> path[0] = pursuit.run(target, chosen, Set.of(), 1));
            double[] residual = path[0].residual();
            found[0] = new float[residual.length];
            for (int i = 0; i < residual.length; i++) {
                found[0][i] = (float) residual[i];
            }
            return seconds;
        }

        @Override
        public List<Cost> cost() {
            double numbers = (double) pursuit.vectors().length * target.length;
            return List.of(new Cost(2 * numbers * chosen, numbers * Float.BYTES * chosen, Dtype.FLOAT32));
        }

        @Override
        public Map<String, Object> task() {
            return Map.of("numbers", target.length, "chosen", chosen);
        }

        @Override
        public void leave() {
            setting.write("ours.f32", found[0]);
        }
    }
}
