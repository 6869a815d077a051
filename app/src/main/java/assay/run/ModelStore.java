package assay.run;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Finds the files of a model or an adapter by what the user wrote, fetching them if they are not on this machine yet.
public final class ModelStore {
    private final UserFolders folders;
    private final Pip pip;

    ModelStore(UserFolders folders, Pip pip) {
        this.folders = folders;
        this.pip = pip;
    }

    /// Files that are on this machine now.
    ///
    /// @param name what to call it in reports
    /// @param path a `.gguf` file, or a folder as Hugging Face libraries write it
    public record Located(String name, Path path) {}

    /// The store of the user who runs this.
    public static ModelStore current() {
        return new ModelStore(UserFolders.current(), Pip.usual());
    }

    /// Finds a language model.
    ///
    /// @param spec `smollm2-135m`, a folder, a `.gguf` file, or `owner/repo[@revision][/subfolder]`
    /// @throws InputException if there is no such model, or it is in a form Assay does not read
    /// @throws ResourceException if it must be fetched and cannot be
    public Located locate(String spec, Progress progress) {
        if (spec.equals(DefaultModel.NAME)) {
            return new Located(spec, DefaultModel.SMOLLM2.locate(folders.cache(), pip, progress));
        }
        Path path = Path.of(spec);
        if (Files.isRegularFile(path)) {
            return new Located(stem(path), path);
        }
        if (Files.isDirectory(path)) {
            return inFolder(path);
        }
        throw new InputException("model: expected " + DefaultModel.NAME
                + ", a folder or a .gguf file, found nothing of that name (" + spec + "). Check the path.");
    }

    private static Located inFolder(Path folder) {
        if (Files.isRegularFile(folder.resolve("config.json"))) {
            return new Located(stem(folder), folder);
        }
        List<Path> ggufs = files(folder, ".gguf");
        if (ggufs.size() == 1) {
            return new Located(stem(ggufs.get(0)), ggufs.get(0));
        }
        throw new InputException("model: expected config.json or one .gguf file in the folder, found neither (" + folder
                + "). Check --model.");
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> path.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new ResourceException(
                    "model: expected to list the folder, found " + AtomicFiles.reason(failed) + " (" + folder + ").",
                    failed);
        }
    }

    private static String stem(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        String text = name == null ? path.toString() : name.toString();
        return text.endsWith(".gguf") ? text.substring(0, text.length() - 5) : text;
    }
}
