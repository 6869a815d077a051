package assay.measure.judge;

import assay.base.sparse.Correlation;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Lacking.Example;
import assay.measure.judge.Lacking.Left;
import assay.measure.judge.Lacking.Part;
import assay.measure.judge.Lacking.Side;
import assay.measure.judge.Lacking.Wanted;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import assay.measure.probe.TokenKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Splits what stand-ins leave of a target on the test split: see [Lacking].
///
/// @param foreign the probe whose contexts come first
/// @param own the probe of the target's own answers; without turns where there are none
public record Remainder(Judge judge, Probe foreign, Probe own) {
    private static final int EXAMPLES = 6;
    private static final int TOKENS = 4;
    private static final List<TokenKind> KINDS = List.of(TokenKind.values());

    /// Tokens by how common they are under the base: those that make up half of all it writes, those
    /// that make up nine tenths with them, the rest.
    private static final List<String> FREQUENCIES = List.of("commonest half", "up to nine tenths", "rare");

    /// Last positions of the groups of positions, counted from 1.
    private static final int[] ENDS = {1, 4, 8, 16, 32, 64, 128, Integer.MAX_VALUE};

    private static final List<String> POSITIONS =
            List.of("1", "2–4", "5–8", "9–16", "17–32", "33–64", "65–128", "129–");

    /// Something that stands in for the target.
    ///
    /// @param states on all of the test split `[place hidden]`
    public record StandIn(String name, Tensor states) {}

