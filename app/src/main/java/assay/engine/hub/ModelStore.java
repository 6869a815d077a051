package assay.engine.hub;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Progress;
import assay.base.run.Refusal;
import assay.base.run.UserFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the files of a model or an adapter by what the user wrote, fetching them if they are not on this
/// machine yet.
public final class ModelStore {
    private final UserFolders folders;
    private final Pip pip;
    private final Hub hub;

    ModelStore(UserFolders folders, Pip pip, HubAccess access) {
        this.folders = folders;
        this.pip = pip;
        this.hub = new Hub(folders.hub(), access);
    }

    /// Files that are on this machine now.
    ///
    /// @param name what to call it in reports
    /// @param path a `.gguf` file, or a folder as Hugging Face libraries write it
    public record Located(String name, Path path) {}

    /// The store of the user who runs this.
    ///
    /// @throws InputException if `HF_ENDPOINT` is set to something else than a web address
    public static ModelStore current() {
        return new ModelStore(UserFolders.current(), Pip.usual(), HubAccess.of(System.getenv()));
    }

    /// What Python libraries fetch a model by: the default's name on the hub, any other name as it is.
    public static String hubName(String name) {
        return name.equals(DefaultModel.NAME) ? DefaultModel.HUB_NAME : name;
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
        Path path = path(spec, HubKind.MODEL);
        if (Files.isRegularFile(path)) {
            if (!spec.endsWith(".gguf")) {
                throw new InputException(
                        "model: expected a folder or a .gguf file, found another file (" + spec + "). Check --model.");
            }
            return new Located(stem(path), path);
        }
        return Files.isDirectory(path) ? modelIn(path) : onHub(spec, HubKind.MODEL, progress);
    }

    /// Finds an adapter.
    ///
    /// @param spec a PEFT folder, or `owner/repo[@revision][/subfolder]`
    /// @throws InputException if there is no such adapter, or it is in a form Assay does not read
    /// @throws ResourceException if it must be fetched and cannot be
    public Located locateAdapter(String spec, Progress progress) {
        Path path = path(spec, HubKind.ADAPTER);
        if (Files.isRegularFile(path)) {
            throw new InputException("adapter: expected a PEFT folder, found a file (" + spec
                    + "). Pass the folder that holds " + HubKind.ADAPTER.sign() + ".");
        }
        if (!Files.isDirectory(path)) {
            return onHub(spec, HubKind.ADAPTER, progress);
        }
        if (!Files.isRegularFile(path.resolve(HubKind.ADAPTER.sign()))) {
            throw new InputException("adapter: expected " + HubKind.ADAPTER.sign() + " in the folder, found "
                    + (Files.isRegularFile(path.resolve(HubKind.MODEL.sign())) ? "a whole model" : "none") + " (" + spec
                    + "). Pass a PEFT folder.");
        }
        return new Located(stem(path), path);
    }

    private Located onHub(String spec, HubKind kind, Progress progress) {
        boolean isPath = spec.startsWith("/") || spec.startsWith(".") || spec.startsWith("~");
        Optional<HubId> id = isPath ? Optional.empty() : HubId.parse(spec);
        if (id.isEmpty()) {
            String forms = kind.equals(HubKind.MODEL)
                    ? DefaultModel.NAME + ", a folder, a .gguf file or owner/repo"
                    : "a PEFT folder or owner/repo";
            throw new InputException(kind.word() + ": expected " + forms + ", found nothing of that name (" + spec
                    + "). Check --" + kind.word() + ".");
        }
        return new Located(id.get().toString(), hub.locate(id.get(), kind, progress));
    }

    private static Located modelIn(Path folder) {
        if (Files.isRegularFile(folder.resolve(HubKind.MODEL.sign()))) {
            return new Located(stem(folder), folder);
        }
        List<Path> ggufs = ggufs(folder);
        if (ggufs.size() == 1) {
            return new Located(stem(ggufs.get(0)), ggufs.get(0));
        }
        String found = ggufs.isEmpty() ? "neither" : ggufs.size() + " .gguf files";
        String next = Files.isRegularFile(folder.resolve(HubKind.ADAPTER.sign()))
                ? "This is an adapter: pass it with --adapter, and its base model with --model."
                : "Check --model.";
        throw new InputException("model: expected config.json or one .gguf file in the folder, found " + found + " ("
                + folder + "). " + next);
    }

    private static Path path(String spec, HubKind kind) {
        try {
            return Path.of(spec);
        } catch (InvalidPathException nonsense) {
            throw new InputException(
                    kind.word() + ": expected a path or a name, found " + nonsense.getReason() + ". Check --"
                            + kind.word() + ".",
                    nonsense);
        }
    }

    private static List<Path> ggufs(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> path.toString().endsWith(".gguf"))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw Refusal.failed("model", "to list the folder", folder, "Check its permissions.", failed);
        }
    }

    private static String stem(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        String text = name == null ? path.toString() : name.toString();
        return text.endsWith(".gguf") ? text.substring(0, text.length() - 5) : text;
    }
}
