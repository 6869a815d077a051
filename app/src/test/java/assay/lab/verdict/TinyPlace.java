package assay.lab.verdict;

import assay.base.run.AtomicFiles;
import assay.base.run.Sha256;
import assay.base.run.UserFolders;
import assay.discover.atlas.AtlasFile;
import assay.measure.probe.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A folder in which every command can be tried on a tiny random model within seconds, for `bench/kill`: the model
/// `tied`, its atlas in `home/atlas`, the adapter `lora`, examples, studies. The user turns that a model writes once
/// are
/// put into the cache, as this one cannot write any.
public final class TinyPlace {
    private TinyPlace() {}

    /// Makes it, with the user's cache.
    ///
    /// @param arguments the folder, which is made
    public static void main(String[] arguments) throws IOException {
        make(Path.of(arguments[0]), UserFolders.current().cache());
    }

    /// Makes it.
    ///
    /// @param cache where user turns go
    public static void make(Path folder, Path cache) throws IOException {
        Files.createDirectories(folder);
        try (TinyStudy study = TinyStudy.open(folder)) {
            study.write(TinyStudy.WHOLE);
            Probe probe = study.session.atlas().atlas().probe();
            String origin = Sha256.of(AtlasFile.bytes(probe)).substring(0, 8);
            String model = study.session.chat().sha256().substring(0, 16);
            AtomicFiles.write(cache.resolve("turns/" + model + "-" + origin + "-256.turns"), AtlasFile.bytes(probe));
        }
        Files.writeString(folder.resolve("tournament.json"), """
                {"schema_version": 1, "name": "tiny", "targets": [
                  {"name": "cook", "class": "prompt", "prompt": "You are a sad cook."},
                  {"name": "rain", "class": "prompt", "prompt": "Talk of rain."}]}
                """);
        Files.writeString(folder.resolve("zoo.json"), """
                {"schema_version": 1, "name": "tiny", "targets": [
                  {"name": "cook", "class": "elicitation", "predicted": "works", "why": "small", "steps": 8,
                   "prompt": "You are a cook."}]}
                """);
    }
}
