package assay.lab.peers;

import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Sampling;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// An answer, token by token: the likeliest token each time, and no end before the last.
record GenerationRow(Writer writer) implements Row {
    private static final int TOKENS = 64;
    private static final int PROMPTS = 20;

    /// Who writes.
    enum Writer {
        /// One prompt.
        TARGET,
        /// Twenty with weights, whose logits are added up.
        MIXTURE
    }

    @Override
    public String name() {
        return "generation-" + writer.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return "an answer of 64 tokens by " + (writer == Writer.TARGET ? "one prompt" : "a mixture of 20 prompts");
    }

    @Override
    public String peer() {
        return writer == Writer.TARGET
                ? "transformers, one row with its cache"
                : "transformers, 20 rows and the base's in one batch with their cache, logits added up";
    }

    @Override
    public Gate gate() {
        return Gate.faster(1.5);
    }

    @Override
    public double tolerance() {
        return 0.5;
    }

    @Override
    public String agreement() {
        return "most by which the peer prefers another token to one Assay wrote, nats";
    }

    @Override
    public ReadyRow prepare(Setting setting) {
        Session session = setting.open(Precision.AUTO);
        ChatModel chat = session.chat();
        List<Mixture.Weighted> atoms = new ArrayList<>();
        int prompts = setting.size(PROMPTS, 3);
        for (String text : Phrases.prompts(prompts, 3)) {
            int number = atoms.size() + 1;
            double weight = 0.9 * 2 * number / (prompts * (prompts + 1.0));
            atoms.add(new Mixture.Weighted(HardPrompt.of(text, chat.tokenizer()), weight));
        }
        Behaviour behaviour = writer == Writer.TARGET ? atoms.getLast().prompt() : new Mixture("mixture", atoms);
        int[] user = chat.tokenizer().encode("How do I bake bread without an oven?");
        int[] tail = chat.slot().tail(user, new int[0]);
        return new Ready(setting, session, behaviour, tail, setting.size(TOKENS, 4), new int[1][0]);
    }

    private record Ready(Setting setting, Session session, Behaviour behaviour, int[] tail, int length, int[][] found)
            implements ReadyRow {
        @Override
        public double run() {
            Generator generator = new Generator(session.chat());
            return Stopwatch.seconds(() -> found[0] = generator
                    .continuations(behaviour, List.of(tail), Sampling.greedy(length), _ -> false)
                    .getFirst());
        }

        @Override
        public List<Cost> cost() {
            LanguageModel model = session.chat().model();
            int rows = behaviour.terms().size();
            int front = tail.length + 16;
            Cost reading = Cost.ofTokens(model, model.layers(), (double) rows * front, 1, front / 2.0);
            Cost writing = Cost.ofTokens(model, model.layers(), (double) rows * length, length, front + length / 2.0);
            return List.of(reading, writing, Cost.ofLogits(model, length, length));
        }

        @Override
        public Map<String, Object> task() {
            List<int[]> rows = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            for (Behaviour.Term term : behaviour.terms()) {
                if (term.filling() instanceof Behaviour.Filling.Text(int[] tokens)) {
                    rows.add(
                            IntStream.concat(Arrays.stream(session.chat().slot().prefix(tokens)), Arrays.stream(tail))
                                    .toArray());
                    weights.add(term.coefficient());
                }
            }
            String dtype = session.chat().model().dtype().name();
            return Map.of("dtype", dtype, "rows", rows, "weights", weights, "length", length);
        }

        @Override
        public void leave() {
            float[] tokens = new float[found[0].length];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = found[0][i];
            }
            setting.write("ours.f32", tokens);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
