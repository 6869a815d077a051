package assay.discover.atlas;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.base.run.ShellWord;
import assay.engine.model.ChatModel;
import assay.engine.model.Identity;
import assay.engine.text.Thinking;
import assay.measure.probe.SketchMap;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Where atlases stand: the shipped ones in the program's `atlas` folder, the ones users build in their
/// cache.
///
/// @param shipped folder of the atlases that come with the program
/// @param built folder of the atlases built on this machine
/// @param model how the user names the model in a command
public record AtlasShelf(Path shipped, Path built, String model) {
    /// The file in which an atlas of a model is built.
    public Path buildFile(ChatModel chat) {
        return buildFile(chat.sha256());
    }

    private Path buildFile(String sha256) {
        return built.resolve(sha256.substring(0, 16) + ".atlas");
    }

    /// An atlas and where it stands.
    public record Shelved(Atlas atlas, Path file) {}

    /// Whether there is an atlas file for a model.
    public boolean exists(ChatModel chat) {
        return files(chat).stream().anyMatch(Files::isRegularFile);
    }

    private List<Path> files(ChatModel chat) {
        return List.of(buildFile(chat), shipped.resolve(chat.model().name() + ".atlas"));
    }

    /// Whether there is an atlas file for a model that is not open.
    ///
    /// @param name what it is called
    /// @param sha256 asked for only where something may belong to it
    public boolean exists(String name, Supplier<String> sha256) {
        return Files.isRegularFile(shipped.resolve(name + ".atlas"))
                || (Files.isDirectory(built) && Files.isRegularFile(buildFile(sha256.get())));
    }

    /// The atlas of a model, over the base it is open with.
    ///
    /// @throws InputException if there is none, or if it is unfinished or damaged
    public Shelved find(ChatModel chat) {
        for (Path file : files(chat)) {
            if (Files.isRegularFile(file)) {
                return new Shelved(MovedAtlas.over(required(file, chat), chat), file);
            }
        }
        throw Refusal.of(
                "atlas",
                "one of model " + chat.model().name(),
                nearest(chat),
                buildFile(chat),
                "Build one with: " + buildCommand());
    }

    /// The command that builds or finishes the model's atlas.
    public String buildCommand() {
        return "assay atlas build --model " + ShellWord.of(model);
    }

    /// What there is instead: an atlas of a model of that name, of which other parts are not the same.
    private String nearest(ChatModel chat) {
        if (!Files.isDirectory(built)) {
            return "none";
        }
        try (Stream<Path> files = Files.list(built)) {
            return files.filter(file -> file.toString().endsWith(".atlas"))
                    .sorted()
                    .flatMap(file -> read(file).stream())
                    .map(Atlas::header)
                    .filter(header -> chat.model().name().equals(header.get(Atlas.MODEL_NAME)))
                    .map(header -> Identity.parse(header.getOrDefault(Atlas.IDENTITY, "")))
                    .filter(other -> !other.parts().isEmpty())
                    .map(other -> "one of a model of that name with other "
                            + String.join(" and ", chat.identity().differences(other)))
                    .findFirst()
                    .orElse("none");
        } catch (IOException | InputException _) {
            return "none";
        }
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
    public Atlas required(Path file, ChatModel chat) {
        Atlas atlas = read(file).orElseThrow(() -> Refusal.of("atlas", "a file", "none", file, "Check the path."));
        atlas.requireModel(chat.model().name(), chat.sha256(), buildCommand());
        requireRuns(atlas, file, chat);
        requireThinking(atlas, file, chat);
        return atlas;
    }

    /// Refuses the atlas of a model that thinks, if it was made before thinking was switched off.
    private void requireThinking(Atlas atlas, Path file, ChatModel chat) {
        Thinking thinking = chat.slot().thinking();
        String found = atlas.header().getOrDefault(Atlas.THINKING, Thinking.NONE.name());
        if (!found.equals(thinking.name())) {
            String expected = "one made with thinking " + thinking.words();
            throw Refusal.of("atlas", expected, "another", file, "Rebuild it with: " + buildCommand() + " --force");
        }
    }

    /// Refuses tokens and widths that the model does not have: whatever its header says, the atlas is another's.
    static void requireRuns(Atlas atlas, Path file, ChatModel chat) {
        int numbers = chat.model().hidden() * SketchMap.COLUMNS;
        if (!atlas.probe().isWithin(chat.model().vocabulary()) || atlas.map().whitened().length != numbers) {
            String expected = "tokens and widths of model " + chat.model().name();
            throw Refusal.of("atlas", expected, "others", file, "Build or fetch it again.");
        }
    }

    /// Writes an atlas whole or not at all.
    public static void write(Atlas atlas, Path file) {
        AtomicFiles.write(file, out -> AtlasFile.write(atlas, out));
    }
}
