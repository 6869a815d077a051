package assay.discover.search;

import assay.discover.predict.GainPredictor;
import assay.engine.model.ChatModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// Every strategy, in the order in which a search asks them. A new one is a file and a line here.
@SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing, the lists are List.of
public enum Strategies {
    SAMPLER(needs -> new Sampler(needs.chat, false)),
    GRAMMAR(_ -> new Grammars(), Use.EXPLAIN, Use.LONG_LISTS, Use.CHEAP),
    REWRITES(needs -> new Sampler(needs.chat, true), Use.EXPLAIN, Use.LONG_LISTS),
    PAIRS(_ -> new Pairs(), Use.EXPLAIN, Use.LONG_LISTS, Use.CHEAP),
    SWAPS(needs -> new Swaps(needs.chat, needs.scout), Use.EXPLAIN, Use.LONG_LISTS),
    GUIDED(needs -> new Guided(needs.chat, needs.scout), Use.EXPLAIN, Use.LONG_LISTS),
    INVERSION(needs -> needs.search.inversion(needs.sought.target())),
    WORDS(needs -> needs.search.words(needs.sought), Use.EXPLAIN),
    FORM(needs -> needs.search.forms(needs.sought), Use.EXPLAIN);

    private final Function<Needs, Strategy> made;
    private final List<Use> uses;

    Strategies(Function<Needs, Strategy> made, Use... uses) {
        this.made = made;
        this.uses = List.of(uses);
    }

    /// Who searches with it unless told otherwise.
    public enum Use implements Predicate<Strategies> {
        /// `explain`: all but the blind sampler and inversion, which are dear for what they find.
        EXPLAIN,
        /// A study's long lists: the words' own runs would take it beyond its hour.
        LONG_LISTS,
        /// Where a target has seconds: those that propose without letting the model write.
        CHEAP;

        @Override
        public boolean test(Strategies strategy) {
            return strategy.uses.contains(this);
        }
    }

    /// What strategies are made of.
    record Needs(ChatModel chat, TargetSearch search, SearchTarget sought, GainPredictor scout) {}

    /// What it is called by users and in reports.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// All labels.
    public static List<String> labels() {
        return Arrays.stream(values()).map(Strategies::label).toList();
    }

    /// The strategies chosen, by label.
    static Map<String, Strategy> made(Predicate<Strategies> chosen, Needs needs) {
        Map<String, Strategy> strategies = new LinkedHashMap<>();
        Arrays.stream(values()).filter(chosen).forEach(one -> strategies.put(one.label(), one.made.apply(needs)));
        return strategies;
    }
}
