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
import assay.measure.behaviour.HardPrompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Exchanges single words of promising prompts where the gradient of the predicted gain points (HotFlip, Ebrahimi
/// et al. 2018, arXiv 1712.06751, through the predictor instead of the contexts), among words the model itself
/// finds likely there. The best results are changed again.
///
/// @param scout predicts what a text would add
public record Swaps(ChatModel chat, GainPredictor scout) implements Strategy {
    private static final int BEAM = 8;
    private static final int HOPS = 4;
    /// Words tried in each prompt at each hop.
    private static final int TRIED = 24;
    /// Only the likeliest tokens at a place may stand there.
    private static final int LIKELY = 400;

    private static final double UNLIKELY = 1e9;

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        int[] words = words();
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
                List<String> fresh = beam.stream()
                        .flatMap(text -> swapped(text, words, table, lack).stream())
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

    /// Tokens that are whole words behind a blank.
    private int[] words() {
        return IntStream.range(0, chat.model().vocabulary())
                .filter(id -> !chat.tokenizer().specialTokens().contains(id))
                .filter(this::isWord)
                .toArray();
    }

    private boolean isWord(int token) {
        return chat.tokenizer().continued(new int[] {token}).matches(" \\p{L}{2,}");
    }

    /// Whether a token is a word by itself and not the beginning of a longer one.
    private boolean isWord(int[] tokens, int at) {
        return isWord(tokens[at])
                && (at + 1 == tokens.length
                        || !chat.tokenizer()
                                .continued(new int[] {tokens[at + 1]})
                                .matches("[\\p{L}\\p{M}].*"));
    }

    private List<String> swapped(String text, int[] words, Tensor table, SketchFit.Lack lack) {
        int[] tokens = chat.tokenizer().encode(text);
        List<Integer> places = IntStream.range(1, tokens.length)
                .filter(at -> isWord(tokens, at))
                .boxed()
                .toList();
        if (places.isEmpty()) {
            return List.of();
        }
        try (TensorScope _ = new TensorScope()) {
            long[] at = places.stream().mapToLong(Integer::longValue).toArray();
            Tensor slope = slope(tokens, lack).index_select(0, Torch.longs(at, at.length));
            Tensor promise = slope.matmul(table.t()).add(unlikely(text, tokens, at, words));
            long[] best = Torch.toLongs(
                    promise.reshape(-1).topk(Math.min(TRIED, promise.numel())).get1());
            List<String> texts = new ArrayList<>();
            for (long index : best) {
                int[] changed = tokens.clone();
                changed[places.get(Math.toIntExact(index / words.length))] =
                        words[Math.toIntExact(index % words.length)];
                texts.add(chat.tokenizer().decode(changed));
            }
            return texts;
        }
    }

    /// How the predicted gain changes with each token's embedding `[token hidden]`.
    private Tensor slope(int[] tokens, SketchFit.Lack lack) {
        try (TensorScope outer = new TensorScope()) {
            KeyValueCache opening = scout.reader().opening();
            try (TensorScope inner = TensorScope.withGradients()) {
                Tensor embeddings = chat.model()
                        .embed(TokenBatch.of(tokens), Overlay.NONE)
                        .detach()
                        .set_requires_grad(true);
                Tensor reading = scout.reader().readEmbeddings(embeddings, opening);
                lack.gains(scout.predictor().guess(reading)).log().sum().backward();
                return outer.keep(inner.keep(embeddings.grad().squeeze(0).clone()));
            }
        }
    }

    /// Zero for words the model finds likely at a place, else far below `[place word]`.
    private Tensor unlikely(String text, int[] tokens, long[] places, int[] words) {
        HardPrompt prompt = new HardPrompt(text, tokens);
        int[] sequence = chat.slot().prefix(prompt.tokens());
        int first = sequence.length - tokens.length;
        int[] columns = java.util.Arrays.stream(places)
                .mapToInt(place -> first + Math.toIntExact(place) - 1)
                .toArray();
        Tensor hidden = chat.model()
                .hidden(TokenBatch.of(sequence), null, Overlay.NONE, new Positions(new int[columns.length], columns));
        Tensor logits = chat.model().logits(hidden, Overlay.NONE);
        long likely = Math.min(LIKELY, logits.size(1));
        Tensor threshold = logits.topk(likely, -1, true, true).get0().narrow(1, likely - 1, 1);
        long[] ids = java.util.Arrays.stream(words).asLongStream().toArray();
        return logits.index_select(1, Torch.longs(ids, ids.length))
                .lt(threshold)
                .to(torch.ScalarType.Float)
                .mul(new Scalar(-UNLIKELY));
    }
}
