package assay.measure.form;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.base.tensor.Unembedding;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Reads off the probabilities how a behaviour writes: for every kind of form, how often it is expected at the places
/// of some contexts. Exact, as no answer is drawn.
public final class FormReader {
    private static final int PLACES_PER_CHUNK = 128;
    private static final int KINDS = FormKind.values().length;
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?。！？।][\"'”’)\\]]*\\s*$|\\R\\s*$");
    private static final Pattern LINE_END = Pattern.compile("\\R[ \\t]*$");
    private static final Pattern WORD = Pattern.compile("\\p{L}{3}");

    private final List<String> texts;
    private final float[] marks;
    private final int rows;

    private FormReader(List<String> texts, Set<Integer> stops, int rows) {
        this.texts = texts;
        this.rows = rows;
        this.marks = new float[rows * KINDS];
        SideBySide.parts(texts.size(), id -> {
            for (FormKind kind : FormKind.values()) {
                boolean isEnd = kind == FormKind.END && stops.contains(id);
                marks[id * KINDS + kind.number()] = isEnd || kind.has(texts.get(id)) ? 1 : 0;
            }
        });
    }

    /// A reader of a model's answers.
    public static FormReader of(ChatModel chat) {
        return new FormReader(
                TokenTexts.of(chat.tokenizer()), chat.stopTokens(), chat.model().vocabulary());
    }

    /// What is expected on contexts.
    ///
    /// @param hidden states of a behaviour at all places of the contexts, in order `[place hidden]`
    /// @param unembedding W `[vocab hidden]`
    public FormReading read(Tensor hidden, Unembedding unembedding, List<Context> contexts) {
        double[][] perPlace = expected(hidden, unembedding, contexts);
        double[][] expected = new double[contexts.size()][KINDS];
        double[][] places = new double[contexts.size()][KINDS];
        int at = 0;
        for (int i = 0; i < contexts.size(); i++) {
            Context context = contexts.get(i);
            for (int place = 0; place < context.places(); place++, at++) {
                for (FormKind kind : FormKind.values()) {
                    if (isMet(kind.place(), context, place)) {
                        expected[i][kind.number()] += perPlace[at][kind.number()];
                        places[i][kind.number()]++;
                    }
                }
            }
        }
        return new FormReading(
                expected, places, contexts.stream().mapToInt(Context::places).toArray());
    }

    /// Probability of each kind's tokens at every place, wherever it is. `[place kind]`
    private double[][] expected(Tensor hidden, Unembedding unembedding, List<Context> contexts) {
        List<int[]> said = contexts.stream()
                .flatMap(context -> IntStream.range(0, context.places()).mapToObj(place -> said(context, place)))
                .toList();
        double[][] all = new double[said.size()][];
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor kinds = Torch.floats(marks, rows, KINDS);
            List<Runnable> chunks = new ArrayList<>();
            for (int at = 0; at < all.length; at += PLACES_PER_CHUNK) {
                int start = at;
                chunks.add(() -> chunk(hidden, unembedding, kinds, said, all, start));
            }
            SideBySide.run(chunks);
        }
        return all;
    }

    private void chunk(
            Tensor hidden, Unembedding unembedding, Tensor kinds, List<int[]> said, double[][] all, int start) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            int count = Math.min(PLACES_PER_CHUNK, all.length - start);
            Tensor states = hidden.narrow(0, start, count).to(torch.ScalarType.Float);
            Tensor shares = torch.softmax(unembedding.logits(states), -1);
            float[][] sums = Torch.toRows(shares.matmul(kinds));
            for (int i = 0; i < sums.length; i++) {
                double[] row = new double[KINDS];
                for (int kind = 0; kind < KINDS; kind++) {
                    row[kind] = sums[i][kind];
                }
                row[FormKind.REPEATED.number()] = repeated(shares.select(0, i), said.get(start + i));
                all[start + i] = row;
            }
        }
    }

    private double repeated(Tensor shares, int[] said) {
        long[] words = Arrays.stream(said)
                .distinct()
                .filter(token -> WORD.matcher(text(token)).find())
                .asLongStream()
                .toArray();
        if (words.length == 0) {
            return 0;
        }
        return shares.index_select(0, Torch.longs(words, words.length)).sum().item_float();
    }

    /// Tokens of the answer in front of a place.
    private static int[] said(Context context, int place) {
        int begin = context.tail().length - context.places() + 1;
        return Arrays.copyOfRange(context.tail(), begin, begin + place);
    }

    private boolean isMet(Place where, Context context, int place) {
        String before = place == 0 ? "" : text(context.tail()[context.tail().length - context.places() + place]);
        return switch (where) {
            case ANYWHERE -> true;
            case SENTENCE_START -> place == 0 || SENTENCE_END.matcher(before).find();
            case INSIDE -> place > 0 && !SENTENCE_END.matcher(before).find();
            case LINE_START -> place == 0 || LINE_END.matcher(before).find();
        };
    }

    private String text(int token) {
        return token < texts.size() ? texts.get(token) : "";
    }
}
