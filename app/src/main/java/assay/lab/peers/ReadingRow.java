package assay.lab.peers;

import assay.base.tensor.Dtype;
import assay.discover.predict.PromptReader;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.tasks.session.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The amortised screen: what the model's first blocks say of many prompts, without any conversation.
record ReadingRow(Dtype dtype) implements Row {
    private static final int PROMPTS = 10_000;
    private static final int COMPARED = 32;

    @Override
    public String name() {
        return "screen-" + Row.word(dtype);
    }

    @Override
    public String title() {
        return "the screen's states of 10,000 prompts, " + Row.word(dtype);
    }

    @Override
    public String peer() {
        return "transformers cut off behind the same block, what stands in front of every prompt kept as "
                + "past_key_values, sorted by length, 192 in a batch";
    }

    @Override
    public Gate gate() {
        return Gate.faster(dtype == Dtype.BFLOAT16 ? 3 : 8);
    }

    @Override
    public double tolerance() {
        return dtype == Dtype.BFLOAT16 ? 0.02 : 1e-4;
    }

    @Override
    public String agreement() {
        return "1 − the lowest cosine of 32 prompts' states";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Session session = setting.open(dtype);
        List<int[]> prompts = IntStream.range(0, setting.size(PROMPTS, 24))
                .mapToObj(Phrases::prompt)
                .map(session.chat().tokenizer()::encode)
                .toList();
        return new Ready(setting, session, new PromptReader(session.chat()), prompts, new float[1][][]);
    }

    private record Ready(Setting setting, Session session, PromptReader reader, List<int[]> prompts, float[][][] found)
            implements ReadyRow {
        @Override
        public double run() {
            return Stopwatch.seconds(() -> found[0] = reader.read(prompts));
        }

        @Override
        public List<Cost> cost() {
            double tokens = prompts.stream().mapToDouble(ids -> ids.length).sum()
                    + (double) prompts.size() * reader.after().length;
            double passes = prompts.size() / 48.0;
            return List.of(Cost.ofTokens(
                    session.chat().model(),
                    reader.extent().blocks(),
                    tokens,
                    passes,
                    session.chat().slot().before().length + 8));
        }

        @Override
        public Map<String, Object> task() {
            return Map.of(
                    "dtype", session.chat().model().dtype().name(),
                    "blocks", reader.extent().blocks(),
                    "before", session.chat().slot().before(),
                    "after", reader.after(),
                    "rows", prompts);
        }

        @Override
        public void leave() {
            setting.write("ours.f32", Arrays.copyOf(found[0], Math.min(COMPARED, found[0].length)));
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
