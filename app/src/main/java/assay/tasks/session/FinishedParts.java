package assay.tasks.session;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.run.SmallFile;
import assay.base.run.SoundJson;
import assay.base.run.Stage;
import assay.base.tensor.SideBySide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;

/// Finished parts of a long run, a JSON file each with a checksum in it, so that a stopped run goes on
/// where it was. A damaged one, or one of another version that lacks some figures, is told of, set
/// aside and made again.
///
/// @param job is told
public record FinishedParts(Path folder, Job job) {
    private static final long MOST_BYTES = 1L << 26;

    /// Parts made at once: each may hold a gigabyte.
    private static final int AT_ONCE = 2;

    /// Whether a part is there and sound.
    public boolean has(String name, Class<?> type) {
        return known(name, type).isPresent();
    }

    /// Forgets a part, if it is there: what belongs to it is lost, and it must be made again.
    public void forget(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failed) {
            throw Refusal.failed("run folder", "to remove a part", file(name), "Remove it yourself.", failed);
        }
    }

    /// A part: read if it is there, else made and written.
    ///
    /// @param name of its file, with `/` for folders inside
    /// @throws assay.ResourceException if it cannot be written
    public <T> T get(String name, Class<T> type, Supplier<T> make) {
        return known(name, type).orElseGet(() -> {
            T made = make.get();
            AtomicFiles.write(file(name), SoundJson.sealed(made));
            return made;
        });
    }

    /// A part of several.
    ///
    /// @param name of its file
    public record Part<T>(String name, Supplier<T> make) {}

    /// Hears of a part that could not be made, by its place among the parts.
    public interface Refused {
        public void of(int index, InputException why);
    }

    /// Many parts, two of them made at a time, in order; without those that were refused.
    ///
    /// @param stage hears of every part
    /// @param refusal is told in the order of the parts, after all others were made
    public <T> List<T> all(List<Part<T>> parts, Class<T> type, Stage stage, Refused refusal) {
        List<Optional<T>> made = new ArrayList<>(Collections.nCopies(parts.size(), Optional.empty()));
        Map<Integer, InputException> refused = new ConcurrentSkipListMap<>();
        List<Runnable> pieces = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            int index = i;
            Part<T> part = parts.get(i);
            pieces.add(() -> {
                boolean isDone = has(part.name(), type);
                try {
                    made.set(index, Optional.of(get(part.name(), type, part.make())));
                } catch (InputException why) {
                    refused.put(index, why);
                }
                if (isDone) {
                    stage.skip(1);
                } else {
                    stage.advance(1);
                }
            });
        }
        SideBySide.run(pieces, AT_ONCE);
        refused.forEach(refusal::of);
        return made.stream().flatMap(Optional::stream).toList();
    }

    /// The same where one that is refused refuses all.
    public <T> List<T> all(List<Part<T>> parts, Class<T> type, Stage stage) {
        return all(parts, type, stage, (_, why) -> {
            throw why;
        });
    }

    private <T> Optional<T> known(String name, Class<T> type) {
        if (!Files.isRegularFile(file(name))) {
            return Optional.empty();
        }
        try {
            return Optional.of(kept(name, type));
        } catch (InputException damaged) {
            job.note(damaged.getMessage() + AtomicFiles.keptAside(file(name)));
            return Optional.empty();
        }
    }

    /// A part that is there.
    ///
    /// @throws InputException if it is damaged
    public <T> T kept(String name, Class<T> type) {
        try {
            // One of another version, which lacks some figures, counts as damaged.
            return SoundJson.whole(SmallFile.bytes(file(name), MOST_BYTES), type);
        } catch (IOException | JacksonException _) {
            String next = "It is made again.";
            throw Refusal.of("run folder", "a finished part", "it damaged", file(name), next);
        }
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }
}
