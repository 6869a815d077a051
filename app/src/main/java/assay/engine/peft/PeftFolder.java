package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.Sha256;
import assay.engine.format.MappedWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The two files of a folder that PEFT or MLX-LM saved, or the one of llama.cpp that is both.
///
/// @param config `adapter_config.json`
/// @param weights `adapter_model.safetensors`, MLX-LM's `adapters.safetensors`, or `adapter_model.bin` of old
public record PeftFolder(Path config, Path weights) {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String MLX = "adapters.safetensors";
    private static final String PICKLED = "adapter_model.bin";
    /// What others hold weights in, and what to do with it.
    private static final Map<String, String> UNREAD =
            Map.of("adapters.npz", "Convert it to safetensors, as newer versions of MLX-LM write.");

    /// Trainers save an adapter of a name of its own as `checkpoint-N/name/adapter_config.json`.
    private static final int DEEPEST = 3;

    /// Finds them in the folder itself or in the only folder inside that has them.
    ///
    /// @param subject what the user takes it for: `adapter` or `soft prompt`
    /// @throws InputException if there is none, or more than one
    public static PeftFolder find(String subject, Path folder) {
        if (isGguf(folder) && subject.equals("adapter")) {
            return new PeftFolder(folder, folder);
        }
        if (!Files.isDirectory(folder)) {
            throw Refusal.of(
                    subject,
                    "a PEFT folder",
                    Files.exists(folder) ? "a file" : "nothing",
                    folder,
                    "Give the " + subject + "'s folder.");
        }
        List<Path> homes = Files.isRegularFile(folder.resolve(CONFIG)) ? List.of(folder) : subfolders(subject, folder);
        if (homes.size() != 1) {
            throw Refusal.of(
                    subject,
                    "one " + CONFIG,
                    homes.isEmpty()
                            ? "none"
                            : homes.stream()
                                    .map(home -> folder.relativize(home) + "/")
                                    .toList()
                                    .toString(),
                    folder,
                    homes.isEmpty() ? "Give the folder of a PEFT " + subject + "." : "Give one of these folders.");
        }
        Path home = homes.getFirst();
        for (String name : List.of(WEIGHTS, MLX, PICKLED)) {
            if (Files.isRegularFile(home.resolve(name))) {
                return new PeftFolder(home.resolve(CONFIG), home.resolve(name));
            }
        }
        UNREAD.forEach((name, advice) -> {
            if (Files.isRegularFile(home.resolve(name))) {
                throw Refusal.of(subject, WEIGHTS, name + " only", home, advice);
            }
        });
        throw Refusal.of(subject, WEIGHTS, "none", home, "Fetch the " + subject + " again.");
    }

    /// Its tensors, by name.
    ///
    /// @throws InputException if they are damaged, or a pickled file does more than hold tensors
    MappedWeights<String> open() {
        return weights.endsWith(PICKLED) ? MappedWeights.torch(weights) : MappedWeights.safetensors(weights);
    }

    /// One hash for all that decides what it does: the weights, the config (its alpha scales them) and a soft prompt's
    /// slot.
    public String sha256() {
        if (isGguf(weights)) {
            return Sha256.of(weights);
        }
        String all = Stream.of(weights, config, config.resolveSibling(PeftPrompt.SIDECAR))
                .filter(Files::isRegularFile)
                .map(file -> file.getFileName() + " " + Sha256.of(file))
                .collect(Collectors.joining("\n"));
        return Sha256.ofText(all);
    }

    /// Whether a path is that of an adapter in one GGUF file.
    public static boolean isGguf(Path path) {
        return Files.isRegularFile(path)
                && path.toString().toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /// The folder they stand in, or the one file.
    public Path place() {
        return isGguf(weights) ? weights : home();
    }

    /// The folder they stand in.
    public Path home() {
        return Objects.requireNonNull(config.getParent());
    }

    /// Where the two files of `home` are or will be.
    static PeftFolder in(Path home) {
        return new PeftFolder(home.resolve(CONFIG), home.resolve(WEIGHTS));
    }

    private static List<Path> subfolders(String subject, Path folder) {
        try (Stream<Path> inside = Files.find(folder, DEEPEST, (path, _) -> path.endsWith(CONFIG))) {
            return inside.filter(Files::isRegularFile)
                    .map(config -> folder.resolve(folder.relativize(config)).getParent())
                    .sorted()
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw Refusal.unreadable(subject, folder, Objects.requireNonNull(unreadable.getCause()));
        } catch (IOException unreadable) {
            throw Refusal.unreadable(subject, folder, unreadable);
        }
    }

    /// Whether a folder holds a finished adapter or soft prompt.
    public static boolean holdsPeft(Path folder) {
        return Files.isRegularFile(folder.resolve("adapter_config.json"));
    }
}
