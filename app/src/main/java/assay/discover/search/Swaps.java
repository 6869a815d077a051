package assay.discover.search;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.engine.model.KeyValueCache;
import assay.engine.model.Overlay;
import assay.engine.model.Positions;
import assay.engine.model.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Exchanges single words of promising prompts where the gradient of the predicted gain points (HotFlip, Ebrahimi
/// et al. 2018, arXiv 1712.06751, through the predictor instead of the contexts), among words the model itself
/// finds likely there. The best results are changed again.
///
/// @param scout predicts what a text would add
/// @param vocabulary which tokens are words
record Swaps(ChatModel chat, GainPredictor scout, Vocabulary vocabulary) implements Strategy {
    private static final int BEAM = 8;
    private static final int HOPS = 4;
    /// Words tried in each prompt at each hop.
    private static final int TRIED = 24;
    /// Only the likeliest tokens at a place may stand there.
    private static final int LIKELY = 400;

    private static final double UNLIKELY = 1e9;

    private static final Pattern WORD = Pattern.compile(" \\p{L}{2,}");
    private static final Pattern GOES_ON = Pattern.compile("[\\p{L}\\p{M}].*");

    /// @param words tokens that are whole words behind a blank
    /// @param goingOn tokens that go on with the word in front of them
    record Vocabulary(BitSet words, BitSet goingOn) {
        static Vocabulary of(ChatModel chat) {
            Vocabulary vocabulary = new Vocabulary(new BitSet(), new BitSet());
            for (int id = 0; id < chat.model().vocabulary(); id++) {
                String text = chat.tokenizer().continued(new int[] {id});
                vocabulary.words.set(id, WORD.matcher(text).matches());
                vocabulary.goingOn.set(id, GOES_ON.matcher(text).matches());
            }
            chat.tokenizer().specialTokens().forEach(vocabulary.words::clear);
            return vocabulary;
        }

        /// Where words stand by themselves and are not the beginning of longer ones.
        IntStream places(int[] tokens) {
            return IntStream.range(1, tokens.length)
                    .filter(at -> words.get(tokens[at]) && (at + 1 == tokens.length || !goingOn.get(tokens[at + 1])));
        }
    }

    Swaps(ChatModel chat, GainPredictor scout) {
        this(chat, scout, Vocabulary.of(chat));
    }

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        int[] words = vocabulary.words().stream().toArray();
        if (words.length == 0) {
            return List.of();
        }
        Map<String, Double> seen = new LinkedHashMap<>();
        List<String> start = new ArrayList<>();
        standing.alike(lack, BEAM).forEach(atom -> start.add(atom.text()));
        lack.atoms().stream().limit(BEAM / 2).forEach(atom -> start.add(atom.text()));
        List<String> beam = start.stream().distinct().toList();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor table =
                    chat.model().embed(TokenBatch.of(words), Overlay.NONE).squeeze(0);
            for (int hop = 0; hop < HOPS && seen.size() < count; hop++) {
                List<String> fresh = swapped(beam, words, table, lack).stream()
                        .distinct()
                        .filter(text -> !seen.containsKey(text))
                        .toList();
                if (fresh.isEmpty()) {
                    break;
                }
                double[] gains = scout.gains(fresh, lack);
                for (int i = 0; i < gains.length; i++) {
                    seen.put(fresh.get(i), gains[i]);
                }
                beam = seen.entrySet().stream()
                        .sorted(Comparator.comparingDouble(entry -> -entry.getValue()))
                        .limit(BEAM)
                        .map(Map.Entry::getKey)
                        .toList();
            }
        }
        return List.copyOf(seen.keySet());
    }

    /// Every text with one word exchanged, most promising first; all texts are read in one pass.
    private List<String> swapped(List<String> texts, int[] words, Tensor table, SketchFit.Lack lack) {
        List<int[]> prompts = texts.stream()
                .map(chat.tokenizer()::encode)
                .filter(tokens -> vocabulary.places(tokens).findAny().isPresent())
                .toList();
        if (prompts.isEmpty()) {
            return List.of();
        }
        List<int[]> places = prompts.stream()
                .map(tokens -> vocabulary.places(tokens).toArray())
                .toList();
        List<String> swapped = new ArrayList<>();
        try (TensorScope _ = new TensorScope()) {
            KeyValueCache opening = chat.opening();
            Tensor promise = slopes(prompts, places, opening, lack)
                    .matmul(table.t())
                    .add(unlikely(prompts, places, opening, words));
            long from = 0;
            for (int row = 0; row < prompts.size(); row++) {
                Tensor own = promise.narrow(0, from, places.get(row).length).reshape(-1);
                for (long index :
                        Torch.toLongs(own.topk(Math.min(TRIED, own.numel())).get1())) {
                    int[] changed = prompts.get(row).clone();
                    changed[places.get(row)[Math.toIntExact(index / words.length)]] =
                            words[Math.toIntExact(index % words.length)];
                    swapped.add(chat.tokenizer().decode(changed));
                }
                from += places.get(row).length;
            }
        }
        return swapped;
    }

    /// How the predicted gain of each prompt changes with the embeddings at its places `[place hidden]`.
    private Tensor slopes(
            List<int[]> prompts, List<int[]> places, @Nullable KeyValueCache opening, SketchFit.Lack lack) {
        try (TensorScope outer = new TensorScope()) {
            try (TensorScope _ = TensorScope.withGradients()) {
                Tensor embeddings = scout.reader().embedded(prompts).detach().set_requires_grad(true);
                Tensor readings = scout.reader().readEmbedded(embeddings, prompts, opening);
                lack.gains(scout.predictor().guess(readings)).log().sum().backward();
                long width = embeddings.size(1);
                long[] cells = IntStream.range(0, prompts.size())
                        .boxed()
                        .flatMapToLong(row -> Arrays.stream(places.get(row)).mapToLong(place -> row * width + place))
                        .toArray();
                Tensor slopes = embeddings.grad().reshape(-1, embeddings.size(2));
                return outer.keep(slopes.index_select(0, Torch.longs(cells, cells.length)));
            }
        }
    }

    /// Zero for words the model finds likely at a place, else far below `[place word]`.
    private Tensor unlikely(List<int[]> prompts, List<int[]> places, @Nullable KeyValueCache opening, int[] words) {
        int[] rows = IntStream.range(0, prompts.size())
                .flatMap(row -> Arrays.stream(places.get(row)).map(_ -> row))
                .toArray();
        int[] columns = places.stream()
                .flatMapToInt(Arrays::stream)
                .map(place -> place - 1)
                .toArray();
        Tensor hidden =
                chat.model().hidden(new TokenBatch(prompts), opening, Overlay.NONE, new Positions(rows, columns));
        Tensor logits = chat.model().logits(hidden, Overlay.NONE);
        long likely = Math.min(LIKELY, logits.size(1));
        Tensor threshold = logits.topk(likely, -1, true, true).get0().narrow(1, likely - 1, 1);
        long[] ids = Arrays.stream(words).asLongStream().toArray();
        return logits.index_select(1, Torch.longs(ids, ids.length))
                .lt(threshold)
                .to(torch.ScalarType.Float)
                .mul(new Scalar(-UNLIKELY));
    }
}
