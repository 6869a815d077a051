package assay.discover.search;

import assay.base.sparse.Angle;
import assay.base.tensor.SideBySide;
import assay.discover.atlas.NearDuplicates;
import assay.discover.atlas.PromptFilter;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.probe.Sketcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Looks for prompts that supply what the known ones lack: strategies propose, the predictor screens, the best are
/// run exactly, the predictor learns from them, and so on.
///
/// @param scout predicts what a text would add
/// @param metric sketches as the predictor and the standing know them
/// @param mostPerplexity prompts that read less naturally than this are left out
public record PromptSearch(
        ChatModel chat,
        GainPredictor scout,
        Sketcher sketcher,
        UnaryOperator<float[][]> metric,
        double mostPerplexity,
        PromptSearch.Listener listener) {
    /// Sizes of the mixtures whose lack is searched for, in turn: the whole target, and what is left later.
    private static final int[] STAGES = {0, 1, 3, 0, 8, 2};

    /// Prompts of the mixture by which a search is judged to stall.
    private static final int FEW = 5;

    /// Cosine of predicted sketches from which on two prompts of a round would say the same.
    private static final double SAME = 0.985;

    /// How much is searched.
    ///
    /// @param runs prompts run exactly in all
    /// @param perRound prompts run exactly before the predictor learns and strategies propose again
    /// @param proposals prompts asked of every strategy in a round
    /// @param seconds after which no round begins
    /// @param least share of the target's energy two rounds must add at five prompts to go on; 0 for no such end
    public record Options(int runs, int perRound, int proposals, double seconds, long seed, double least) {
        /// Twelve prompts a round, chosen from some two hundred proposals of every strategy.
        public static Options defaults(double seconds, int runs, long seed) {
            return new Options(runs, 12, 192, seconds, seed, 0);
        }

        /// Half of that a round, for studies of many targets.
        public static Options brief(int runs, long seed) {
            return new Options(runs, 6, 64, Double.POSITIVE_INFINITY, seed, 0);
        }

        /// The same, but over when two rounds add less than half a hundredth.
        public Options untilStalled() {
            return new Options(runs, perRound, proposals, seconds, seed, 0.005);
        }
    }

    /// A prompt that was found and run.
    ///
    /// @param atom the prompt with its exact sketch, in no metric; its source names the strategy
    /// @param predicted what it was predicted to add to the mixture it was found for
    /// @param gain what it adds, both as shares of the target's energy
    public record Found(SketchFit.Atom atom, double predicted, double gain) {}

    /// Hears of the search as it goes.
    public interface Listener {
        /// A round is over.
        ///
        /// @param found what it ran
        /// @param standing with these
        /// @param screened prompts proposed and looked at so far
        void round(List<Found> found, SketchFit standing, int screened);

        /// A prompt has been run; called on the thread that ran it.
        void ran();
    }

    /// Searches until the budget is spent.
    ///
    /// @param start the target and the prompts known
    /// @param strategies by the name that found prompts carry
    /// @param forbidden prompts that must not be proposed, such as paraphrases of the target
    public List<Found> run(
            SketchFit start, Map<String, Strategy> strategies, Predicate<String> forbidden, Options options) {
        long begin = System.nanoTime();
        List<Found> all = new ArrayList<>();
        SketchFit standing = start;
        Set<String> looked = new HashSet<>();
        start.atoms().forEach(atom -> looked.add(atom.text()));
        NearDuplicates run = new NearDuplicates();
        int screened = 0;
        List<Double> explained = new ArrayList<>(List.of(start.lack(FEW).explained()));
        for (int round = 0; all.size() < options.runs(); round++) {
            if ((System.nanoTime() - begin) / 1e9 > options.seconds()) {
                break;
            }
            SketchFit.Lack lack = standing.lack(STAGES[round % STAGES.length]);
            Map<String, String> proposed = proposed(strategies, standing, lack, options, round);
            proposed.keySet().removeIf(prompt -> forbidden.test(prompt) || !looked.add(prompt) || !survives(prompt));
            screened += proposed.size();
            int count = Math.min(options.perRound(), options.runs() - all.size());
            List<GainPredictor.Sighting> chosen = chosen(scout.sight(List.copyOf(proposed.keySet()), lack), count, run);
            if (chosen.isEmpty()) {
                break;
            }
            Ran ran = ran(chosen, proposed, lack);
            all.addAll(ran.found());
            standing = standing.with(ran.atoms());
            listener.round(ran.found(), standing, screened);
            explained.add(standing.lack(FEW).explained());
            if (stalled(explained, options.least())) {
                break;
            }
        }
        return all;
    }

    /// What all strategies propose, readable, with the first that did so. They think side by side.
    private static Map<String, String> proposed(
            Map<String, Strategy> strategies, SketchFit standing, SketchFit.Lack lack, Options options, int round) {
        List<String> names = List.copyOf(strategies.keySet());
        List<List<String>> all = SideBySide.map(names.reversed(), name -> Objects.requireNonNull(strategies.get(name))
                .propose(standing, lack, options.proposals(), options.seed() * 1_000_003L + round));
        Map<String, String> proposed = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            for (String text : all.reversed().get(i)) {
                String name = names.get(i);
                PromptFilter.readable(text).ifPresent(prompt -> proposed.putIfAbsent(prompt, name));
            }
        }
        return proposed;
    }

    /// Whether the last two rounds added too little.
    private static boolean stalled(List<Double> explained, double least) {
        int rounds = explained.size() - 1;
        return rounds >= 2 && explained.get(rounds) - explained.get(rounds - 2) < least;
    }

    /// Whether a text is the same after it went through the tokenizer.
    private boolean survives(String text) {
        return chat.tokenizer().decode(chat.tokenizer().encode(text)).equals(text);
    }

    /// The most promising readable ones that differ from each other and from what was run before.
    private List<GainPredictor.Sighting> chosen(List<GainPredictor.Sighting> sightings, int count, NearDuplicates run) {
        List<GainPredictor.Sighting> sorted = sightings.stream()
                .sorted(Comparator.comparingDouble(sighting -> -sighting.gain()))
                .toList();
        List<GainPredictor.Sighting> chosen = new ArrayList<>();
        for (GainPredictor.Sighting sighting : sorted) {
            if (chosen.size() == count) {
                break;
            }
            if (chosen.stream()
                            .noneMatch(other -> Angle.between(other.sketch(), sighting.sketch())
                                            .cosine()
                                    > SAME)
                    && Fluency.perplexity(HardPrompt.of(sighting.text(), chat.tokenizer()), chat) <= mostPerplexity
                    && run.keep(sighting.text())) {
                chosen.add(sighting);
            }
        }
        return chosen;
    }

    /// A round's prompts, once more as the standing knows them.
    private record Ran(List<Found> found, List<SketchFit.Atom> atoms) {}

    /// Runs the chosen ones and learns from them.
    private Ran ran(List<GainPredictor.Sighting> chosen, Map<String, String> sources, SketchFit.Lack lack) {
        List<HardPrompt> prompts = chosen.stream()
                .map(sighting -> HardPrompt.of(sighting.text(), chat.tokenizer()))
                .toList();
        float[][] sketches = sketcher.sketches(prompts, _ -> listener.ran());
        float[][] seen = metric.apply(sketches);
        scout.predictor()
                .learn(chosen.stream().map(GainPredictor.Sighting::reading).toArray(float[][]::new), seen);
        List<Found> found = new ArrayList<>();
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            String text = chosen.get(i).text();
            String source = "search:" + sources.getOrDefault(text, "unknown");
            atoms.add(new SketchFit.Atom(text, source, seen[i]));
            found.add(new Found(
                    new SketchFit.Atom(text, source, sketches[i]), chosen.get(i).gain(), lack.gain(seen[i])));
        }
        return new Ran(found, atoms);
    }
}
