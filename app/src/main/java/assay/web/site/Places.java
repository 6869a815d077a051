package assay.web.site;

import assay.InputException;
import assay.engine.hub.ModelStore;
import assay.engine.peft.PeftFolder;
import assay.tasks.session.Target;
import assay.web.http.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Folders the page may take adapters from: those of runs, and those the command line named. A client
/// can name no file outside them.
record Places(List<Path> folders) {
    private static final int DEPTH = 4;
    private static final int MOST_SHOWN = 200;

    /// An adapter or a soft prompt that is there.
    record Found(String name, String path) {}

    /// All that are there.
    List<Found> found() {
        return folders.stream()
                .filter(Files::isDirectory)
                .flatMap(folder -> below(folder).stream())
                .distinct()
                .limit(MOST_SHOWN)
                .toList();
    }

    private static List<Found> below(Path folder) {
        try (Stream<Path> inside = Files.find(folder, DEPTH, (path, _) -> path.endsWith("adapter_config.json"))) {
            return inside.map(Path::getParent)
                    .filter(home -> home != null && PeftFolder.holdsPeft(home))
                    .sorted()
                    .map(home -> new Found(folder.getFileName() + "/" + folder.relativize(home), home.toString()))
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of();
        }
    }

    /// What a client wants explained.
    ///
    /// @throws Refused if it lies elsewhere
    Target.Named named(Wanted wanted) {
        return switch (wanted.kind()) {
            case ADAPTER -> new Target.Named.Adapter(allowed(wanted.spec()));
            case SOFT -> new Target.Named.Soft(allowed(wanted.spec()));
            case PROMPT -> new Target.Named.Prompt(wanted.spec());
        };
    }

    private String allowed(String spec) {
        try {
            Path path = Path.of(spec);
            if (ModelStore.isOnHub(spec) && !Files.exists(path)) {
                return spec;
            }
            Path real = path.toRealPath();
            for (Path folder : folders) {
                if (Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
                    return real.toString();
                }
            }
        } catch (IOException | InvalidPathException | InputException _) {
            // Told below: whether it is there is nobody's business.
        }
        throw new Refused(
                403,
                "folder: expected one of a run, one named with --adapters, or owner/repo on a hub, found another."
                        + " Start assay serve with --adapters FOLDER.");
    }
}
