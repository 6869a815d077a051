package assay.lab.peers;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Opened;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitContexts;
import assay.measure.probe.Probe;
import assay.tasks.session.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// The weights of a long list of prompts whose states are known.
record FitRow() implements Row {
    private static final int ATOMS = 100;
    private static final int CONTEXTS = 25;
    private static final int PLACES = 40;
    /// Small enough not to move the optimum by what is compared.
    private static final double RIDGE = 1e-8;

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
        ChatModel chat = opened.chat();
        List<HardPrompt> prompts = Phrases.prompts(setting.size(ATOMS, 5), 7).stream()
                .map(text -> HardPrompt.of(text, chat.tokenizer()))
                .toList();
        Mixture target = mixture(prompts);
        int count = setting.size(CONTEXTS, 2);
        int places = setting.size(PLACES, 5);
        List<Context> contexts = IntStream.range(0, count)
                .mapToObj(i -> new Context(
                        i,
                        chat.slot()
                                .tail(
                                        Phrases.tokens(chat.tokenizer(), 10, 300 + i),
                                        Phrases.tokens(chat.tokenizer(), places - 1, 400 + i)),
                        places))
                .toList();
        Decomposer decomposer = new Decomposer(
                new Runner(chat),
                target,
                split -> new SplitContexts(split == Probe.Split.FIT ? contexts : contexts.subList(0, 1), List.of()),
                Decomposer.Options.defaults(0),
                new Quiet());
        List<Tensor> deltas = decomposer.fitDeltas(prompts);
        write(setting, decomposer, deltas);
        return new Ready(setting, opened, decomposer, target, deltas, new double[1][0]);
    }

    /// A target made of twenty of the prompts: such a one has its optimum where it was planted.
    private static Mixture mixture(List<HardPrompt> prompts) {
        List<Mixture.Weighted> atoms = new ArrayList<>();
        int planted = Math.min(20, prompts.size());
        for (int i = 0; i < planted; i++) {
            atoms.add(new Mixture.Weighted(prompts.get(i), (i % 5 == 4 ? -0.5 : 1.5) / planted));
        }
        return new Mixture("planted", atoms);
    }

    private static void write(Setting setting, Decomposer decomposer, List<Tensor> deltas) {
        setting.write("base.f32", Torch.toFloats(decomposer.fit().base()));
        setting.write("target.f32", Torch.toFloats(decomposer.fit().target()));
        setting.write("unembedding.f32", Torch.toFloats(decomposer.unembedding()));
        setting.write("deltas.f32", deltas.stream().map(Torch::toFloats).toList());
    }

    private static final class Quiet implements Decomposer.Listener {
        @Override
        public void ran(Probe.Split split) {}

        @Override
        public void added(int k, HardPrompt prompt, double weight) {}

        @Override
        public void measuring(int prompts) {}
    }

    private record Ready(
            Setting setting,
            Opened opened,
            Decomposer decomposer,
            Mixture target,
            List<Tensor> deltas,
            double[][] found)
            implements ReadyRow {
        /// Also runs the target once, from which the tokens that are looked at are chosen: the peer is spared that.
        @Override
        public double run() {
            return Stopwatch.seconds(() -> {
                try (TensorScope _ = TensorScope.withoutGradients();
                        Decomposer again = decomposer.towards(target, new Quiet())) {
                    KlProblem problem = again.problemOf(deltas);
                    int[] support = IntStream.range(0, deltas.size()).toArray();
                    found[0] = KlFit.of(problem, support, new double[support.length], RIDGE)
                            .weights();
                }
            });
        }

        @Override
        public List<Cost> cost() {
            double places = decomposer.fit().base().size(0);
            double tokens = 512;
            double atoms = deltas.size();
            double hessian = places * tokens * atoms * atoms;
            double rows = 2.0 * places * tokens * decomposer.unembedding().size(1) * atoms;
            double steps = 6;
            return List.of(
                    Cost.ofLogits(opened.model(), 2 * places, 2),
                    new Cost(rows, places * tokens * atoms * Float.BYTES, Dtype.FLOAT32),
                    new Cost(hessian * steps, places * tokens * atoms * Float.BYTES * steps, Dtype.FLOAT32));
        }

        @Override
        public Map<String, Object> task() {
            return Map.of(
                    "places", decomposer.fit().base().size(0),
                    "width", decomposer.fit().base().size(1),
                    "atoms", deltas.size());
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
            decomposer.close();
            opened.close();
        }
    }
}
