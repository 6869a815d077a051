package assay.lab.studyfile;

import assay.tasks.session.TargetSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what the lists of a study are read for: blind matching, edits, compositions.
final class TasksReader {
    private final List<StudyFile.Target> targets;
    private final Set<String> names = new HashSet<>();
    private final Set<String> prompts = new HashSet<>();

    private TasksReader(List<StudyFile.Target> targets) {
        this.targets = targets;
    }

    static StudyFile.Tasks read(JsonFields fields, List<StudyFile.Target> targets) {
        TasksReader tasks = new TasksReader(targets);
        List<StudyFile.Reading> readings = fields.objects("readings", tasks::reading);
        if (readings.size() == 1) {
            fields.wrong("readings", "\"readings\": expected none or at least 2 to tell apart, found 1");
        }
        Set<String> known = named(readings, targets);
        return new StudyFile.Tasks(
                readings,
                fields.objects("edits", entry -> edit(entry, known)),
                fields.objects("compositions", TasksReader::composition),
                fields.flag("contrasted", false));
    }

    /// Everything an edit may name.
    static Set<String> named(List<StudyFile.Reading> readings, List<StudyFile.Target> targets) {
        return Stream.concat(
                        readings.stream().map(StudyFile.Reading::name),
                        targets.stream().map(StudyFile.Target::name))
                .collect(Collectors.toSet());
    }

    private StudyFile.Reading reading(JsonFields entry) {
        String name = entry.name(names);
        String prompt = entry.text("prompt");
        if (!prompt.isEmpty() && !prompts.add(prompt)) {
            entry.wrong("prompt", "prompt of another reading again");
        }
        Optional<String> same = targets.stream()
                .filter(target -> target.name().equals(name))
                .flatMap(TasksReader::text)
                .findFirst();
        if (!prompt.isEmpty() && same.isPresent() && !same.get().equals(prompt)) {
            entry.wrong("prompt", "reading \"" + name + "\": expected the prompt of the target of that name");
        }
        return new StudyFile.Reading(name, prompt);
    }

    private static Stream<String> text(StudyFile.Target target) {
        return target.source() instanceof StudyFile.Source.Plain(TargetSource.Prompt(String text))
                ? Stream.of(text)
                : Stream.empty();
    }

    private static StudyFile.Edit edit(JsonFields entry, Set<String> known) {
        String target = entry.text("target");
        if (!target.isEmpty() && !known.contains(target)) {
            entry.wrong("target", "\"target\": expected the name of a reading or target, found \"" + target + "\"");
        }
        List<StudyFile.Replacement> words = entry.objects("words", TasksReader::replacement);
        if (words.isEmpty() && entry.maybe("words").isEmpty()) {
            entry.missing("\"words\"");
        }
        return new StudyFile.Edit(target, words, entry.text("towards"));
    }

    private static StudyFile.Replacement replacement(JsonFields entry) {
        String from = entry.text("from");
        String to = entry.text("to");
        if (!from.isEmpty() && from.equals(to)) {
            entry.wrong("to", "\"to\": expected another word than \"from\", found \"" + to + "\"");
        }
        return new StudyFile.Replacement(from, to);
    }

    private static StudyFile.Composition composition(JsonFields entry) {
        List<String> parts = entry.texts("parts");
        if (parts.size() == 1) {
            entry.wrong("parts", "\"parts\": expected at least 2, found 1");
        }
        return new StudyFile.Composition(entry.text("prompt"), parts);
    }
}
