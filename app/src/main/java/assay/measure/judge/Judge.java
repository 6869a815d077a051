package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.FisherPursuit;
import assay.base.sparse.Interval;
import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.KlPursuit;
import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Explanation.Curve;
import assay.measure.judge.Explanation.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Measures one target's explanations: lists of prompts, what they have to be better than, and what they could
/// hope for at most. All are fitted on the same fit split and measured on the same foreign test contexts.
///
/// What an explanation *leaves* is KL(target ‖ explanation), nats, summed over each of these contexts; what
/// it *closes* is the share of the base's that is gone, with an interval over user turns.
public final class Judge {
    /// Prompts of random tokens that the best list of noise is chosen from.
    public static final int NOISE = 12;

    /// Ridge of fits with many weights, as a share of the mean curvature.
    static final double DENSE_RIDGE = 1e-3;

    /// Candidates fitted for real at every greedy step.
    private static final int TRIED = 2;

    private final Decomposer decomposer;
    private final SplitStates test;
    private final long seed;
    private final Bootstrap bootstrap;
    private final SplitStates.TurnSums untouched;
    private final double[] base;

    /// A judge of one target.
    ///
    /// @param decomposer still open, with the target's states
    /// @param seed of draws and bootstrap
    public Judge(Decomposer decomposer, long seed) {
        this.decomposer = decomposer;
        this.test = decomposer.test();
        this.seed = seed;
        this.bootstrap = Bootstrap.defaults(seed);
        this.untouched =
                test.divergences(List.of(test.base()), decomposer.unembedding()).getFirst();
        this.base = byTurn(untouched.foreign());
    }

    /// What the base leaves on the test split.
    SplitStates.TurnSums untouched() {
        return untouched;
    }

    Bootstrap bootstrap() {
        return bootstrap;
    }

    /// The target's states, which it judges by.
    public Decomposer decomposer() {
        return decomposer;
    }

    /// A list of prompts with fitted weights and what it leaves.
    ///
    /// @param atoms the prompts
    /// @param weights theirs
    /// @param left KL per foreign test context
    public record Fitted(List<HardPrompt> atoms, double[] weights, double[] left) {}

    /// KL(target ‖ base) on the test split, nats per token; 0 on own contexts if there are none.
    public Explanation.Divergence divergence() {
        long own = test.base().size(0) - test.foreignPlaces();
        return new Explanation.Divergence(sum(base) / test.foreignPlaces(), own == 0 ? 0 : sum(untouched.own()) / own);
    }

    /// User turns that intervals are over.
    public int turns() {
        return base.length;
    }

    /// What is left, nats per token.
    public double perToken(double[] left) {
        return sum(byTurn(left)) / test.foreignPlaces();
    }

    /// Share closed.
    public Interval closed(double[] left) {
        return bootstrap.closed(byTurn(left), base);
    }

    /// Share closed on own contexts.
    public Interval own(Decomposition.Step step) {
        return test.own().isEmpty()
                ? Interval.NONE
                : bootstrap.closed(byTurn(step.test().own(), test.own()), byTurn(untouched.own(), test.own()));
    }

    /// Mean share closed over draws.
    public Interval mean(List<double[]> draws) {
        return bootstrap.mean(byTurn(draws), base);
    }

    /// Share closed beyond the mean of draws.
    public Interval excess(double[] left, List<double[]> draws) {
        return bootstrap.excess(byTurn(left), byTurn(draws), base);
    }

    /// Closed against the number of prompts, beside as many random ones.
    ///
    /// @param pool random prompts
    /// @param draws random mixtures of every size
    public Curve curve(Decomposition decomposition, List<HardPrompt> pool, int draws) {
        int most = decomposition.steps().size();
        RandomMixtures random = RandomMixtures.fit(decomposer, pool, draws, most, seed);
        List<Step> steps = new ArrayList<>();
        for (int k = 1; k <= most; k++) {
            Decomposition.Step step = decomposition.at(k);
            steps.add(new Step(
                    k,
                    step.added().text(),
                    closed(step.test().foreign()),
                    own(step),
                    mean(random.at(k)),
                    excess(step.test().foreign(), random.at(k)),
                    1 - step.search() / decomposition.searchBase(),
                    step.absoluteWeights()));
        }
        return new Curve(steps, decomposition.chosen());
    }

    /// What every list is set against; a new control is one more line.
    ///
    /// @param prompts all that were run
    public List<Control> controls(Decomposition decomposition, List<HardPrompt> prompts) {
        int most = Math.min(decomposition.steps().size(), prompts.size());
        double[] single = decomposition.at(1).test().foreign();
        KlProblem problem = decomposer.problem(prompts);
        return List.of(
                new Control(ControlKind.SINGLE, 1, closed(single)),
                new Control(ControlKind.CONSTANT, most, closed(constant(most))),
                new Control(ControlKind.DENSE, prompts.size(), closed(dense(problem, prompts))),
                new Control(ControlKind.DIRECTIONS, most, closed(directions(problem, prompts, most))));
    }

