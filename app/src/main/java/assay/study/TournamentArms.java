package assay.study;

import assay.discover.Atlas;
import assay.discover.Screen;
import assay.search.GradientSearch;
import assay.search.PromptSearch;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The ways to candidates that a tournament compares, each of which may run as many prompts exactly.
record TournamentArms(Atlas atlas, Searching searching, Tournament.Options options) {
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
                    Searching.STRATEGIES,
                    List.of(TOGETHER, NAMED, GradientSearch.NAME))
            .flatMap(List::stream)
            .toList();

    /// Whether an arm searches with the predictor.
    static boolean usePredictor(String arm) {
        return arm.equals(TOGETHER) || Searching.STRATEGIES.contains(arm);
    }

    /// What an arm proposes.
    ///
    /// @param excluded entries of the atlas that say the same as the target
    List<Atlas.Entry> candidates(String arm, Sought sought, Set<Integer> excluded, TournamentFile.Entry target) {
        if (options.given().has(arm)) {
            return options.given().prompts(arm, target.name());
        }
        int runs = options.runs();
        PromptSearch.Options half = PromptSearch.Options.defaults(options.seconds(), runs / 2, options.seed());
        return switch (arm) {
            case RANDOM -> new Screen(atlas).random(runs, options.seed(), excluded);
            case DICTIONARY -> new Screen(atlas).candidates(sought.sketch(), runs, excluded);
            case WHITENED ->
                searching
                        .apart(atlas, sought.sketch(), sought.forbidden())
                        .lack(runs)
                        .entries();
            case NAMED ->
                searching
                        .named(
                                searching.grownApart(sought, Searching.USED::contains, half),
                                sought.sketch(),
                                sought.forbidden(),
                                target.source().listed())
                        .entries();
            case GradientSearch.NAME ->
                new Screen(searching.grownByGradient(sought, half))
                        .candidates(sought.sketch(), runs - runs / 2, excluded);
            default -> {
                Predicate<String> chosen = arm.equals(TOGETHER) ? Searching.USED::contains : arm::equals;
                yield new Screen(searching.grown(sought, chosen, half))
                        .candidates(sought.sketch(), runs - runs / 2, excluded);
            }
        };
    }
}
