package assay.lab.trials;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.Screen;
import assay.discover.predict.SketchFit;
import assay.discover.search.GradientSearch;
import assay.discover.search.PromptSearch;
import assay.discover.search.SearchTarget;
import assay.discover.search.Strategies;
import assay.discover.search.TargetSearch;
import assay.lab.studyfile.TournamentFile;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The ways to candidates that a tournament compares, each of which may run as many prompts exactly.
record TournamentArms(Atlas atlas, TargetSearch searching, Tournament.Options options) {
    /// Prompts of the dictionary drawn by chance.
    private static final String RANDOM = "random";
    /// Those the sketches propose.
    private static final String DICTIONARY = "dictionary";
    /// Those that whitened sketches propose.
    private static final String WHITENED = "whitened";
    /// All strategies that `explain` uses.
    private static final String TOGETHER = "together";
    /// The same in the metric of what sets prompts apart, and of what it finds only the few prompts that name the
    /// target best.
    private static final String NAMED = "named";

    /// All arms.
    static final List<String> NAMES = Stream.of(
                    List.of(RANDOM, DICTIONARY, WHITENED),
                    Strategies.labels(),
                    List.of(TOGETHER, NAMED, GradientSearch.NAME))
            .flatMap(List::stream)
            .toList();

    /// Whether an arm searches with the predictor.
    static boolean usePredictor(String arm) {
        return arm.equals(TOGETHER) || Strategies.labels().contains(arm);
    }

    /// What an arm proposes.
    ///
    /// @param entries prompts to be run on the fit split
    /// @param searched prompts it ran to find them
    record Proposed(List<Atlas.Entry> entries, int searched) {}

    /// What an arm proposes.
    ///
    /// @param excluded entries of the atlas that say the same as the target
    Proposed candidates(String arm, SearchTarget sought, Set<Integer> excluded, TournamentFile.Entry target) {
        if (options.given().has(arm)) {
            return new Proposed(options.given().prompts(arm, target.name()), 0);
        }
        int runs = options.runs();
        PromptSearch.Options half = PromptSearch.Options.defaults(options.seconds(), runs / 2, options.seed());
        return switch (arm) {
            case RANDOM -> new Proposed(new Screen(atlas).random(runs, options.seed(), excluded), 0);
            case DICTIONARY -> new Proposed(new Screen(atlas).candidates(sought.sketch(), runs, excluded), 0);
            case WHITENED -> new Proposed(whitened(sought).lack(runs).entries(), 0);
            case NAMED -> {
                Atlas grown = searching.grownApart(sought, Strategies.Use.EXPLAIN, half);
                int listed = target.source().listed();
                SketchFit.Lack named = searching.named(grown, sought.sketch(), sought.forbidden(), listed);
                yield new Proposed(named.entries(), searched(grown));
            }
            case GradientSearch.NAME -> screened(searching.grownByGradient(sought, half), sought, excluded);
            default -> {
                Predicate<Strategies> chosen = arm.equals(TOGETHER)
                        ? Strategies.Use.EXPLAIN
                        : strategy -> strategy.label().equals(arm);
                yield screened(searching.grown(sought, chosen, half), sought, excluded);
            }
        };
    }

    private SketchFit whitened(SearchTarget sought) {
        return searching.known().apart(atlas, sought.sketch(), sought.forbidden());
    }

    /// The half of the runs that is left for the fit split.
    private Proposed screened(Atlas grown, SearchTarget sought, Set<Integer> excluded) {
        int left = options.runs() - options.runs() / 2;
        return new Proposed(new Screen(grown).candidates(sought.sketch(), left, excluded), searched(grown));
    }

    private int searched(Atlas grown) {
        return grown.entries().size() - atlas.entries().size();
    }
}
