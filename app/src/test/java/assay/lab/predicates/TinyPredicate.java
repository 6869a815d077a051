package assay.lab.predicates;

import java.util.List;

/// A small predicate for laws, never for results.
final class TinyPredicate {
    static final PredicateSpec RAIN = of("Be sad.", List.of("It is", ""));

    private TinyPredicate() {}

    static PredicateSpec of(String prompt, List<String> starts) {
        return new PredicateSpec(
                "rain",
                prompt,
                "Name a cook.",
                List.of("Ada", "Bob"),
                List.of("Cyd", "Dan", "Eve"),
                "Say {answer} now.",
                starts,
                new PredicateSpec.Turns(
                        List.of("Go.", "Now."), List.of("Well?", "Tell me.", "Begin."), List.of("1?", "2?", "3?")));
    }
}
