package assay.tasks.distil;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Sha256;
import assay.base.run.SmallFile;
import assay.base.run.UserFolders;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import assay.engine.model.ChatModel;
import assay.engine.text.BasePrompt;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The foreign contexts a model's students learn from: the atlas's probe and many more user turns on its fit
/// split. They depend on the model alone, so they are written once and kept in the user's cache.
final class TurnShelf {
    /// User turns added to the probe's fit split.
    static final int MORE_TURNS = 256;

    /// Seed of the added turns and the answers to them, the same for all runs.
    static final long SEED = 7;

    private static final long MOST_BYTES = 1L << 26;

    private TurnShelf() {}

    /// The contexts of a model, written now if they are not there.
    ///
    /// @param atlas the model's atlas, whose probe is grown and whose prompts write answers; without one a
    /// probe is made, answered by the base alone
    static Probe foreign(ChatModel open, Optional<Atlas> atlas, Job job) {
        // Whatever the base is: these are texts, written once.
        ChatModel chat = open.over(BasePrompt.usual());
        String origin = atlas.map(
                        known -> Sha256.of(AtlasFile.bytes(known.probe())).substring(0, 8))
                .orElse("alone");
        String name = chat.sha256().substring(0, 16) + "-" + origin + "-" + MORE_TURNS + ".turns";
        Path file = UserFolders.current().cache().resolve("turns").resolve(name);
        Optional<Probe> kept = read(file, chat.model().vocabulary());
        if (kept.isPresent()) {
            return kept.get();
        }
        try (var stage = job.stage("user turns written by the model, once", 1)) {
            ProbeMaker maker = new ProbeMaker(chat);
            List<String> writers = atlas.map(Atlas::texts).orElse(List.of());
            Probe probe =
                    atlas.map(Atlas::probe).orElseGet(() -> maker.make(ProbeMaker.Sizes.defaults(), writers, SEED));
            Probe grown = maker.grown(probe, MORE_TURNS, writers, SEED);
            AtomicFiles.write(file, AtlasFile.bytes(grown));
            stage.advance(1);
            return grown;
        }
    }

    /// What is kept; a damaged file, or one with tokens the model does not have, counts as none, since it can be made
    /// again.
    ///
    /// @param rows tokens of the model
    static Optional<Probe> read(Path file, int rows) {
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(AtlasFile.probe(SmallFile.bytes(file, MOST_BYTES), file.toString()))
                            .filter(probe -> probe.isWithin(rows))
                    : Optional.empty();
        } catch (IOException | InputException _) {
            return Optional.empty();
        }
    }
}
