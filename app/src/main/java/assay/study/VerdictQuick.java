package assay.study;

import assay.claims.StudyEvidence;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads the part `quick` of a study file: which of its seeds, sizes and entries are run with `--quick`, and with
/// how much effort. It may leave out and spend less, and change nothing else.
///
/// @param whole the study it is a part of
record VerdictQuick(VerdictFile whole) {
    VerdictFile read(Fields part) {
        List<Integer> sizes = within(part, "sizes", whole.sizes(), VerdictReader::sizes);
        List<Long> seeds = within(part, "seeds", whole.plan().seeds(), VerdictReader::seeds);
        List<VerdictFile.Adapter> adapters =
                chosen(part, "adapters", whole.adapters(), VerdictFile.Adapter::name).stream()
                        .map(adapter -> adapter.within(1))
                        .toList();
        List<VerdictFile.Target> targets = chosen(part, "targets", whole.targets(), VerdictFile.Target::name);
        distilledStay(part, targets, adapters);
        StudyEvidence.Plan plan = whole.plan();
        return new VerdictFile(
                new StudyEvidence.Plan(
                        plan.name(),
                        plan.sha256(),
                        true,
                        seeds,
                        plan.gates(),
                        plan.predictions(),
                        plan.planted(),
                        plan.command() + " --quick"),
                sizes,
                effort(part, sizes),
                targets,
                adapters,
                tasks(part, targets),
                predicates(part),
                Optional.empty());
    }

    /// Numbers that must all be among those of the whole study; all of them if there is no such field.
    private static <T> List<T> within(Fields part, String name, List<T> all, Function<Fields, List<T>> reading) {
        if (part.maybe(name).isEmpty()) {
            return all;
        }
        List<T> numbers = reading.apply(part);
        for (T number : numbers) {
            if (!all.isEmpty() && !all.contains(number)) {
                part.wrong(name, "\"quick\": expected some of the study's " + name + ", found " + number);
            }
        }
        return numbers;
    }

    /// Entries by name; all if there is no such field.
    private static <T> List<T> chosen(Fields part, String name, List<T> all, Function<T, String> naming) {
        if (part.maybe(name).isEmpty()) {
            return all;
        }
        Set<String> wanted = new HashSet<>(part.texts(name));
        unknown(part, name, wanted, all.stream().map(naming).toList());
        return all.stream()
                .filter(entry -> wanted.contains(naming.apply(entry)))
                .toList();
    }

    private static void unknown(Fields part, String name, Set<String> wanted, Collection<String> known) {
        for (String each : wanted.stream().sorted().toList()) {
            if (!known.contains(each)) {
                part.wrong(name, "\"quick\": expected names of \"" + name + "\", found \"" + each + "\"");
            }
        }
    }

    private static void distilledStay(
            Fields part, List<VerdictFile.Target> targets, List<VerdictFile.Adapter> adapters) {
        Set<String> kept = adapters.stream().map(VerdictFile.Adapter::name).collect(Collectors.toSet());
        for (VerdictFile.Target target : targets) {
            if (target.source() instanceof VerdictFile.Source.Distilled(String adapter) && !kept.contains(adapter)) {
                part.wrong(
                        "adapters",
                        "\"quick\": target \"" + target.name() + "\" is distilled from \"" + adapter
                                + "\", which it leaves out");
            }
        }
    }

    private VerdictFile.Effort effort(Fields part, List<Integer> sizes) {
        VerdictFile.Effort most = whole.effort();
        VerdictFile.Effort effort = VerdictReader.effort(part, most, sizes);
        boolean more = effort.candidates() > most.candidates()
                || effort.search() > most.search()
                || effort.pool() > most.pool()
                || effort.draws() > most.draws()
                || effort.turns() > most.turns()
                || effort.distilSteps() > most.distilSteps()
                || effort.bakeSteps() > most.bakeSteps();
        if (more) {
            part.wrong("effort", "\"quick\": expected no more effort than the whole study's");
        }
        return effort;
    }

    private VerdictFile.Tasks tasks(Fields part, List<VerdictFile.Target> targets) {
        VerdictFile.Tasks all = whole.tasks();
        List<VerdictFile.Reading> readings = first(part, "readings", all.readings());
        List<VerdictFile.Edit> edits = first(part, "edits", all.edits());
        Set<String> known = VerdictTasks.named(readings, targets);
        for (VerdictFile.Edit edit : edits) {
            if (!known.contains(edit.target())) {
                part.wrong("edits", "\"quick\": an edit needs \"" + edit.target() + "\", which it leaves out");
            }
        }
        boolean contrasted = part.flag("contrasted", all.contrasted());
        if (contrasted && !all.contrasted()) {
            part.wrong("contrasted", "\"quick\": expected no more than the whole study, which is not contrasted");
        }
        return new VerdictFile.Tasks(readings, edits, first(part, "compositions", all.compositions()), contrasted);
    }

    /// The first so many entries; all if there is no such field or it says `all`.
    private static <T> List<T> first(Fields part, String name, List<T> all) {
        boolean everything = part.maybe(name)
                .filter(node -> !(node instanceof LocatedNode.Text(int _, String word) && word.equals("all")))
                .isEmpty();
        return everything ? all : all.subList(0, part.whole(name, 0, all.size(), all.size()));
    }

    private VerdictFile.Predicates predicates(Fields part) {
        VerdictFile.Predicates all = whole.predicates();
        if (part.maybe("predicates").isEmpty()) {
            return all;
        }
        List<String> names = part.texts("predicates");
        if (all.file().isEmpty()) {
            part.wrong("predicates", "\"quick\": names predicates, but the study has no file of them");
        }
        return new VerdictFile.Predicates(all.file(), names);
    }
}
