package assay.lab.peers;

import assay.base.tensor.Dtype;
import assay.base.tensor.Torch;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.PlantedFit;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.decompose.Decomposer;
import assay.tasks.session.Precision;
import java.util.List;
import java.util.Map;

/// The weights of a long list of prompts whose states are known.
record FitRow() implements Row {
    private static final int ATOMS = 100;
    private static final int CONTEXTS = 25;
    private static final int PLACES = 40;

    @Override
    public String name() {
        return "kl-fit";
    }

    @Override
    public String title() {
        return "convex KL fit of 100 weights on 1,000 positions, whole vocabulary, states known, fp32";
    }

    @Override
    public String peer() {
        return "PyTorch L-BFGS (strong Wolfe) on full logits";
    }

    @Override
    public Gate gate() {
        return Gate.faster(10);
    }

    @Override
    public double tolerance() {
        return 1e-6;
    }

    @Override
    public String agreement() {
        return "how much higher the KL is at Assay's weights than at the peer's, nats";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Opened opened = Opened.of(setting, Precision.AUTO);
        PlantedFit fit = PlantedFit.of(
                opened.chat(), setting.size(ATOMS, 5), setting.size(CONTEXTS, 2), setting.size(PLACES, 5));
        Decomposer decomposer = fit.decomposer();
        setting.write("base.f32", Torch.toFloats(decomposer.fit().base()));
        setting.write("target.f32", Torch.toFloats(decomposer.fit().target()));
        setting.write("unembedding.f32", Torch.toFloats(decomposer.unembedding()));
        setting.write("deltas.f32", fit.deltas().stream().map(Torch::toFloats).toList());
        return new Ready(setting, opened, fit, new double[1][0]);
    }

    private record Ready(Setting setting, Opened opened, PlantedFit fit, double[][] found) implements ReadyRow {
        /// With the choice of the tokens that are looked at.
        @Override
        public double run() {
            return Stopwatch.seconds(() -> found[0] = fit.weights(fit.deltas().size()));
        }

        @Override
        public List<Cost> cost() {
            double places = fit.decomposer().fit().base().size(0);
            double tokens = 512;
            double atoms = fit.deltas().size();
            double hessian = places * tokens * atoms * atoms;
            double rows = 2.0 * places * tokens * fit.decomposer().unembedding().size(1) * atoms;
            double steps = 6;
            return List.of(
                    Cost.ofLogits(opened.model(), 2 * places, 2),
                    new Cost(rows, places * tokens * atoms * Float.BYTES, Dtype.FLOAT32),
                    new Cost(hessian * steps, places * tokens * atoms * Float.BYTES * steps, Dtype.FLOAT32));
        }

        @Override
        public Map<String, Object> task() {
            return Map.of(
                    "places", fit.decomposer().fit().base().size(0),
                    "width", fit.decomposer().fit().base().size(1),
                    "atoms", fit.deltas().size());
        }

        @Override
        public void leave() {
            float[] weights = new float[found[0].length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) found[0][i];
            }
            setting.write("ours.f32", weights);
        }

        @Override
        public void close() {
            fit.close();
            opened.close();
        }
    }
}
