package assay.discover.search;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.Predictor;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.engine.model.Overlay;
import assay.engine.model.TokenBatch;
import assay.measure.behaviour.HardPrompt;
import assay.measure.probe.Sketcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Greedy coordinate gradient (GCG, Zou et al. 2023, arXiv 2307.15043), with what a prompt adds to a mixture in place
/// of the likelihood of one answer: the exact gradient of that gain in the prompt's tokens names promising exchanges, a
/// sample of them is run exactly, and the best becomes the prompt.
///
/// No predictor, and no wish for readable text: it is what the other strategies are measured against.
///
/// @param vocabulary tokens that prompts are made of
public record GradientSearch(ChatModel chat, Sketcher sketcher, PromptSearch.Listener listener, int[] vocabulary) {
    /// What to call it in reports.
    public static final String NAME = "gcg";

    /// Sizes of the mixtures whose lack is searched for, in turn, each with a prompt of its own.
    private static final int[] STAGES = {0, 1, 3, 8};
    /// Likeliest tokens at each place, as in the paper.
    private static final int TOP = 256;
    /// Forward and back through the contexts counts as so many prompts run.
    private static final int RUNS_OF_A_SLOPE = 2;
    /// Draws for every exchange wanted: some do not survive the tokenizer.
    private static final int DRAWS = 40;

    /// A search over an open model, among tokens of printable ASCII.
    public GradientSearch(ChatModel chat, Sketcher sketcher, PromptSearch.Listener listener) {
        int[] printable = IntStream.range(0, chat.model().vocabulary())
                .filter(id -> !chat.tokenizer().specialTokens().contains(id))
                .filter(id -> chat.tokenizer().decode(new int[] {id}).matches("[\\x20-\\x7e]+"))
                .toArray();
        this(chat, sketcher, listener, printable);
    }

    /// A prompt with one token exchanged.
    ///
    /// @param predicted its gain to first order
    private record Exchange(String text, double predicted) {}

    /// Searches until the budget is spent; the first prompt for every lack is the known one most like it.
    ///
    /// @param start the target and the prompts known
    /// @param forbidden prompts that must not be found, such as paraphrases of the target
    public List<PromptSearch.Found> run(SketchFit start, Predicate<String> forbidden, PromptSearch.Options options) {
        long begin = System.nanoTime();
        SplittableRandom random = new SplittableRandom(options.seed());
        List<PromptSearch.Found> all = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        start.atoms().forEach(atom -> seen.add(atom.text()));
        Map<Integer, SketchFit.Atom> prompts = new HashMap<>();
        SketchFit standing = start;
        int left = options.runs();
        for (int round = 0; left > RUNS_OF_A_SLOPE; round++) {
            if ((System.nanoTime() - begin) / 1e9 > options.seconds()) {
                break;
            }
            int size = STAGES[round % STAGES.length];
            SketchFit.Lack lack = standing.lack(size);
            SketchFit.Atom prompt = prompts.containsKey(size)
                    ? prompts.get(size)
                    : standing.alike(lack, 1).getFirst();
            int count = Math.min(options.perRound(), left) - RUNS_OF_A_SLOPE;
            List<Exchange> exchanges =
                    exchanges(prompt, lack, count, random, text -> !forbidden.test(text) && seen.add(text));
            List<PromptSearch.Found> found = ran(exchanges, lack);
            left -= RUNS_OF_A_SLOPE + found.size();
            all.addAll(found);
            standing =
                    standing.with(found.stream().map(PromptSearch.Found::atom).toList());
            prompts.put(size, better(prompt, found, lack));
            if (!found.isEmpty()) {
                listener.round(found, standing, options.runs() - left);
            }
        }
        return all;
    }

    private static SketchFit.Atom better(SketchFit.Atom prompt, List<PromptSearch.Found> found, SketchFit.Lack lack) {
        return found.stream()
                .max(Comparator.comparingDouble(PromptSearch.Found::gain))
                .filter(best -> best.gain() > lack.gain(prompt.sketch()))
                .map(PromptSearch.Found::atom)
                .orElse(prompt);
    }

    private List<Exchange> exchanges(
            SketchFit.Atom prompt, SketchFit.Lack lack, int count, SplittableRandom random, Predicate<String> wanted) {
        int[] tokens = chat.tokenizer().encode(prompt.text());
        List<Exchange> exchanges = new ArrayList<>();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor embeddings =
                    chat.model().embed(TokenBatch.of(tokens), Overlay.NONE).squeeze(0);
            float[][] slope = sketcher.slope(embeddings, sketch -> lack.gains(certain(sketch)));
            Tensor table =
                    chat.model().embed(TokenBatch.of(vocabulary), Overlay.NONE).squeeze(0);
            double gain = lack.gain(prompt.sketch());
            List<Ranked> ranked = new ArrayList<>();
            for (int place = 0; place < tokens.length; place++) {
                ranked.add(ranked(table, slope[place], embeddings.narrow(0, place, 1)));
            }
            for (int draw = 0; draw < DRAWS * count && exchanges.size() < count; draw++) {
                int place = random.nextInt(tokens.length);
                Ranked at = ranked.get(place);
                int rank = random.nextInt(at.tokens().length);
                int[] changed = tokens.clone();
                changed[place] = vocabulary[Math.toIntExact(at.tokens()[rank])];
                String text = chat.tokenizer().decode(changed);
                if (survives(text, changed) && wanted.test(text)) {
                    exchanges.add(new Exchange(text, gain + at.promises()[rank]));
                }
            }
        }
        return exchanges;
    }

    private static Predictor.Guess certain(Tensor sketch) {
        return new Predictor.Guess(sketch, Torch.floats(new float[1], 1));
    }

    /// The most promising tokens at one place.
    ///
    /// @param tokens indices into the vocabulary searched
    /// @param promises how much the gain rises, to first order
    private record Ranked(long[] tokens, float[] promises) {}

    private Ranked ranked(Tensor table, float[] slope, Tensor present) {
        try (TensorScope _ = new TensorScope()) {
            Tensor direction = Torch.floats(slope, slope.length, 1);
            Tensor rise = table.matmul(direction)
                    .squeeze(1)
                    .sub(new Scalar(present.matmul(direction).item_double()));
            var top = rise.topk(Math.min(TOP, vocabulary.length));
            return new Ranked(Torch.toLongs(top.get1()), Torch.toFloats(top.get0()));
        }
    }

    /// Whether a text can be given to the model as it is, and is read as these tokens.
    private boolean survives(String text, int[] tokens) {
        return !text.isBlank() && java.util.Arrays.equals(chat.tokenizer().encode(text), tokens);
    }

    private List<PromptSearch.Found> ran(List<Exchange> exchanges, SketchFit.Lack lack) {
        List<HardPrompt> prompts = exchanges.stream()
                .map(exchange -> HardPrompt.of(exchange.text(), chat.tokenizer()))
                .toList();
        float[][] sketches = sketcher.sketches(prompts, _ -> listener.ran());
        List<PromptSearch.Found> found = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            SketchFit.Atom atom = new SketchFit.Atom(exchanges.get(i).text(), "search:" + NAME, sketches[i]);
            found.add(new PromptSearch.Found(atom, exchanges.get(i).predicted(), lack.gain(sketches[i])));
        }
        return found;
    }
}
