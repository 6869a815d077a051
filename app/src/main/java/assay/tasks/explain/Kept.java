package assay.tasks.explain;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.run.RunFolder;
import assay.base.run.SavedState;
import assay.discover.search.SearchPast;
import assay.tasks.distil.TrainingStore;
import java.io.BufferedInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// What an explanation has finished so far, in one file of its run folder, so that a stopped one goes on where it was:
/// the target's answers, every round of the search, the weighted prompts, the random lists, the controls. Piece by
/// piece they are the same values that an unbroken run would have made.
final class Kept {
    /// The file by which a folder is known to hold a stopped explanation.
    static final String FILE = "explanation.assay";

    private static final String TRAINING = "training.assay";
    static final long MAGIC = 0x4153_5341_595F_3001L;
    private static final int MOST_PIECES = 1_000;
    private static final int MOST_BYTES = 1 << 29;
    static final SavedState.Wording WORDING =
            new SavedState.Wording("run", "Name another --out, or give the options it was begun with.");

    private final Optional<RunFolder> folder;
    private final Map<String, String> head;
    private final Job job;
    private final Map<String, byte[]> pieces = new LinkedHashMap<>();
    private boolean isTold;

    private Kept(Optional<RunFolder> folder, Map<String, String> head, Job job) {
        this.folder = folder;
        this.head = Collections.unmodifiableMap(new TreeMap<>(head));
        this.job = job;
    }

    /// Nothing is kept.
    static Kept nowhere() {
        return new Kept(Optional.empty(), Map.of(), Job.silent());
    }

    /// What is kept in a folder; nothing yet in a new one. A damaged file is told of, kept aside and
    /// begun anew.
    ///
    /// @param run what a resuming run must agree on, by name
    /// @throws InputException if the folder holds what another run kept
    static Kept in(RunFolder folder, Map<String, String> run, Job job) {
        Kept kept = new Kept(Optional.of(folder), run, job);
        Path file = folder.path().resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return kept;
        }
        Saved saved;
        try {
            saved = read(file);
        } catch (InputException damaged) {
            job.note(damaged.getMessage() + folder.keptAside(FILE));
            kept.save();
            return kept;
        }
        SavedState.requireSame(saved.head(), run, WORDING, file.toString());
        kept.pieces.putAll(saved.pieces());
        job.note("Going on with what a stopped run left in " + folder.path());
        return kept;
    }

    /// Whether a file was left by this run, by its own words; what stands behind them may be damaged.
    ///
    /// @param run all that it depends on, by name
    static boolean isOf(Path file, Map<String, String> run) {
        try (InputStream in = opened(file)) {
            return SavedState.head(in, MAGIC, WORDING, file.toString()).equals(run);
        } catch (InputException | ResourceException | IOException _) {
            return false;
        }
    }

    /// Whether nobody can go on with a file.
    static boolean isDamaged(Path file) {
        try {
            read(file);
            return false;
        } catch (InputException _) {
            return true;
        } catch (ResourceException _) {
            return false;
        }
    }

    /// Removes what was kept: the explanation is finished.
    static void finished(RunFolder folder) {
        folder.remove(TRAINING);
        folder.remove(FILE);
    }

    /// Where a training on the way is kept.
    TrainingStore training() {
        return folder.map(known -> TrainingStore.part(known, TRAINING, head, job))
                .orElseGet(TrainingStore::nowhere);
    }

    /// The pieces of one of several explanations of a run.
    Part part(String name) {
        return new Part(this, name);
    }

    /// Pieces whose names begin alike.
    record Part(Kept kept, String name) {
        /// A piece that is there.
        <T> Optional<T> known(String piece, Class<T> type) {
            return Optional.ofNullable(kept.pieces.get(name + "." + piece))
                    .map(bytes -> JsonMapper.shared().readValue(bytes, type));
        }

        /// A piece: read if it is there, else made and kept.
        <T> T get(String piece, Class<T> type, Supplier<T> make) {
            return known(piece, type).orElseGet(() -> {
                T made = make.get();
                keep(piece, made);
                return made;
            });
        }

        /// The past of a search, kept from now on.
        SearchPast.Kept search(String piece) {
            return new SearchPast.Kept(
                    known(piece, SearchPast.class).orElse(SearchPast.NONE), past -> keep(piece, past));
        }

        /// Keeps a piece in place of an earlier one of that name.
        void keep(String piece, Object value) {
            if (kept.folder.isPresent()) {
                kept.pieces.put(name + "." + piece, JsonMapper.shared().writeValueAsBytes(value));
                kept.save();
            }
        }
    }

    /// A disk that takes no more does not end an explanation: it is told of, once.
    private void save() {
        try {
            folder.ifPresent(known -> known.write(FILE, this::write));
        } catch (ResourceException full) {
            if (!isTold) {
                job.note(full.getMessage() + " The explanation goes on, but what it has finished is not kept.");
                isTold = true;
            }
        }
    }

    private void write(OutputStream target) throws IOException {
        SavedState.write(target, MAGIC, head, out -> {
            out.writeInt(pieces.size());
            for (Map.Entry<String, byte[]> piece : pieces.entrySet()) {
                writePiece(piece.getKey(), piece.getValue(), out);
            }
        });
    }

    private static void writePiece(String name, byte[] bytes, DataOutputStream out) throws IOException {
        out.writeUTF(name);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @param head what it depended on
    private record Saved(Map<String, String> head, Map<String, byte[]> pieces) {}

    private static Saved read(Path file) {
        try (InputStream source = opened(file)) {
            return SavedState.read(source, MAGIC, Map.of(), WORDING, file.toString(), in -> {
                Map<String, byte[]> pieces = new LinkedHashMap<>();
                for (int left = in.count(MOST_PIECES); left > 0; left--) {
                    pieces.put(in.readUTF(), in.bytes(in.count(MOST_BYTES)));
                }
                return new Saved(in.head(), pieces);
            });
        } catch (IOException unreadable) {
            throw Refusal.unreadable("checkpoint", file, unreadable);
        }
    }

    private static InputStream opened(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }
}
