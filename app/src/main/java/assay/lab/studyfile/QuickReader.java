package assay.lab.studyfile;

import assay.lab.claims.StudyEvidence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads the part `quick` of a study file: which of its seeds, sizes and entries are run with `--quick`, and with
/// how much effort. It may leave out and spend less, and change nothing else.
///
/// @param whole the study it is a part of
record QuickReader(StudyFile whole) {
    StudyFile read(JsonFields part) {
        List<Integer> sizes = within(part, "sizes", whole.sizes(), StudyReader::sizes);
        List<Long> seeds = within(part, "seeds", whole.plan().seeds(), StudyReader::seeds);
        List<StudyFile.Adapter> adapters = chosen(part, "adapters", whole.adapters(), StudyFile.Adapter::name).stream()
                .map(StudyFile.Adapter::brief)
                .toList();
        List<StudyFile.Target> targets = chosen(part, "targets", whole.targets(), StudyFile.Target::name);
        distilledStay(part, targets, adapters);
        StudyEvidence.Plan plan = whole.plan();
        String command = plan.command() + " --quick";
        StudyEvidence.Plan less = new StudyEvidence.Plan(
                plan.name(), plan.sha256(), true, seeds, plan.gates(), plan.predictions(), plan.planted(), command);
        StudyFile.Effort effort = effort(part, sizes);
        StudyFile.Tasks tasks = tasks(part, targets);
        return new StudyFile(less, sizes, effort, targets, adapters, tasks, predicates(part), Optional.empty());
    }

    /// Numbers that must all be among those of the whole study; all of them if there is no such field.
    private static <T> List<T> within(
            JsonFields part, String name, List<T> all, Function<JsonFields, List<T>> reading) {
        if (!part.has(name)) {
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
    private static <T> List<T> chosen(JsonFields part, String name, List<T> all, Function<T, String> naming) {
        if (!part.has(name)) {
            return all;
        }
        List<String> wanted = part.texts(name);
        List<String> known = all.stream().map(naming).toList();
        for (String each : wanted) {
            if (!known.contains(each)) {
                part.wrong(name, "\"quick\": expected names of \"" + name + "\", found \"" + each + "\"");
            }
        }
        return all.stream()
                .filter(entry -> wanted.contains(naming.apply(entry)))
                .toList();
    }

    private static void distilledStay(
            JsonFields part, List<StudyFile.Target> targets, List<StudyFile.Adapter> adapters) {
        Set<String> kept = adapters.stream().map(StudyFile.Adapter::name).collect(Collectors.toSet());
        for (StudyFile.Target target : targets) {
            if (target.source() instanceof StudyFile.Source.Distilled(String adapter) && !kept.contains(adapter)) {
                part.wrong(
                        "adapters",
                        "\"quick\": target \"" + target.name() + "\" is distilled from \"" + adapter
                                + "\", which it leaves out");
            }
        }
    }

    private StudyFile.Effort effort(JsonFields part, List<Integer> sizes) {
        StudyFile.Effort most = whole.effort();
        StudyFile.Effort effort = StudyReader.effort(part, most, sizes);
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

    private StudyFile.Tasks tasks(JsonFields part, List<StudyFile.Target> targets) {
        StudyFile.Tasks all = whole.tasks();
        List<StudyFile.Reading> readings = first(part, "readings", all.readings());
        List<StudyFile.Edit> edits = first(part, "edits", all.edits());
        Set<String> known = StudyReader.named(readings, targets);
        for (StudyFile.Edit edit : edits) {
            if (!known.contains(edit.target())) {
                part.wrong("edits", "\"quick\": an edit needs \"" + edit.target() + "\", which it leaves out");
            }
        }
        boolean contrasted = part.flag("contrasted", all.contrasted());
        if (contrasted && !all.contrasted()) {
            part.wrong("contrasted", "\"quick\": expected no more than the whole study, which is not contrasted");
        }
        return new StudyFile.Tasks(readings, edits, first(part, "compositions", all.compositions()), contrasted);
    }

    /// The first so many entries; all if there is no such field or it says `all`.
    private static <T> List<T> first(JsonFields part, String name, List<T> all) {
        return !part.has(name) || part.says(name, "all")
                ? all
                : all.subList(0, part.whole(name, 0, all.size(), all.size()));
    }

    private StudyFile.Predicates predicates(JsonFields part) {
        StudyFile.Predicates all = whole.predicates();
        if (!part.has("predicates")) {
            return all;
        }
        List<String> names = part.texts("predicates");
        if (all.file().isEmpty()) {
            part.wrong("predicates", "\"quick\": names predicates, but the study has no file of them");
        }
        return new StudyFile.Predicates(all.file(), names);
    }
}
