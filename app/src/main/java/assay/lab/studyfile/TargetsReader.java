package assay.lab.studyfile;

import assay.lab.claims.TargetKind;
import assay.tasks.distil.BakeRun;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the targets and the adapters of a study file.
///
/// @param beside where it finds files
/// @param seeds how many the study has
record TargetsReader(NamedFiles beside, int seeds) {
    private static final List<String> SOURCES = Stream.concat(
                    PlainSources.FIELDS.stream(), Stream.of("adapter", "distilled"))
            .toList();
    private static final List<String> ORIGINS = List.of("adapter", "prompt", "data");
    private static final Path NOWHERE = Path.of("");

    /// The targets; a study without any is a problem.
    List<StudyFile.Target> targets(JsonFields fields, List<StudyFile.Adapter> adapters) {
        Set<String> names = new HashSet<>();
        return fields.someObjects("targets", entry -> target(entry, names, adapters));
    }

    private StudyFile.Target target(JsonFields entry, Set<String> names, List<StudyFile.Adapter> adapters) {
        String name = entry.name(names);
        String spelled = entry.word("class", TargetKind.spellings());
        String given = entry.either(SOURCES);
        // A class that is none is a problem of its own, with which no study is read; any will do.
        TargetKind kind = spelled.isEmpty() ? TargetKind.PROMPT : TargetKind.spelled(spelled);
        List<String> fitting = sources(kind);
        if (!spelled.isEmpty() && !given.isEmpty() && !fitting.contains(given)) {
            entry.wrong(
                    given,
                    "class \"" + kind + "\": expected \"" + String.join("\" or \"", fitting) + "\", found \"" + given
                            + "\"");
        }
        return new StudyFile.Target(name, kind, source(entry, given, adapters));
    }

    /// The fields that can say what a target of a kind is.
    private static List<String> sources(TargetKind kind) {
        return switch (kind) {
            case PLANTED -> List.of("mixture");
            case SOFT -> List.of("distilled", "soft");
            case ADAPTER -> List.of("adapter");
            case RANDOM_SOFT -> List.of("random_tokens");
            case PROMPT, GIBBERISH, NULL_SHUFFLED, NULL_NOISE, NULL_UNTRAINED -> List.of("prompt");
        };
    }

    private StudyFile.Source source(JsonFields entry, String given, List<StudyFile.Adapter> adapters) {
        return switch (given) {
            case "adapter" ->
                new StudyFile.Source.Lora(beside.peft(entry, "adapter").orElse(NOWHERE));
            case "distilled" -> distilled(entry, adapters);
            default -> new StudyFile.Source.Plain(new PlainSources(beside).read(entry, given));
        };
    }

    private static StudyFile.Source distilled(JsonFields entry, List<StudyFile.Adapter> adapters) {
        String adapter = entry.text("distilled");
        if (!adapter.isEmpty()
                && adapters.stream().noneMatch(known -> known.name().equals(adapter))) {
            entry.wrong("distilled", "\"distilled\": expected a name of \"adapters\", found \"" + adapter + "\"");
        }
        return new StudyFile.Source.Distilled(adapter);
    }

    /// The adapters; there may be none.
    List<StudyFile.Adapter> adapters(JsonFields fields) {
        Set<String> names = new HashSet<>();
        return fields.objects("adapters", entry -> adapter(entry, names));
    }

    private StudyFile.Adapter adapter(JsonFields entry, Set<String> names) {
        // Without valid seeds, which is a problem of its own, any number will do.
        int most = seeds == 0 ? Integer.MAX_VALUE : seeds;
        return new StudyFile.Adapter(
                entry.name(names),
                entry.word("class", ZooFile.CLASSES),
                entry.word("predicted", List.of("works", "fails")).equals("works"),
                entry.text("why"),
                origin(entry),
                entry.whole("seeds", 1, most, most));
    }

    private StudyFile.Origin origin(JsonFields entry) {
        String given = entry.either(ORIGINS);
        if (given.equals("adapter")) {
            return new StudyFile.Origin.Folder(beside.peft(entry, "adapter").orElse(NOWHERE));
        }
        int steps = entry.whole("steps", 1, 100_000, 0);
        if (given.equals("data")) {
            Optional<Path> file = beside.file(entry, "data");
            return new StudyFile.Origin.Baked(new BakeRun.Source.Data(file.orElse(NOWHERE)), steps);
        }
        String prompt = given.isEmpty() ? "" : entry.text("prompt");
        return new StudyFile.Origin.Baked(new BakeRun.Source.Prompt(prompt), steps);
    }
}