    /// This prompt as it is, with weight one.
    public double[] unscaled(HardPrompt prompt) {
        return decomposer.left(List.of(prompt), new double[] {1});
    }

    /// These prompts with weights fitted to this target.
    public Fitted refitted(List<HardPrompt> atoms) {
        return fitted(decomposer.problem(atoms), atoms, decomposer.ridge());
    }

    /// All these prompts together with a stronger ridge.
    public double[] dense(List<HardPrompt> prompts) {
        return dense(decomposer.problem(prompts), prompts);
    }

    private double[] dense(KlProblem problem, List<HardPrompt> prompts) {
        return fitted(problem, prompts, DENSE_RIDGE).left();
    }

    /// The `count` directions that hold most of these prompts' energy in the KL's own metric.
    double[] directions(List<HardPrompt> prompts, int count) {
        return directions(decomposer.problem(prompts), prompts, count);
    }

    private double[] directions(KlProblem problem, List<HardPrompt> prompts, int count) {
        Spectrum spectrum = Spectrum.ofGram(curvature(problem, prompts.size()));
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return left(
                    combined(decomposer.fitDeltas(prompts), spectrum, count),
                    combined(decomposer.foreignTestDeltas(prompts), spectrum, count));
        }
    }

    /// A constant hidden-state offset, the same in every context, free in the `directions` in which the
    /// target differs most from the base.
    double[] constant(int directions) {
        SplitStates fit = decomposer.fit();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor delta = fit.target().sub(fit.base());
            Tensor mean = delta.mean(new long[] {0}, true, new ScalarTypeOptional());
            TensorVector rows = new TensorVector(mean);
            if (directions > 1) {
                T_TensorTensorTensor_T svd = torch.linalg_svd(delta.sub(mean), false, new StringViewOptional());
                rows.push_back(svd.get2()
                        .narrow(0, 0, Math.min(directions - 1, svd.get2().size(0))));
            }
            Tensor offsets = torch.cat(rows, 0);
            long places = fit.base().size(0);
            long testPlaces = test.foreignPlaces();
            List<Tensor> onFit = new ArrayList<>();
            List<Tensor> onTest = new ArrayList<>();
            for (long i = 0; i < offsets.size(0); i++) {
                Tensor offset = offsets.narrow(0, i, 1);
                onFit.add(offset.expand(places, -1));
                onTest.add(offset.expand(testPlaces, -1));
            }
            return left(onFit, onTest);
        }
    }

    /// Random lists of every size.
    ///
    /// @param sizes ascending
    /// @return per size, per draw
    public List<List<double[]>> random(List<HardPrompt> pool, List<Integer> sizes, int draws) {
        int[] within = sizes.stream()
                .mapToInt(k -> Math.min(k, pool.size()))
                .distinct()
                .toArray();
        RandomMixtures mixtures = RandomMixtures.fit(decomposer, pool, draws, within, seed);
        return sizes.stream().map(mixtures::at).toList();
    }

    /// The best `k` of a pool, chosen one by one.
    public Fitted greedy(List<HardPrompt> pool, int k) {
        return fitted(pursued(decomposer.problem(pool), k), pool);
    }

    /// The best `k` of a pool, not measured.
    public List<Mixture.Weighted> chosen(List<HardPrompt> pool, int k) {
        return weighted(pursued(decomposer.problem(pool), k), pool);
    }

    /// The best `k` of a pool by each half of the fit split's turns alone, not measured.
    public List<List<Mixture.Weighted>> halves(List<HardPrompt> pool, int k) {
        KlProblem problem = decomposer.problem(pool);
        List<Context> contexts = decomposer.fit().foreign();
        int border = contexts.subList(0, contexts.size() / 2).stream()
                .mapToInt(Context::places)
                .sum();
        int end = decomposer.fit().foreignPlaces();
        return List.of(
                weighted(pursued(problem.places(0, border), k), pool),
                weighted(pursued(problem.places(border, end), k), pool));
    }

    /// Long lists of a pool, one per size: a shorter list and what lowers the quadratic model around it most,
    /// fitted to the KL.
    ///
    /// @param begun the shorter list; its prompts are in the pool
    public List<Fitted> longLists(Decomposition.Step begun, List<HardPrompt> pool, List<Integer> sizes) {
        if (sizes.isEmpty()) {
            return List.of();
        }
        KlProblem problem = decomposer.problem(pool);
        List<String> texts = pool.stream().map(HardPrompt::text).toList();
        int[] first = begun.atoms().stream()
                .mapToInt(atom -> texts.indexOf(atom.text()))
                .toArray();
        double[] weights = new double[pool.size()];
        for (int i = 0; i < first.length; i++) {
            weights[first[i]] = begun.weights()[i];
        }
        FisherPursuit pursuit = FisherPursuit.around(problem, weights);
        int[] order = pursuit.order(first, sizes.getLast());
        return sizes.stream()
                .map(k -> Arrays.copyOf(order, Math.min(k, order.length)))
                .map(support -> fitted(KlFit.of(problem, support, pursuit.weights(support), DENSE_RIDGE), pool))
                .toList();
    }

    /// Long random lists: the first prompts of a pool that stands in random order, one draw for every size, as
    /// long draws hardly differ.
    public List<Fitted> longRandom(List<HardPrompt> pool, List<Integer> sizes) {
        if (sizes.isEmpty()) {
            return List.of();
        }
        KlProblem problem = decomposer.problem(pool);
        FisherPursuit metric = FisherPursuit.of(problem);
        return sizes.stream()
                .map(k -> all(Math.min(k, pool.size())))
                .map(support -> fitted(KlFit.of(problem, support, metric.weights(support), DENSE_RIDGE), pool))
                .toList();
    }

    /// Largest over smallest eigenvalue of the curvature of a list: how badly its weights are determined.
    public double condition(List<HardPrompt> atoms) {
        double[] energies = Spectrum.ofGram(curvature(decomposer.problem(atoms), atoms.size()))
                .energies();
        double least = Arrays.stream(energies).min().orElse(Double.NaN);
        double most = Arrays.stream(energies).max().orElse(Double.NaN);
        return least > 0 ? most / least : Double.POSITIVE_INFINITY;
    }

    /// Every prompt of these lists, each once, in the order in which they first stand.
    public static List<HardPrompt> union(Collection<List<HardPrompt>> lists) {
        Map<String, HardPrompt> all = new LinkedHashMap<>();
        lists.forEach(list -> list.forEach(prompt -> all.putIfAbsent(prompt.text(), prompt)));
        return List.copyOf(all.values());
    }

    private Fitted fitted(KlProblem problem, List<HardPrompt> prompts, double ridge) {
        int[] support = all(prompts.size());
        return fitted(KlFit.of(problem, support, new double[support.length], ridge), prompts);
    }

    private Fitted fitted(KlFit fit, List<HardPrompt> pool) {
        List<HardPrompt> atoms =
                Arrays.stream(fit.support()).mapToObj(pool::get).toList();
        return new Fitted(atoms, fit.weights(), decomposer.left(atoms, fit.weights()));
    }

    private KlFit pursued(KlProblem problem, int k) {
        return new KlPursuit(problem, decomposer.ridge(), TRIED)
                .path(k, _ -> {})
                .getLast();
    }

    private static List<Mixture.Weighted> weighted(KlFit fit, List<HardPrompt> pool) {
        return IntStream.range(0, fit.support().length)
                .mapToObj(i -> new Mixture.Weighted(pool.get(fit.support()[i]), fit.weights()[i]))
                .toList();
    }

    /// What hidden-state deltas leave that need not come from prompts.
    private double[] left(List<Tensor> onFit, List<Tensor> onTest) {
        KlFit fit =
                KlFit.of(decomposer.problemOf(onFit), all(onFit.size()), new double[onFit.size()], decomposer.ridge());
        return decomposer.leftBy(onTest, fit.weights());
    }

    private static double[][] curvature(KlProblem problem, int count) {
        return problem.curvature(all(count), new double[count]);
    }

    private static List<Tensor> combined(List<Tensor> deltas, Spectrum spectrum, int count) {
        List<Tensor> combined = new ArrayList<>();
        for (int i = 0; i < Math.min(count, spectrum.directions().length) && spectrum.energies()[i] > 0; i++) {
            Tensor sum = torch.zeros_like(deltas.getFirst());
            double scale = 1 / Math.sqrt(spectrum.energies()[i]);
            for (int atom = 0; atom < deltas.size(); atom++) {
                sum.add_(deltas.get(atom), new Scalar(spectrum.directions()[i][atom] * scale));
            }
            combined.add(sum);
        }
        return combined;
    }

    private List<double[]> byTurn(List<double[]> draws) {
        return draws.stream().map(this::byTurn).toList();
    }

    private double[] byTurn(double[] left) {
        return byTurn(left, test.foreign());
    }

    /// Sums over the contexts of one user turn, which are not independent of each other.
    static double[] byTurn(double[] perContext, List<Context> contexts) {
        Map<Integer, Double> sums = new LinkedHashMap<>();
        for (int i = 0; i < perContext.length; i++) {
            sums.merge(contexts.get(i).turn(), perContext[i], Double::sum);
        }
        return sums.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }
}
