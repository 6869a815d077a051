package assay.tasks.census;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.engine.hub.ModelStore;
import assay.engine.peft.PeftFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The adapters of a shelf by their names: paths of folders, or names on a hub.
public final class AdapterList {
    private static final long MOST_BYTES = 1L << 28;
    private static final String PARQUET = "PAR1";

    private AdapterList() {}

    /// All adapters of a folder, however deep, in the order of their paths; or those a text file
    /// lists, one a line, in its order, each once. In a list, empty lines and lines that begin with
    /// `#` count for nothing, and a path that is not absolute starts at the list's own folder.
    ///
    /// @throws InputException if there is none
    public static List<String> read(Path place) {
        if (Files.isDirectory(place)) {
            return some(inside(place), "an adapter_config.json somewhere in the folder", place);
        }
        if (!Files.isRegularFile(place)) {
            throw Refusal.of(
                    "adapters", "a folder, or a text file that lists some", "nothing", place, "Check the path.");
        }
        return some(listed(place), "a path or a name on a line", place);
    }

    private static List<String> some(List<String> adapters, String expected, Path place) {
        if (adapters.isEmpty()) {
            throw Refusal.of("adapters", expected, "none", place, "Name the folder they stand in.");
        }
        return adapters;
    }

    private static List<String> inside(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isDirectory)
                    .filter(PeftFolder::holdsPeft)
                    .sorted()
                    .map(Path::toString)
                    .toList();
        } catch (UncheckedIOException failed) {
            IOException cause = failed.getCause();
            throw Refusal.unreadable("adapters", folder, cause == null ? new IOException(failed) : cause);
        } catch (IOException failed) {
            throw Refusal.unreadable("adapters", folder, failed);
        }
    }

    private static List<String> listed(Path file) {
        String text;
        try {
            text = new String(SmallFile.bytes(file, MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw Refusal.unreadable("adapters", file, failed);
        }
        if (text.startsWith(PARQUET)) {
            throw Refusal.of(
                    "adapters",
                    "a folder, or a text file that lists some",
                    "a Parquet table",
                    file,
                    "Tables are read by: assay cluster --master 'local[*]' census");
        }
        Set<String> adapters = new LinkedHashSet<>();
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> named(line, file))
                .forEach(adapters::add);
        return List.copyOf(adapters);
    }

    /// A line of a list as any command would take it. What is no folder may be on a hub; else it
    /// gets a row that says so.
    ///
    /// @param list the file in which it stands
    public static String named(String line, Path list) {
        try {
            Path beside = list.resolveSibling(line);
            return Files.isDirectory(beside) || !ModelStore.isOnHub(line) ? beside.toString() : line;
        } catch (InvalidPathException _) {
            return line;
        }
    }
}
