package assay.tasks.census;

import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.RunFingerprint;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.explain.Explain;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One census from end to end.
///
/// 1. Every adapter is looked at: is it there, does it fit, which one is it? Those of one identity
/// are one.
/// 2. Each identity is explained once; what was found is kept under it, so that a census that was
/// stopped, or whose shelf has grown, goes on with what is new. What failed is tried again.
/// 3. Rows, in the order of the list; then who is near whom.
///
/// @param session with the model and the job
/// @param shelved its atlas
/// @param options of every explanation
/// @param crew does the work
public record CensusRun(Session session, AtlasShelf.Shelved shelved, Explain.Options options, Crew crew) {
    /// What a folder of rows was begun with.
    private static final String BEGUN = "begun.json";

    /// The folder of a census: a new one, or one that holds some of its rows.
    ///
    /// @param out where the user wants it
    /// @throws assay.InputException if `out` holds something else
    public static RunFolder folder(Optional<Path> out) {
        return RunFolder.resumable(out, "census", "rows/" + BEGUN);
    }

    /// Counts adapters.
    ///
    /// @param adapters as [AdapterList] names them
    /// @throws assay.InputException if the folder was begun with another model, atlas or options
    public Census run(List<String> adapters, RunFolder folder) {
        Job job = session.job();
        Path rows = folder.path().resolve("rows");
        RunFingerprint.require(
                rows.resolve(BEGUN), depends(), "Name another --out, or give the options it was begun with.", job);
        List<Look> looks = looks(adapters);
        Map<String, Counted> found = counted(adapters, looks, new FinishedParts(rows, job));
        List<CensusRow> all = new ArrayList<>();
        Map<String, String> first = new HashMap<>();
        for (int i = 0; i < looks.size(); i++) {
            all.add(row(adapters.get(i), looks.get(i), found, first));
        }
        return new Census(session.chat().model().name(), session.chat().sha256(), all, provenance(), job.seconds());
    }

    private List<Look> looks(List<String> adapters) {
        Look[] looks = new Look[adapters.size()];
        try (Stage stage = session.job().stage("adapters looked at", adapters.size())) {
            crew.look(adapters, (look, i) -> {
                looks[i] = look;
                stage.advance(1);
                tellOf(adapters.get(i), look.error());
            });
        }
        return List.of(looks);
    }

    /// What was found of every identity.
    private Map<String, Counted> counted(List<String> adapters, List<Look> looks, FinishedParts parts) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (int i = 0; i < looks.size(); i++) {
            if (looks.get(i).isFine()) {
                wanted.putIfAbsent(looks.get(i).identity(), adapters.get(i));
            }
        }
        Map<String, Counted> found = new HashMap<>();
        try (Stage stage = session.job().stage("adapters explained", wanted.size())) {
            for (String identity : List.copyOf(wanted.keySet())) {
                if (parts.has(identity, Counted.class)) {
                    found.put(identity, parts.kept(identity, Counted.class));
                    wanted.remove(identity);
                    stage.skip(1);
                }
            }
            List<String> identities = List.copyOf(wanted.keySet());
            List<String> left = List.copyOf(wanted.values());
            crew.count(left, options, (counted, i) -> {
                found.put(identities.get(i), kept(identities.get(i), counted, parts));
                stage.advance(1);
                tellOf(left.get(i), counted.error());
            });
        }
        return found;
    }

    /// Kept at once, unless it failed: perhaps it does not the next time.
    private static Counted kept(String identity, Counted counted, FinishedParts parts) {
        return counted.found().isEmpty() ? counted : parts.get(identity, Counted.class, () -> counted);
    }

    private void tellOf(String adapter, String error) {
        if (!error.isEmpty()) {
            session.job().note("  " + adapter + " · " + error);
        }
    }

    /// @param first adapter of every identity so far
    private static CensusRow row(String adapter, Look look, Map<String, Counted> found, Map<String, String> first) {
        if (!look.isFine()) {
            return new CensusRow(adapter, look.identity(), look.kind(), Optional.empty(), 0, look.error());
        }
        Counted counted = found.get(look.identity());
        if (counted == null) {
            throw new IllegalStateException("census: nobody counted " + adapter);
        }
        boolean isFirst = first.putIfAbsent(look.identity(), adapter) == null;
        double seconds = isFirst ? counted.seconds() : 0;
        return new CensusRow(adapter, look.identity(), counted.kind(), counted.found(), seconds, counted.error());
    }

    /// Everything that rows depend on, besides the adapters.
    private Map<String, String> depends() {
        Map<String, String> depends = new TreeMap<>();
        depends.put("model", session.chat().sha256());
        depends.put("dtype", session.chat().model().dtype().name());
        depends.put("base_prompt", session.chat().slot().basePrompt().written());
        depends.put("atlas", Sha256.of(shelved.file()));
        depends.put("options", options.toString());
        depends.put("version", Provenance.assayVersion() + " " + Provenance.codeHash());
        return depends;
    }

    private Map<String, Object> provenance() {
        Map<String, Object> provenance = new TreeMap<>(
                session.provenance(Map.of("explain", options.seed()), Map.of("atlas", Sha256.of(shelved.file()))));
        provenance.put("sources", Map.of("model", session.source()));
        return provenance;
    }
}
