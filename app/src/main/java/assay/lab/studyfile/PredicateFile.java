package assay.lab.studyfile;

import assay.InputException;
import assay.lab.predicates.PredicateSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A file of predicates; its fields are explained in `examples/verdict/PREDICATES.md`.
public final class PredicateFile {
    /// Fewest user turns on which figures are measured.
    private static final int FEWEST_TEST_TURNS = 8;

    private PredicateFile() {}

    /// Reads one; unknown fields are refused.
    ///
    /// @throws InputException naming everything that is wrong with the file, each with its line, or the first
    /// predicate or user turns that make no sense
    public static List<PredicateSpec> read(Path path) {
        return LocatedJson.read("predicates", path).object(fields -> {
            fields.described();
            fields.need("turns");
            Optional<PredicateSpec.Turns> turns =
                    fields.object("turns", PredicateFile::turns).flatMap(read -> read);
            Set<String> names = new HashSet<>();
            return fields.someObjects("targets", entry -> spec(entry, names, turns)).stream()
                    .flatMap(Optional::stream)
                    .toList();
        });
    }

    private static Optional<PredicateSpec.Turns> turns(JsonFields fields) {
        int before = fields.problems();
        List<String> search = fields.texts("search");
        List<String> fit = fields.texts("fit");
        List<String> test = fields.texts("test");
        boolean isEnough = test.isEmpty() || test.size() >= FEWEST_TEST_TURNS;
        fields.expect(isEnough, "test", "at least " + FEWEST_TEST_TURNS + " user turns to test", test.size());
        return fields.problems() > before ? Optional.empty() : Optional.of(new PredicateSpec.Turns(search, fit, test));
    }

    private static Optional<PredicateSpec> spec(
            JsonFields entry, Set<String> names, Optional<PredicateSpec.Turns> turns) {
        int before = entry.problems();
        String name = entry.name(names);
        String prompt = entry.text("prompt");
        String category = entry.text("category");
        List<String> holds = entry.texts("true");
        List<String> fails = entry.texts("false");
        String say = entry.text("say");
        List<String> starts = entry.anyTexts("starts");
        return turns.filter(_ -> entry.problems() == before)
                .map(given -> new PredicateSpec(name, prompt, category, holds, fails, say, starts, given));
    }
}
