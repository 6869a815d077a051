package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The two files of a folder that PEFT saved.
///
/// @param config `adapter_config.json`
/// @param weights `adapter_model.safetensors`
public record PeftFolder(Path config, Path weights) {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";

    /// @param subject what the user takes it for: `adapter` or `soft prompt`
    /// @throws InputException if there is none, more than one, or only a pickled one
    static PeftFolder find(String subject, Path folder) {
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
                                    .map(home -> home.getFileName() + "/")
                                    .toList()
                                    .toString(),
                    folder,
                    homes.isEmpty() ? "Give the folder of a PEFT " + subject + "." : "Give one of these folders.");
        }
        Path home = homes.getFirst();
        if (!Files.isRegularFile(home.resolve(WEIGHTS))) {
            boolean pickled = Files.isRegularFile(home.resolve("adapter_model.bin"));
            throw Refusal.of(
                    subject,
                    WEIGHTS,
                    pickled ? "adapter_model.bin only" : "none",
                    home,
                    pickled
                            ? "Pickled files can run code; convert it to safetensors with PEFT's save_pretrained."
                            : "Fetch the " + subject + " again.");
        }
        return in(home);
    }

    /// Where the two files of `home` are or will be.
    static PeftFolder in(Path home) {
        return new PeftFolder(home.resolve(CONFIG), home.resolve(WEIGHTS));
    }

    private static List<Path> subfolders(String subject, Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> Files.isRegularFile(child.resolve(CONFIG)))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw Refusal.unreadable(subject, folder, unreadable);
        }
    }

    /// Whether a folder holds a finished adapter or soft prompt.
    public static boolean holdsPeft(Path folder) {
        return Files.isRegularFile(folder.resolve("adapter_config.json"));
    }
}
