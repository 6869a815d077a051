package assay.discover.search;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.PromptFilter;
import assay.discover.atlas.PromptSampler;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.LanguageModel;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;

/// Writes prompts token by token towards what is lacking: sequential Monte Carlo whose proposal is the model's own
/// next-token distribution and whose target is that times exp(β·√gain), the gain as predicted for the line so far
/// (twisted SMC as in Lew et al. 2023, arXiv 2306.03081, with the predictor for a twist).
///
/// @param scout predicts what a text would add
public record Guided(ChatModel chat, GainPredictor scout) implements Strategy {
    /// Lines written at once.
    private static final int PARTICLES = 48;
    private static final int LONGEST = 22;
    /// Written lines are dear; a few good ones do.
    private static final int MOST_ROUNDS = 2;
    /// Tokens between two looks at the predictor.
    private static final int STRIDE = 2;

    private static final int EXAMPLES = 4;
    private static final int NEAR = 16;
    private static final int TOP = 64;
    /// β: a line whose predicted correlation is .02 higher is e times as likely.
    private static final double SHARPNESS = 50;

    @Override
    public boolean isWriting() {
        return true;
    }

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        List<String> near =
                standing.alike(lack, NEAR).stream().map(SketchFit.Atom::text).toList();
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> lines = new LinkedHashSet<>();
        for (int round = 0; lines.size() < count && round < MOST_ROUNDS; round++) {
            List<String> examples = Sampler.some(near, EXAMPLES, random);
            lines.addAll(round(examples, near, lack, random.split()));
        }
        return List.copyOf(lines);
    }

    private List<String> round(List<String> examples, List<String> near, SketchFit.Lack lack, SplittableRandom random) {
        List<Line> lines = new ArrayList<>();
        List<int[]> starts = new ArrayList<>();
        List<String> openings = PromptSampler.openings();
        for (int i = 0; i < PARTICLES; i++) {
            String opening = i % 2 == 0
                    ? Sampler.opening(near.get(random.nextInt(near.size())))
                    : openings.get(random.nextInt(openings.size()));
            lines.add(new Line(opening, new int[0], 0));
            starts.add(chat.tokenizer().encode("- " + opening));
        }
        List<String> finished = new ArrayList<>();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int[] shared = PromptSampler.list(examples, chat);
            KeyValueCache prefix = chat.model().prefill(TokenBatch.of(shared), Overlay.NONE);
            TokenBatch first = new TokenBatch(starts);
            LanguageModel.Step step = chat.model().step(first, prefix, Overlay.NONE, Positions.last(first));
            for (int length = 1; length <= LONGEST && !lines.isEmpty(); length++) {
                int[] next = drawn(step.hidden(), random);
                List<Integer> going = advanced(lines, next, finished);
                if (going.isEmpty()) {
                    break;
                }
                int[] rows = going.stream().mapToInt(i -> i).toArray();
                lines = new ArrayList<>(going.stream().map(lines::get).toList());
                int[] tokens = Arrays.stream(rows).map(row -> next[row]).toArray();
                if (length % STRIDE == 0) {
                    int[] chosen = resampled(lines, lack, random);
                    List<Line> old = lines;
                    lines = new ArrayList<>(
                            Arrays.stream(chosen).mapToObj(old::get).toList());
                    tokens = Arrays.stream(chosen).map(at -> next[rows[at]]).toArray();
                    step = next(step, Arrays.stream(chosen).map(at -> rows[at]).toArray(), tokens);
                } else {
                    step = next(step, rows, tokens);
                }
            }
        }
        return finished;
    }

    /// A prompt being written.
    ///
    /// @param opening its first words
    /// @param tokens what was drawn since
    /// @param score β·√gain as of the last look
    private record Line(String opening, int[] tokens, double score) {
        Line and(int token) {
            int[] more = Arrays.copyOf(tokens, tokens.length + 1);
            more[tokens.length] = token;
            return new Line(opening, more, score);
        }
    }

    private String text(Line line) {
        return line.opening() + chat.tokenizer().continued(line.tokens());
    }

    /// Adds the drawn tokens; lines that ended leave for `finished`. Returns which are still being written.
    private List<Integer> advanced(List<Line> lines, int[] next, List<String> finished) {
        List<Integer> going = new ArrayList<>();
        for (int i = 0; i < next.length; i++) {
            Line line = lines.get(i).and(next[i]);
            lines.set(i, line);
            String text = text(line);
            int end = text.indexOf('\n');
            if (end >= 0 || chat.stopTokens().contains(next[i])) {
                PromptFilter.readable(end >= 0 ? text.substring(0, end) : text).ifPresent(finished::add);
            } else {
                going.add(i);
            }
        }
        return going;
    }

    /// Which lines go on, some of them several times: systematic resampling by how much each has gained.
    private int[] resampled(List<Line> lines, SketchFit.Lack lack, SplittableRandom random) {
        double[] gains = gains(lines, lack);
        double[] weights = new double[gains.length];
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < gains.length; i++) {
            double score = SHARPNESS * Math.sqrt(Math.max(0, gains[i]));
            weights[i] = score - lines.get(i).score();
            highest = Math.max(highest, weights[i]);
            lines.set(i, new Line(lines.get(i).opening(), lines.get(i).tokens(), score));
        }
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(weights[i] - highest);
            total += weights[i];
        }
        int[] chosen = new int[gains.length];
        double at = random.nextDouble();
        double reached = weights[0];
        int row = 0;
        for (int i = 0; i < chosen.length; i++) {
            double goal = (i + at) / chosen.length * total;
            while (reached < goal && row < weights.length - 1) {
                row++;
                reached += weights[row];
            }
            chosen[i] = row;
        }
        return chosen;
    }

    /// Lines that say the same, as they do after a resampling, are read once.
    private double[] gains(List<Line> lines, SketchFit.Lack lack) {
        List<String> texts = lines.stream().map(line -> ended(text(line))).toList();
        List<String> different = texts.stream().distinct().toList();
        double[] gains = scout.gains(different, lack);
        return texts.stream()
                .mapToDouble(text -> gains[different.indexOf(text)])
                .toArray();
    }

    /// A line as if it ended here.
    private static String ended(String text) {
        String plain = text.strip();
        return plain.isEmpty() || ".!?".indexOf(plain.charAt(plain.length() - 1)) >= 0 ? text : plain + ".";
    }

    private LanguageModel.Step next(LanguageModel.Step step, int[] rows, int[] tokens) {
        List<int[]> batch =
                Arrays.stream(tokens).mapToObj(token -> new int[] {token}).toList();
        TokenBatch drawn = new TokenBatch(batch);
        try (TensorScope scope = new TensorScope()) {
            boolean same = rows.length == step.cache().rows()
                    && java.util.stream.IntStream.range(0, rows.length).allMatch(i -> rows[i] == i);
            KeyValueCache cache = same ? step.cache() : step.cache().select(rows);
            LanguageModel.Step following = chat.model().step(drawn, cache, Overlay.NONE, Positions.last(drawn));
            following.keepIn(scope);
            step.free();
            return following;
        }
    }

    private int[] drawn(Tensor hidden, SplittableRandom random) {
        try (TensorScope _ = new TensorScope()) {
            LanguageModel.Likeliest top = chat.model().likeliest(hidden, Overlay.NONE, TOP, 1);
            float[] shares = Torch.toFloats(top.shares());
            long[] tokens = Torch.toLongs(top.tokens());
            int each = shares.length / Math.toIntExact(hidden.size(0));
            int[] next = new int[shares.length / each];
            for (int i = 0; i < next.length; i++) {
                double total = 0;
                for (int j = 0; j < each; j++) {
                    total += shares[i * each + j];
                }
                double left = random.nextDouble() * total;
                int rank = 0;
                while (rank < each - 1 && (left -= shares[i * each + rank]) >= 0) {
                    rank++;
                }
                next[i] = Math.toIntExact(tokens[i * each + rank]);
            }
            return next;
        }
    }
}