    /// Splits what each of them leaves, and what the base leaves.
    ///
    /// @param standIns the one that examples are of first
    public Lacking of(List<StandIn> standIns) {
        Decomposer decomposer = judge.decomposer();
        SplitStates test = decomposer.test();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            List<StandIn> all = new ArrayList<>(standIns);
            all.add(new StandIn("base", test.base()));
            int[] groupOf = groups(decomposer);
            List<double[][]> parts = List.of(Divergence.byGroup(
                    test.target(),
                    all.stream().map(StandIn::states).toList(),
                    decomposer.unembedding(),
                    groupOf,
                    KINDS.size() * FREQUENCIES.size()));
            int border = test.foreignPlaces();
            List<Side> sides = new ArrayList<>(List.of(side(all, parts, test.foreign(), 0, "foreign")));
            if (!test.own().isEmpty()) {
                sides.add(side(all, parts, test.own(), border, "own"));
            }
            return new Lacking(sides, examples(all.getFirst(), parts.getFirst(), parts.getLast()));
        }
    }

    /// Kind and frequency of every token in one number.
    private static int[] groups(Decomposer decomposer) {
        SplitStates test = decomposer.test();
        Tensor states = test.base().narrow(0, 0, test.foreignPlaces());
        double[] expected = Divergence.expected(states, decomposer.unembedding());
        TokenKind[] kinds = TokenKind.of(decomposer.runner().chat().tokenizer(), expected.length);
        double whole = Arrays.stream(expected).sum();
        int[] groups = new int[expected.length];
        double before = 0;
        for (int token : IntStream.range(0, expected.length)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -expected[token]))
                .mapToInt(Integer::intValue)
                .toArray()) {
            int frequency = before < 0.5 * whole ? 0 : before < 0.9 * whole ? 1 : 2;
            groups[token] = KINDS.indexOf(kinds[token]) * FREQUENCIES.size() + frequency;
            before += expected[token];
        }
        return groups;
    }

    /// @param from the first place of these contexts
    private Side side(List<StandIn> all, List<double[][]> parts, List<Context> contexts, int from, String name) {
        Places places = new Places(contexts, from);
        List<Left> left = new ArrayList<>();
        double[] first = places.totals(parts.getFirst());
        for (int i = 0; i < all.size(); i++) {
            double[] totals = places.totals(parts.get(i));
            double alike = Correlation.of(first, totals);
            Interval whole = nats(places, place -> totals[place.index() - from]);
            left.add(new Left(all.get(i).name(), whole, alike, split(places, parts.get(i))));
        }
        return new Side(name, left);
    }

    private List<Part> split(Places places, double[][] parts) {
        List<Part> split = new ArrayList<>();
        for (TokenKind kind : KINDS) {
            IntPredicate isOfKind = group -> KINDS.get(group / FREQUENCIES.size()) == kind;
            Interval left = nats(places, place -> sum(parts[place.index()], isOfKind));
            split.add(new Part("kind", kind.words(), left));
        }
        for (int i = 0; i < FREQUENCIES.size(); i++) {
            int frequency = i;
            split.add(new Part(
                    "frequency",
                    FREQUENCIES.get(i),
                    nats(
                            places,
                            place -> sum(parts[place.index()], group -> group % FREQUENCIES.size() == frequency))));
        }
        for (int i = 0; i < ENDS.length && places.longest() > (i == 0 ? 0 : ENDS[i - 1]); i++) {
            int least = i == 0 ? 1 : ENDS[i - 1] + 1;
            int most = ENDS[i];
            split.add(new Part(
                    "position",
                    POSITIONS.get(i),
                    nats(
                            places,
                            place -> place.position() >= least && place.position() <= most
                                    ? Arrays.stream(parts[place.index()]).sum()
                                    : 0)));
        }
        return split;
    }

    private static double sum(double[] parts, IntPredicate wanted) {
        return IntStream.range(0, parts.length)
                .filter(wanted)
                .mapToDouble(group -> parts[group])
                .sum();
    }

    /// Nats per token of all places, with an interval over user turns.
    private Interval nats(Places places, ToDoubleFunction<Place> figure) {
        double[] perContext = new double[places.contexts().size()];
        double[] counts = new double[perContext.length];
        places.forEach(place -> {
            perContext[place.context()] += figure.applyAsDouble(place);
            counts[place.context()]++;
        });
        double[] byTurn = Judge.byTurn(perContext, places.contexts());
        double[] tokens = Judge.byTurn(counts, places.contexts());
        return judge.bootstrap().of(byTurn.length, turns -> {
            double left = 0;
            double count = 0;
            for (int turn : turns) {
                left += byTurn[turn];
                count += tokens[turn];
            }
            return left / count;
        });
    }

    /// @param index among all places of the split
    /// @param context number of its context on its side
    /// @param position in the answer, from 1
    private record Place(int index, int context, int position) {}

    /// The places of some contexts.
    private record Places(List<Context> contexts, int from) {
        void forEach(Consumer<Place> each) {
            int index = from;
            for (int context = 0; context < contexts.size(); context++) {
                for (int position = 1; position <= contexts.get(context).places(); position++) {
                    each.accept(new Place(index++, context, position));
                }
            }
        }

        int longest() {
            return contexts.stream().mapToInt(Context::places).max().orElse(0);
        }

        double[] totals(double[][] parts) {
            int count = contexts.stream().mapToInt(Context::places).sum();
            return IntStream.range(from, from + count)
                    .mapToDouble(place -> Arrays.stream(parts[place]).sum())
                    .toArray();
        }
    }

    private List<Example> examples(StandIn model, double[][] left, double[][] base) {
        SplitStates test = judge.decomposer().test();
        List<Example> examples = new ArrayList<>(examples(new Places(test.foreign(), 0), foreign, model, left, base));
        if (!test.own().isEmpty()) {
            examples.addAll(examples(new Places(test.own(), test.foreignPlaces()), own, model, left, base));
        }
        return examples.stream()
                .sorted(Comparator.comparingDouble(example -> -example.left()))
                .limit(EXAMPLES)
                .toList();
    }

    /// The worst places of different answers.
    private List<Example> examples(Places places, Probe probe, StandIn model, double[][] left, double[][] base) {
        Place[] worst = new Place[places.contexts().size()];
        IntToDoubleFunction total = index -> Arrays.stream(left[index]).sum();
        places.forEach(place -> {
            Place known = worst[place.context()];
            if (known == null || total.applyAsDouble(place.index()) > total.applyAsDouble(known.index())) {
                worst[place.context()] = place;
            }
        });
        return Arrays.stream(worst)
                .sorted(Comparator.comparingDouble(place -> -total.applyAsDouble(place.index())))
                .limit(EXAMPLES)
                .map(place -> example(places, place, probe, model, total.applyAsDouble(place.index()), base))
                .toList();
    }

    private Example example(Places places, Place place, Probe probe, StandIn model, double left, double[][] base) {
        ChatModel chat = judge.decomposer().runner().chat();
        Context context = places.contexts().get(place.context());
        int answered = context.tail().length - context.places() + 1;
        String before =
                chat.tokenizer().decode(Arrays.copyOfRange(context.tail(), answered, answered + place.position() - 1));
        Tensor target = probabilities(judge.decomposer().test().target(), place);
        return new Example(
                probe.turns().get(context.turn()).user(),
                probe.name(),
                before,
                Arrays.stream(base[place.index()]).sum(),
                left,
                wanted(chat, target, probabilities(model.states(), place)));
    }

    private Tensor probabilities(Tensor states, Place place) {
        Tensor logits = judge.decomposer().unembedding().logits(states.narrow(0, place.index(), 1));
        return torch.softmax(logits, -1).squeeze(0).clamp_min(new Scalar(1e-12));
    }

    private static List<Wanted> wanted(ChatModel chat, Tensor target, Tensor model) {
        long[] tokens =
                Torch.toLongs(target.mul(target.div(model).log()).topk(TOKENS).get1());
        float[] wanted = Torch.toFloats(target);
        float[] given = Torch.toFloats(model);
        return Arrays.stream(tokens)
                .mapToInt(Math::toIntExact)
                .mapToObj(token -> new Wanted(
                        chat.stopTokens().contains(token)
                                ? "⏹"
                                : chat.tokenizer().continued(new int[] {token}),
                        wanted[token],
                        given[token]))
                .toList();
    }
}
