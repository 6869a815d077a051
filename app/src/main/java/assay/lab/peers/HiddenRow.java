package assay.lab.peers;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.tasks.session.Session;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// What running a prompt costs: final hidden states of many conversations behind one prompt.
record HiddenRow(Dtype dtype) implements Row {
    private static final int ROWS = 64;
    private static final int TOKENS = 52;
    private static final int FRONT = 48;

    @Override
    public String name() {
        return "hidden-" + Row.word(dtype);
    }

    @Override
    public String title() {
        return "hidden states of 64 × 52 tokens behind a prompt of 48, " + Row.word(dtype);
    }

    @Override
    public String peer() {
        return "transformers, the prompt read once and handed on as past_key_values, one batch";
    }

    @Override
    public Gate gate() {
        return Gate.faster(1.2);
    }

    @Override
    public double tolerance() {
        return dtype == Dtype.BFLOAT16 ? 0.05 : 1e-3;
    }

    @Override
    public String agreement() {
        return "length of the difference of all states over their length";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Session session = setting.open(dtype);
        HardPrompt prompt =
                new HardPrompt("front", Phrases.tokens(session.chat().tokenizer(), FRONT, 1));
        List<int[]> rows = Phrases.rows(session.chat().tokenizer(), setting.size(ROWS, 3), setting.size(TOKENS, 8), 2);
        List<Context> contexts =
                rows.stream().map(row -> new Context(0, row, row.length)).toList();
        return new Ready(setting, session, prompt, contexts, new float[1][0]);
    }

    private record Ready(Setting setting, Session session, HardPrompt prompt, List<Context> contexts, float[][] found)
            implements ReadyRow {
        @Override
        public double run() {
            Runner runner = new Runner(session.chat());
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Tensor[] states = new Tensor[1];
                double seconds = Stopwatch.seconds(() -> states[0] = runner.hidden(prompt, contexts));
                found[0] = Torch.toFloats(states[0]);
                return seconds;
            }
        }

        @Override
        public List<Cost> cost() {
            int tokens = contexts.stream().mapToInt(Context::places).sum() + prompt.tokens().length;
            double keys = prompt.tokens().length + contexts.getFirst().places() / 2.0;
            return List.of(
                    Cost.ofTokens(session.chat().model(), session.chat().model().layers(), tokens, 2, keys));
        }

        @Override
        public Map<String, Object> task() {
            return Map.of(
                    "dtype",
                    session.chat().model().dtype().name(),
                    "front",
                    session.chat().slot().prefix(prompt.tokens()),
                    "rows",
                    contexts.stream().map(Context::tail).toList());
        }

        @Override
        public void leave() {
            setting.write("ours.f32", found[0]);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
