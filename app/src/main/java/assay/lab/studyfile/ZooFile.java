package assay.lab.studyfile;

import assay.tasks.distil.Bake;
import assay.tasks.distil.StudentForm;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A study file: targets to bake, with what is expected of them written down before anything runs.
///
/// @param targets in the order of the file
public record ZooFile(List<Entry> targets) {
    /// What kinds of fine-tunes there are.
    static final List<String> CLASSES = List.of("elicitation", "topic", "memorised", "skill", "broad");

    private static final int MOST_RANK = 4096;
    private static final int MOST_STEPS = 100_000;

    /// One target.
    ///
    /// @param name of its folder
    /// @param kind its class: `elicitation`, `topic`, `memorised`, `skill` or `broad`
    /// @param worksPredicted whether a soft prompt was expected to stand in for it
    /// @param why the reason that was given
    /// @param source what it is baked from
    /// @param form the adapter it is baked into
    /// @param steps most training steps
    public record Entry(
            String name,
            String kind,
            boolean worksPredicted,
            String why,
            Bake.Source source,
            StudentForm form,
            int steps) {}

    /// Reads one; unknown fields are refused.
    ///
    /// @throws assay.InputException naming everything that is wrong with it, each with its line
    public static ZooFile read(Path path) {
        return LocatedJson.read("study", path).object(fields -> {
            fields.described();
            Set<String> names = new HashSet<>();
            return new ZooFile(fields.someObjects("targets", entry -> entry(entry, names)));
        });
    }

    private static Entry entry(JsonFields entry, Set<String> names) {
        String name = entry.name(names);
        return new Entry(
                name,
                entry.word("class", CLASSES),
                entry.word("predicted", List.of("works", "fails")).equals("works"),
                entry.textOrNone("why"),
                source(entry),
                new StudentForm.Lora(
                        entry.whole("rank", 1, MOST_RANK, 8),
                        entry.number("alpha", 0, 1e6, 16),
                        entry.has("modules") ? entry.texts("modules") : List.of("q_proj", "v_proj")),
                entry.whole("steps", 1, MOST_STEPS, 0));
    }

    private static Bake.Source source(JsonFields entry) {
        if (entry.either(List.of("prompt", "data")).equals("data")) {
            return new Bake.Source.Data(entry.file("data"));
        }
        return new Bake.Source.Prompt(entry.textOrNone("prompt"));
    }
}
