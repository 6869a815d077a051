package assay.study;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads what the lists of a study are read for: blind matching, edits, compositions.
final class VerdictTasks {
    private final List<VerdictFile.Target> targets;
    private final Set<String> names = new HashSet<>();
    private final Set<String> prompts = new HashSet<>();

    private VerdictTasks(List<VerdictFile.Target> targets) {
        this.targets = targets;
    }

    static VerdictFile.Tasks read(Fields fields, List<VerdictFile.Target> targets) {
        VerdictTasks tasks = new VerdictTasks(targets);
        List<VerdictFile.Reading> readings = fields.objects("readings", tasks::reading);
        if (readings.size() == 1) {
            fields.wrong("readings", "\"readings\": expected none or at least 2 to tell apart, found 1");
        }
        Set<String> known = named(readings, targets);
        return new VerdictFile.Tasks(
                readings,
                fields.objects("edits", entry -> edit(entry, known)),
                fields.objects("compositions", VerdictTasks::composition),
                fields.flag("contrasted", false));
    }

    /// Everything an edit may name.
    static Set<String> named(List<VerdictFile.Reading> readings, List<VerdictFile.Target> targets) {
        return Stream.concat(
                        readings.stream().map(VerdictFile.Reading::name),
                        targets.stream().map(VerdictFile.Target::name))
                .collect(Collectors.toSet());
    }

    private VerdictFile.Reading reading(Fields entry) {
        String name = entry.name(names);
        String prompt = entry.text("prompt");
        if (!prompt.isEmpty() && !prompts.add(prompt)) {
            entry.wrong("prompt", "prompt of another reading again");
        }
        Optional<String> same = targets.stream()
                .filter(target -> target.name().equals(name))
                .flatMap(VerdictTasks::text)
                .findFirst();
        if (!prompt.isEmpty() && same.isPresent() && !same.get().equals(prompt)) {
            entry.wrong("prompt", "reading \"" + name + "\": expected the prompt of the target of that name");
        }
        return new VerdictFile.Reading(name, prompt);
    }

    private static Stream<String> text(VerdictFile.Target target) {
        return target.source() instanceof VerdictFile.Source.Plain(TournamentFile.Source.Prompt(String text))
                ? Stream.of(text)
                : Stream.empty();
    }

    private static VerdictFile.Edit edit(Fields entry, Set<String> known) {
        String target = entry.text("target");
        if (!target.isEmpty() && !known.contains(target)) {
            entry.wrong("target", "\"target\": expected the name of a reading or target, found \"" + target + "\"");
        }
        List<VerdictFile.Replacement> words = entry.objects("words", VerdictTasks::replacement);
        if (words.isEmpty() && entry.maybe("words").isEmpty()) {
            entry.missing("\"words\"");
        }
        return new VerdictFile.Edit(target, words, entry.text("towards"));
    }

    private static VerdictFile.Replacement replacement(Fields entry) {
        String from = entry.text("from");
        String to = entry.text("to");
        if (!from.isEmpty() && from.equals(to)) {
            entry.wrong("to", "\"to\": expected another word than \"from\", found \"" + to + "\"");
        }
        return new VerdictFile.Replacement(from, to);
    }

    private static VerdictFile.Composition composition(Fields entry) {
        List<String> parts = entry.texts("parts");
        if (parts.size() == 1) {
            entry.wrong("parts", "\"parts\": expected at least 2, found 1");
        }
        return new VerdictFile.Composition(entry.text("prompt"), parts);
    }
}
