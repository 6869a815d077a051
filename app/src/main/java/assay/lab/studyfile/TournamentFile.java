package assay.lab.studyfile;

import assay.tasks.session.TargetSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A file of targets for a tournament of search strategies.
///
/// @param targets in the order of the file
public record TournamentFile(List<Entry> targets) {
    /// One target.
    ///
    /// @param name of its folder
    /// @param kind the group its figures are summed up in, such as `prompt` or `gibberish`
    public record Entry(String name, String kind, TargetSource source) {}

    /// Reads one; unknown fields are refused.
    ///
    /// @throws assay.InputException naming everything that is wrong with it, each with its line
    public static TournamentFile read(Path path) {
        return LocatedJson.read("tournament", path).object(fields -> {
            fields.described();
            Set<String> names = new HashSet<>();
            return new TournamentFile(fields.someObjects("targets", entry -> entry(entry, names)));
        });
    }

    private static Entry entry(JsonFields entry, Set<String> names) {
        String name = entry.name(names);
        String kind = entry.text("class");
        TargetSource source = PlainSources.read(entry, entry.either(PlainSources.FIELDS));
        return source instanceof TargetSource.Planted planted
                ? new Entry(name, kind, new TargetSource.Planted(planted.atoms(), entry.flag("known", false)))
                : new Entry(name, kind, source);
    }
}
