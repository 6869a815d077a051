package assay.study;

import assay.discover.NearDuplicates;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A file of targets for a tournament of search strategies.
///
/// @param targets in the order of the file
record TournamentFile(List<Entry> targets) {
    /// One target.
    ///
    /// @param name of its folder
    /// @param kind the group its figures are summed up in, such as `prompt` or `gibberish`
    /// @param source what it is
    record Entry(String name, String kind, Source source) {}

    /// What a target is.
    sealed interface Source {
        /// A system prompt.
        record Prompt(String text) implements Source {}

        /// Prompts with weights.
        ///
        /// @param known whether they may be found as they are, because the dictionary holds them
        record Planted(List<String> prompts, List<Double> weights, boolean known) implements Source {
            Planted known(boolean isKnown) {
                return new Planted(prompts, weights, isKnown);
            }
        }

        /// A PEFT prompt-tuning folder.
        record Soft(Path folder) implements Source {}

        /// A soft prompt of so many random vectors.
        record RandomSoft(int tokens, long seed) implements Source {}

        /// Prompts of the mixture that is shown: as many as it was planted from, else five.
        default int listed() {
            return this instanceof Planted planted ? planted.prompts().size() : 5;
        }

        /// Prompts that must not stand for it: those that say the same as a prompt (half of the content words in
        /// common), and those a mixture was planted from, unless they are known.
        default Predicate<String> forbidden() {
            return switch (this) {
                case Prompt(String text) -> NearDuplicates.paraphrasesOf(text);
                case Planted(List<String> prompts, List<Double> _, boolean known) ->
                    prompt -> !known && prompts.contains(prompt);
                case Soft _, RandomSoft _ -> _ -> false;
            };
        }
    }

    /// Reads one; unknown fields are refused.
    ///
    /// @throws assay.InputException naming everything that is wrong with it, each with its line
    static TournamentFile read(Path path) {
        PlainSources sources = new PlainSources(new Beside(path));
        return LocatedJson.read("tournament", path).object(fields -> {
            fields.described();
            Set<String> names = new HashSet<>();
            return new TournamentFile(fields.someObjects("targets", entry -> entry(entry, sources, names)));
        });
    }

    private static Entry entry(Fields entry, PlainSources sources, Set<String> names) {
        String name = entry.name(names);
        String kind = entry.text("class");
        Source source = sources.read(entry, entry.either(PlainSources.FIELDS));
        return new Entry(
                name,
                kind,
                source instanceof Source.Planted planted ? planted.known(entry.flag("known", false)) : source);
    }
}
