package assay.measure.judge;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.FisherPursuit;
import assay.base.sparse.Interval;
import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.KlPursuit;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Other explanations of one target, fitted on the same fit split and measured on the same foreign test turns:
/// what a list of prompts has to be better than, and what it could hope for. All figures are KL per test turn.
public final class Alternatives {
    private final Decomposer decomposer;
    private final Bootstrap bootstrap;
    private final Ceilings ceilings;
    private final double[] base;

    /// Rivals of one target's lists.
    ///
    /// @param decomposer open, with the target's states
    /// @param seed of the bootstrap
    public Alternatives(Decomposer decomposer, long seed) {
        this.decomposer = decomposer;
        this.bootstrap = Bootstrap.defaults(seed);
        this.ceilings = new Ceilings(decomposer);
        this.base = decomposer.left(List.of(), new double[0]);
    }

    /// A list of prompts with fitted weights.
    public record Chosen(List<HardPrompt> atoms, double[] weights) {}

    /// A list of prompts with fitted weights and what it leaves.
    ///
    /// @param atoms the prompts
    /// @param weights theirs
    /// @param turns KL per foreign test turn
    public record Fitted(List<HardPrompt> atoms, double[] weights, double[] turns) {}

    /// KL(target ‖ base), nats per token.
    public double divergence() {
        return Arrays.stream(base).sum() / decomposer.test().foreignPlaces();
    }

    /// Share closed.
    public Interval closed(double[] turns) {
        return bootstrap.closed(turns, base);
    }

    /// Mean share closed over draws.
    public Interval mean(List<double[]> draws) {
        return bootstrap.mean(draws, base);
    }

    /// Share closed beyond the mean of draws.
    public Interval excess(double[] turns, List<double[]> draws) {
        return bootstrap.excess(turns, draws, base);
    }

    /// Random lists of every size.
    ///
    /// @param sizes ascending
    /// @return per size, per draw
    public List<List<double[]>> random(List<HardPrompt> pool, List<Integer> sizes, int draws, long seed) {
        int[] within = sizes.stream()
                .mapToInt(k -> Math.min(k, pool.size()))
                .distinct()
                .toArray();
        RandomMixtures mixtures = RandomMixtures.fit(decomposer, pool, draws, within, seed);
        return sizes.stream().map(mixtures::at).toList();
    }

    /// These prompts with weights fitted again.
    public Fitted refitted(List<HardPrompt> atoms) {
        KlProblem problem = decomposer.problem(atoms);
        KlFit fit = KlFit.of(problem, all(atoms.size()), new double[atoms.size()], decomposer.ridge());
        return fitted(fit, atoms);
    }

    /// This prompt as it is, with weight one.
    public double[] unscaled(HardPrompt prompt) {
        return decomposer.left(List.of(prompt), new double[] {1});
    }

    /// The best `k` of a pool, chosen one by one.
    public Fitted greedy(List<HardPrompt> pool, int k) {
        List<KlFit> path = new KlPursuit(decomposer.problem(pool), decomposer.ridge(), 2).path(k, _ -> {});
        return fitted(path.getLast(), pool);
    }

    /// Long lists of a pool, one per size: a shorter list and what lowers the quadratic model around it most, fitted
    /// to the KL.
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
        List<Fitted> lists = new ArrayList<>();
        for (int k : sizes) {
            int[] support = Arrays.copyOf(order, Math.min(k, order.length));
            lists.add(fitted(KlFit.of(problem, support, pursuit.weights(support), Ceilings.DENSE_RIDGE), pool));
        }
        return lists;
    }

    /// The best `k` of a pool by each half of the fit split's turns alone.
    public List<Chosen> halves(List<HardPrompt> pool, int k) {
        KlProblem problem = decomposer.problem(pool);
        List<Context> contexts = decomposer.fit().foreign();
        int border = contexts.subList(0, contexts.size() / 2).stream()
                .mapToInt(Context::places)
                .sum();
        return List.of(
                chosen(problem.places(0, border), pool, k),
                chosen(problem.places(border, decomposer.fit().foreignPlaces()), pool, k));
    }

    /// The best `k` of a pool, not measured.
    public Chosen chosen(List<HardPrompt> pool, int k) {
        return chosen(decomposer.problem(pool), pool, k);
    }

    private Chosen chosen(KlProblem problem, List<HardPrompt> pool, int k) {
        KlFit fit =
                new KlPursuit(problem, decomposer.ridge(), 2).path(k, _ -> {}).getLast();
        return new Chosen(Arrays.stream(fit.support()).mapToObj(pool::get).toList(), fit.weights());
    }

    /// Long random lists: the first prompts of a pool that stands in random order, one draw for every size, as long
    /// draws hardly differ.
    public List<Fitted> longRandom(List<HardPrompt> pool, List<Integer> sizes) {
        if (sizes.isEmpty()) {
            return List.of();
        }
        KlProblem problem = decomposer.problem(pool);
        FisherPursuit metric = FisherPursuit.of(problem);
        return sizes.stream()
                .map(k -> {
                    int[] support = all(Math.min(k, pool.size()));
                    return fitted(KlFit.of(problem, support, metric.weights(support), Ceilings.DENSE_RIDGE), pool);
                })
                .toList();
    }

    /// Largest over smallest eigenvalue of the curvature of a list: how badly its weights are determined.
    public double condition(List<HardPrompt> atoms) {
        double[][] curvature = decomposer.problem(atoms).curvature(all(atoms.size()), new double[atoms.size()]);
        double[] energies = assay.base.sparse.Spectrum.ofGram(curvature).energies();
        double least = Arrays.stream(energies).min().orElse(Double.NaN);
        double most = Arrays.stream(energies).max().orElse(Double.NaN);
        return least > 0 ? most / least : Double.POSITIVE_INFINITY;
    }

    /// All these prompts with a ridge.
    public double[] dense(List<HardPrompt> prompts) {
        return ceilings.dense(prompts);
    }

    /// The best directions of these prompts.
    public double[] rank(List<HardPrompt> prompts, int rank) {
        return ceilings.rank(prompts, rank);
    }

    /// A constant offset with as many free numbers.
    public double[] constant(int directions) {
        return ceilings.constant(directions);
    }

    private Fitted fitted(KlFit fit, List<HardPrompt> pool) {
        List<HardPrompt> atoms =
                Arrays.stream(fit.support()).mapToObj(pool::get).toList();
        return new Fitted(atoms, fit.weights(), decomposer.left(atoms, fit.weights()));
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }
}
