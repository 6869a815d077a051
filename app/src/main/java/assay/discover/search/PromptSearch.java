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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /// Promising prompts of which it is known together how naturally they read.
    private static final int LOOKED_AT = 40;

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
        return run(start, strategies, forbidden, options, SearchPast.Kept.NOWHERE)
                .found();
    }

    /// The same, or what is left of it behind the rounds of a search that was stopped; found is what an unbroken
    /// search would have found, unless it was to end after a time.
    ///
    /// @return all that is behind it then
    SearchPast run(
            SketchFit start,
            Map<String, Strategy> strategies,
            Predicate<String> forbidden,
            Options options,
            SearchPast.Kept kept) {
        long begin = System.nanoTime() - (long) (1e9 * kept.past().seconds());
        Going going = new Going(start);
        kept.past().rounds().forEach(round -> repeat(round, going));
        while (going.found.size() < options.runs() && !stalled(going.explained, options.least())) {
            if ((System.nanoTime() - begin) / 1e9 > options.seconds()) {
                break;
            }
            SketchFit.Lack lack = going.standing.lack(STAGES[going.rounds.size() % STAGES.length]);
            List<String> looked = new ArrayList<>();
            Map<String, String> proposed = proposed(going, lack, strategies, forbidden, options, looked);
            int count = Math.min(options.perRound(), options.runs() - going.found.size());
            List<GainPredictor.Sighting> chosen =
                    chosen(scout.sight(List.copyOf(proposed.keySet()), lack), count, going.run);
            if (chosen.isEmpty()) {
                break;
            }
            List<Found> found = ran(chosen, proposed, lack);
            float[][] readings =
                    chosen.stream().map(GainPredictor.Sighting::reading).toArray(float[][]::new);
            learn(new SearchPast.Round(looked, proposed.size(), found, readings), going);
            listener.round(found, going.standing, going.screened);
            kept.keep().accept(going.past(begin, false));
        }
        SearchPast over = going.past(begin, true);
        kept.keep().accept(over);
        return over;
    }

    /// A search on its way.
    private static final class Going {
        private final List<SearchPast.Round> rounds = new ArrayList<>();
        private final List<Found> found = new ArrayList<>();
        private final Set<String> looked = new HashSet<>();
        private final NearDuplicates run = new NearDuplicates();
        private final List<Double> explained = new ArrayList<>();
        private SketchFit standing;
        private int screened;

        private Going(SketchFit start) {
            standing = start;
            start.atoms().forEach(atom -> looked.add(atom.text()));
            explained.add(start.lack(FEW).explained());
        }

        private SearchPast past(long begin, boolean isOver) {
            return new SearchPast(rounds, (System.nanoTime() - begin) / 1e9, isOver);
        }
    }

    /// What the strategies, which think side by side, propose that nobody has looked at yet, by who proposed it first.
    ///
    /// @param looked is added everything that was looked at for the first time
    private Map<String, String> proposed(
            Going going,
            SketchFit.Lack lack,
            Map<String, Strategy> strategies,
            Predicate<String> forbidden,
            Options options,
            List<String> looked) {
        Map<String, String> proposed = new LinkedHashMap<>();
        long seed = options.seed() * 1_000_003L + going.rounds.size();
        List<Map.Entry<String, Strategy>> longestFirst = strategies.entrySet().stream()
                .sorted(Comparator.comparing(entry -> !entry.getValue().isWriting()))
                .toList();
        List<List<String>> all = SideBySide.map(
                longestFirst, entry -> entry.getValue().propose(going.standing, lack, options.proposals(), seed));
        Map<String, List<String>> texts = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            texts.put(longestFirst.get(i).getKey(), all.get(i));
        }
        for (String name : strategies.keySet()) {
            for (String text : texts.getOrDefault(name, List.of())) {
                PromptFilter.readable(text)
                        .filter(prompt -> !forbidden.test(prompt) && going.looked.add(prompt))
                        .ifPresent(prompt -> {
                            looked.add(prompt);
                            if (survives(prompt)) {
                                proposed.putIfAbsent(prompt, name);
                            }
                        });
            }
        }
        return proposed;
    }

    /// A round that a stopped search had behind it.
    private void repeat(SearchPast.Round round, Going going) {
        going.looked.addAll(round.looked());
        round.found().forEach(found -> going.run.keep(found.atom().text()));
        learn(round, going);
    }

    /// Learns from a round's prompts, and knows them from now on.
    private void learn(SearchPast.Round round, Going going) {
        float[][] seen = metric.apply(
                round.found().stream().map(found -> found.atom().sketch()).toArray(float[][]::new));
        scout.predictor().learn(round.readings(), seen);
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            SketchFit.Atom atom = round.found().get(i).atom();
            atoms.add(new SketchFit.Atom(atom.text(), atom.source(), seen[i]));
        }
        going.rounds.add(round);
        going.found.addAll(round.found());
        going.standing = going.standing.with(atoms);
        going.screened += round.proposed();
        going.explained.add(going.standing.lack(FEW).explained());
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
        double[] perplexities = new double[0];
        for (int i = 0; i < sorted.size() && chosen.size() < count; i++) {
            GainPredictor.Sighting sighting = sorted.get(i);
            int within = i % LOOKED_AT;
            if (within == 0) {
                perplexities = perplexities(sorted.subList(i, Math.min(sorted.size(), i + LOOKED_AT)));
            }
            if (chosen.stream()
                            .noneMatch(other -> Angle.between(other.sketch(), sighting.sketch())
                                            .cosine()
                                    > SAME)
                    && perplexities[within] <= mostPerplexity
                    && (Forms.isShouted(sighting.text()) || run.keep(sighting.text()))) {
                chosen.add(sighting);
            }
        }
        return chosen;
    }

    /// Capital letters read badly to a model; what they say is read in small ones.
    private double[] perplexities(List<GainPredictor.Sighting> sightings) {
        return Fluency.perplexities(
                sightings.stream()
                        .map(GainPredictor.Sighting::text)
                        .map(text -> Forms.isShouted(text) ? Forms.quietly(text) : text)
                        .map(text -> HardPrompt.of(text, chat.tokenizer()))
                        .toList(),
                chat);
    }

    /// Runs the chosen ones.
    private List<Found> ran(List<GainPredictor.Sighting> chosen, Map<String, String> sources, SketchFit.Lack lack) {
        List<HardPrompt> prompts = chosen.stream()
                .map(sighting -> HardPrompt.of(sighting.text(), chat.tokenizer()))
                .toList();
        float[][] sketches = sketcher.sketches(prompts, _ -> listener.ran());
        float[][] seen = metric.apply(sketches);
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            String text = chosen.get(i).text();
            String source = "search:" + sources.getOrDefault(text, "unknown");
            found.add(new Found(
                    new SketchFit.Atom(text, source, sketches[i]), chosen.get(i).gain(), lack.gain(seen[i])));
        }
        return found;
    }
}
