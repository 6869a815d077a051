package assay.lab.studyfile;

import assay.InputException;
import assay.discover.atlas.NearDuplicates;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetKind;
import assay.lab.predicates.PredicateSpec;
import assay.tasks.distil.Bake;
import assay.tasks.session.TargetSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The study file of `assay verdict`: what is to be measured, with which seeds, under which gates, and what is
/// expected of it, all written down before anything runs. The fields are described in `examples/verdict/README.md`.
///
/// @param plan name, hash of the file, seeds, gates and predictions
/// @param sizes numbers of prompts at which lists are measured, ascending
/// @param effort how much is spent on a target
/// @param targets what is decomposed into prompts (S2, S3), and the controls that must not hold
/// @param adapters what is distilled into soft prompts (S1)
/// @param tasks what the lists are read for (S4)
/// @param predicates the counter-examples (S5)
/// @param subset what is left of it with `--quick`, if the file says so
public record StudyFile(
        StudyEvidence.Plan plan,
        List<Integer> sizes,
        Effort effort,
        List<Target> targets,
        List<Adapter> adapters,
        Tasks tasks,
        Predicates predicates,
        Optional<StudyFile> subset) {
    /// Kinds whose truth can be planted.
    private static final Set<TargetKind> PLANTED = Set.of(TargetKind.PROMPT, TargetKind.PLANTED);

    /// Reads a study file.
    ///
    /// @throws InputException naming everything that is wrong with it, each with its line; or, if it is not JSON,
    /// line and column of where it stops being so
    public static StudyFile read(Path path, String command) {
        return StudyReader.read(path, command);
    }

    /// The quick subset: the same study with fewer seeds, sizes and targets and less effort.
    ///
    /// @throws InputException if the file names none
    public StudyFile quick() {
        return subset.orElseThrow(() -> new InputException("study: expected a part \"quick\" for --quick, found none ("
                + plan.name() + "). Add one, or run the whole study."));
    }

    /// The instrument's own test: the same study of prompts alone, with the truth of every one in the dictionary and
    /// nothing left out, so that every claim must hold. Controls that must not hold stay as they are.
    ///
    /// @param named adapters of the whole study; those made from a prompt are replaced by it
    public StudyFile planted(List<Adapter> named) {
        List<Adapter> prompts = named.stream()
                .flatMap(adapter -> adapter.origin() instanceof Origin.Baked(Bake.Source.Prompt(String text), int _)
                        ? Stream.of(adapter.from(new Origin.Plain(text)).brief())
                        : Stream.empty())
                .toList();
        List<Target> kept = targets.stream()
                .filter(target ->
                        PLANTED.contains(target.kind()) || target.kind().isNull())
                .toList();
        String command = plan.command() + " --planted";
        StudyEvidence.Plan truth = new StudyEvidence.Plan(
                plan.name(), plan.sha256(), plan.quick(), plan.seeds(), plan.gates(), List.of(), true, command);
        Tasks read = new Tasks(tasks.readings(), tasks.edits(), List.of(), false);
        return new StudyFile(truth, sizes, effort, kept, prompts, read, predicates, Optional.empty());
    }

    /// Everything that is to be found again.
    public List<String> truths() {
        return Stream.of(
                        targets.stream().flatMap(target -> target.prompts().stream()),
                        adapters.stream()
                                .flatMap(adapter -> adapter.origin() instanceof Origin.Plain(String prompt)
                                        ? Stream.of(prompt)
                                        : Stream.empty()),
                        tasks.readings().stream().map(Reading::prompt),
                        predicates.read().stream().map(PredicateSpec::prompt))
                .flatMap(texts -> texts)
                .toList();
    }

    /// Prompts that must not be in the list of a prompt: those that say the same, unless the truth is planted.
    public Predicate<String> leftOut(String prompt) {
        return plan.planted() ? _ -> false : NearDuplicates.paraphrasesOf(prompt);
    }

    /// Prompts that must not stand for a target.
    public Predicate<String> leftOut(Target target) {
        boolean isPlanted = plan.planted() && !target.kind().isNull();
        return !isPlanted && target.source() instanceof Source.Plain(TargetSource source)
                ? source.forbidden()
                : _ -> false;
    }

    /// How much is spent on one target with one seed.
    ///
    /// @param candidates prompts run exactly, from the dictionary and from what the search found
    /// @param search prompts the search runs besides
    /// @param pool random prompts the null draws from
    /// @param draws of the null
    /// @param turns share of the probe's user turns that is used
    /// @param distilSteps training steps of a soft prompt
    /// @param bakeSteps training steps of an adapter
    /// @param readingSearch prompts the search runs for every list that is read; 0 for the dictionary alone
    public record Effort(
            int candidates,
            int search,
            int pool,
            int draws,
            double turns,
            int distilSteps,
            int bakeSteps,
            int readingSearch) {
        /// What a study gets that asks for nothing else.
        static Effort defaults() {
            return new Effort(48, 24, 200, 5, 1.0, 100, 60, 6);
        }
    }

    /// A behaviour to decompose.
    ///
    /// @param name of its rows
    public record Target(String name, TargetKind kind, Source source) {
        /// The prompts it is made of, if it is made of prompts.
        List<String> prompts() {
            return switch (source) {
                case Source.Plain(TargetSource.Prompt(String text)) -> List.of(text);
                case Source.Plain(TargetSource.Planted planted) -> planted.prompts();
                default -> List.of();
            };
        }
    }

    /// What a target is.
    public sealed interface Source {
        /// A prompt, a planted mixture, or a soft prompt from a folder or of random vectors, as in a tournament.
        record Plain(TargetSource source) implements Source {}

        /// A LoRA adapter.
        ///
        /// @param folder of PEFT, or `owner/repo[@revision][/subfolder]` on a hub
        record Lora(String folder) implements Source {}

        /// The soft prompt distilled from one of the study's adapters.
        ///
        /// @param adapter its name
        record Distilled(String adapter) implements Source {}
    }

    /// An adapter to distil into a soft prompt.
    ///
    /// @param name of its rows
    /// @param kind its class: `elicitation`, `topic`, `memorised`, `skill` or `broad`
    /// @param worksPredicted whether a soft prompt is expected to stand in for it
    /// @param seeds how many of the study's seeds it is distilled with, the first ones
    /// @param siblings second training runs of its recipe
    public record Adapter(
            String name, String kind, boolean worksPredicted, String why, Origin origin, int seeds, Siblings siblings) {
        Adapter from(Origin other) {
            return new Adapter(name, kind, worksPredicted, why, other, seeds, siblings);
        }

        /// The prompt it was made from, if it was made from one.
        public Optional<String> truth() {
            return switch (origin) {
                case Origin.Plain(String prompt) -> Optional.of(prompt);
                case Origin.Baked(Bake.Source.Prompt(String prompt), int _) -> Optional.of(prompt);
                default -> Optional.empty();
            };
        }

        /// The same with one seed and no second training runs.
        Adapter brief() {
            return new Adapter(name, kind, worksPredicted, why, origin, 1, Siblings.NONE);
        }
    }

    /// Second training runs of an adapter's recipe (docs/decisions/0025-noise-ceiling.md).
    public sealed interface Siblings {
        /// None: what one would reach stays unknown.
        Siblings NONE = new Trained(0);

        /// The study trains them, with other seeds.
        ///
        /// @param count how many
        record Trained(int count) implements Siblings {}

        /// They are there.
        ///
        /// @param adapters folders of PEFT, or `owner/repo[@revision][/subfolder]` on a hub
        record Brought(List<String> adapters) implements Siblings {}
    }

    /// Where an adapter comes from.
    public sealed interface Origin {
        /// It is there.
        ///
        /// @param folder of PEFT, or `owner/repo[@revision][/subfolder]` on a hub
        record Folder(String folder) implements Origin {}

        /// A prompt stands in for it.
        record Plain(String prompt) implements Origin {}

        /// It is baked first.
        ///
        /// @param steps most training steps; 0 for the effort's
        record Baked(Bake.Source source, int steps) implements Origin {}
    }

    /// What lists are read for.
    ///
    /// @param readings prompts whose lists are matched blindly with all their texts
    /// @param edits words replaced in lists
    /// @param compositions prompts of several parts, each of which has to be named
    /// @param contrasted whether readings are also guessed from amplified differences
    public record Tasks(List<Reading> readings, List<Edit> edits, List<Composition> compositions, boolean contrasted) {}

    /// A prompt for blind matching.
    ///
    /// @param name may be that of a target made from the same prompt
    public record Reading(String name, String prompt) {}

    /// Words replaced in the prompts of a list.
    ///
    /// @param target whose list: the name of a reading or of a target
    /// @param words the first one that stands in the list is what the edit is about; all are replaced
    /// @param towards the prompt whose behaviour the list must move towards
    public record Edit(String target, List<Replacement> words, String towards) {}

    /// A word and what is put in its place.
    public record Replacement(String from, String to) {}

    /// A prompt of several parts.
    ///
    /// @param parts in plain words, at least two
    public record Composition(String prompt, List<String> parts) {}

    /// The counter-examples.
    ///
    /// @param file that describes them; none if there are none
    /// @param names of those to run; empty for all
    public record Predicates(Optional<Path> file, List<String> names) {

        /// Those to run.
        public List<PredicateSpec> read() {
            return file.map(PredicateFile::read).orElse(List.of()).stream()
                    .filter(spec -> names.isEmpty() || names.contains(spec.name()))
                    .toList();
        }
    }
}
