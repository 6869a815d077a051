package assay.tasks.extend;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.Refusal;
import assay.base.run.SavedState;
import assay.base.run.Sha256;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.session.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// One command to extend an atlas: what it starts from, where it ends, and its checkpoint beside that.
///
/// @param out where the extended one is written
/// @param run what a command that goes on must share with the one that was stopped, by name
public record ExtendPlan(Atlas atlas, Path out, Map<String, String> run, Options options) {
    /// Where candidates come from.
    public sealed interface Supply {
        /// Lines of a text file.
        record Lines(Path file) implements Supply {
            /// Looks whether there is something to read.
            ///
            /// @throws InputException if it is missing, empty or a folder
            public Lines {
                CandidateFile.require(file);
            }
        }

        /// So many composed from the grammars and written by the model.
        record Drawn(long count) implements Supply {}
    }

    /// What to do.
    ///
    /// @param keep prompts to add at most
    /// @param atlas the one to extend; the model's own if empty
    /// @param out where the extended one is written; the user's cache, where the model's own is found, if empty
    public record Options(Supply supply, int keep, long seed, Optional<Path> atlas, Optional<Path> out) {}

    /// A plan for an open model.
    ///
    /// @throws InputException if the atlas does not fit the model, or the output is something else
    static ExtendPlan of(Options options, Session session) {
        Path file = options.atlas().orElseGet(() -> session.atlas().file());
        Atlas atlas = session.shelf().required(file, session.chat());
        Path out = options.out().orElse(session.shelf().buildFile(session.chat()));
        requireFree(out, file);
        Map<String, String> run = Map.of(
                "model", session.chat().sha256(),
                "dtype", session.chat().model().dtype().name(),
                "atlas", Sha256.of(file),
                "candidates", identity(options.supply()),
                "keep", Integer.toString(options.keep()),
                "seed", Long.toString(options.seed()),
                "assay_version", Provenance.assayVersion());
        return new ExtendPlan(atlas, out, run, options);
    }

    private static String identity(Supply supply) {
        return switch (supply) {
            case Supply.Lines(Path file) -> "file " + Sha256.of(file);
            case Supply.Drawn(long count) -> count + " drawn";
        };
    }

    /// No atlas but the one that is extended may be written over.
    private static void requireFree(Path out, Path atlas) {
        String expected = "a new file or the atlas that is extended";
        try {
            if (Files.exists(out) && !Files.isSameFile(out, atlas)) {
                String next = "Move it away or name another --out.";
                throw Refusal.of("--out", expected + " (" + atlas + ")", "another", out, next);
            }
        } catch (IOException unreadable) {
            throw Refusal.of("--out", expected, Refusal.reason(unreadable), out, "Check its permissions.");
        }
    }

    private Path checkpoint() {
        return out.resolveSibling(out.getFileName() + ".extend");
    }

    /// The state in which this command was stopped, if it was. A damaged one is told of and set aside,
    /// and the screening begins anew.
    ///
    /// @throws InputException if the checkpoint is another command's
    Optional<ScreeningState> saved(Job job) {
        if (!Files.isRegularFile(checkpoint())) {
            return Optional.empty();
        }
        ScreeningState found;
        try {
            found = read();
        } catch (InputException damaged) {
            job.note(damaged.getMessage() + AtomicFiles.keptAside(checkpoint()));
            return Optional.empty();
        }
        SavedState.requireSame(
                found.run(), run, ScreeningState.WORDING, checkpoint().toString());
        return Optional.of(found);
    }

    private ScreeningState read() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(checkpoint()), 1 << 16)) {
            return ScreeningState.read(in, Map.of(), checkpoint().toString());
        } catch (IOException unreadable) {
            throw Refusal.unreadable("checkpoint", checkpoint(), unreadable);
        }
    }

    /// Writes a state whole or not at all.
    void save(ScreeningState state) {
        AtomicFiles.write(checkpoint(), state::write);
    }

    /// Writes the extended atlas and removes the checkpoint.
    void finish(Atlas extended) {
        AtlasShelf.write(extended, out);
        try {
            Files.deleteIfExists(checkpoint());
        } catch (IOException stays) {
            String next = "The atlas is whole; remove the file yourself.";
            throw Refusal.failed("checkpoint", "to remove it", checkpoint(), next, stays);
        }
    }
}
