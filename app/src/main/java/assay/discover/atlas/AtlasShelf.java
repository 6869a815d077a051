package assay.discover.atlas;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where atlases stand: the shipped ones in the program's `atlas` folder, the ones users build in their
/// cache.
///
/// @param shipped folder of the atlases that come with the program
/// @param built folder of the atlases built on this machine
public record AtlasShelf(Path shipped, Path built) {
    /// The file in which an atlas of a model is built.
    public Path buildFile(String modelSha256) {
        return built.resolve(modelSha256.substring(0, 16) + ".atlas");
    }

    /// An atlas and where it stands.
    public record Shelved(Atlas atlas, Path file) {}

    /// Whether there is an atlas file for a model.
    public boolean exists(String modelName, String modelSha256) {
        return files(modelName, modelSha256).stream().anyMatch(Files::isRegularFile);
    }

    private List<Path> files(String modelName, String modelSha256) {
        return List.of(buildFile(modelSha256), shipped.resolve(modelName + ".atlas"));
    }

    /// The atlas of a model.
    ///
    /// @throws InputException if there is none, or if it is unfinished or damaged
    public Shelved find(String modelName, String modelSha256) {
        for (Path file : files(modelName, modelSha256)) {
            Optional<Atlas> atlas = read(file);
            if (atlas.isPresent()) {
                atlas.get().requireModel(modelName, modelSha256);
                return new Shelved(atlas.get(), file);
            }
        }
        String next = "Build one with: assay atlas build --model " + modelName;
        throw Refusal.of("atlas", "one of model " + modelName, "none", buildFile(modelSha256), next);
    }

    /// An atlas file, if there is one.
    ///
    /// @throws InputException if it is damaged
    public static Optional<Atlas> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return Optional.of(AtlasFile.read(in, file.toString()));
        } catch (IOException unreadable) {
            throw Refusal.of("atlas", "a readable file", Refusal.reason(unreadable), file, "Check its permissions.");
        }
    }

    /// The atlas in a file a user named.
    ///
    /// @throws InputException if there is none, or it is another model's, unfinished or damaged
    public static Atlas required(Path file, String modelName, String modelSha256) {
        Atlas atlas = read(file).orElseThrow(() -> Refusal.of("atlas", "a file", "none", file, "Check the path."));
        atlas.requireModel(modelName, modelSha256);
        return atlas;
    }

    /// Writes an atlas whole or not at all.
    public static void write(Atlas atlas, Path file) {
        AtomicFiles.write(file, out -> AtlasFile.write(atlas, out));
    }
}
