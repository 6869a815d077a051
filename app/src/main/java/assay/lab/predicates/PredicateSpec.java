package assay.lab.predicates;

import assay.InputException;
import assay.measure.probe.Probe;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A predicate to be explained.
///
/// @param name short, for reports
/// @param prompt asks for an answer of which the predicate is true
/// @param category asks for any answer of the same category
/// @param holds answers of which it is true, best known first
/// @param fails answers of the category of which it is false
/// @param say the prompt that asks for one answer, with `{answer}` in its place
/// @param starts how answers begin in the contexts where the predicate shows, such as `The state is` or
/// nothing
/// @param turns what the user says there
public record PredicateSpec(
        String name,
        String prompt,
        String category,
        List<String> holds,
        List<String> fails,
        String say,
        List<String> starts,
        Turns turns) {
    private static final String PLACE = "{answer}";

    /// User turns that ask for no particular thing.
    ///
    /// @param search where the number of prompts is chosen
    /// @param fit where prompts and weights are
    public record Turns(List<String> search, List<String> fit, List<String> test) {
        /// @throws InputException if a split is empty or a turn occurs twice, whatever its case and
        /// punctuation
        public Turns {
            search = List.copyOf(search);
            fit = List.copyOf(fit);
            test = List.copyOf(test);
            if (search.isEmpty() || fit.isEmpty() || test.isEmpty()) {
                throw new InputException(
                        "user turns: expected some to search, fit and test, found a split without any. Add some.");
            }
            Set<String> seen = new HashSet<>();
            for (List<String> split : List.of(search, fit, test)) {
                for (String turn : split) {
                    if (!seen.add(Probe.normal(turn))) {
                        throw new InputException("user turns: expected every turn once, found a second \"" + turn
                                + "\". Splits must not share any.");
                    }
                }
            }
        }

        /// Those of one split.
        public List<String> of(Probe.Split split) {
            return switch (split) {
                case SEARCH -> search;
                case FIT -> fit;
                case TEST -> test;
            };
        }
    }

    /// Keeps its own copies.
    ///
    /// @throws InputException if a part is missing, or an answer begins with another, so that their
    /// probabilities could not be told apart
    public PredicateSpec {
        holds = List.copyOf(holds);
        fails = List.copyOf(fails);
        starts = List.copyOf(starts);
        if (prompt.isBlank() || category.isBlank() || holds.isEmpty() || fails.isEmpty() || starts.isEmpty()) {
            throw new InputException("predicate " + name + ": expected a prompt, a category, answers of both kinds and"
                    + " starts of answers, found one missing. Add it.");
        }
        if (!say.contains(PLACE)) {
            throw new InputException("predicate " + name + ": expected " + PLACE + " in \"say\", found \"" + say
                    + "\". Write, for example, Say " + PLACE + ".");
        }
        List<String> all = Stream.concat(holds.stream(), fails.stream()).toList();
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                if (i != j && all.get(i).startsWith(all.get(j))) {
                    throw new InputException("predicate " + name + ": expected answers none of which begins with"
                            + " another, found " + all.get(i) + " and " + all.get(j) + ". Leave one out.");
                }
            }
        }
    }

    /// The prompt that asks for one answer.
    public String saying(String answer) {
        return say.replace(PLACE, answer);
    }
}
