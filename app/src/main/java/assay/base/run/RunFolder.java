package assay.base.run;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The folder one run leaves behind. A file appears in it whole or not at all, and no run writes into
/// another's folder.
public final class RunFolder implements AutoCloseable {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
    private static final int MOST_SAME_SECOND = 1000;

    /// Locked while a run uses the folder. What a killed run leaves of it is unlocked and counts for nothing.
    private static final String IN_USE = ".running";

    /// What only the folder of one run holds.
    private static final List<String> OF_ONE_RUN =
            List.of("report.json", "study.json", "checkpoint.assay", "explanation.assay", "adapter_config.json");

    private final Path path;
    private final ProcessLock lock;

    private RunFolder(Path path) {
        this.path = path;
        this.lock = locked(path);
    }

    /// The folder of a stopped run, without what it left half written.
    private static RunFolder goneOnWith(Path folder) {
        RunFolder taken = new RunFolder(folder.toAbsolutePath().normalize());
        try (Stream<Path> inside = Files.list(taken.path)) {
            for (Path torn : inside.filter(AtomicFiles::isTemporary).toList()) {
                Files.deleteIfExists(torn);
            }
        } catch (IOException _) {
            // They are in nobody's way.
        }
        return taken;
    }

    private static ProcessLock locked(Path path) {
        try {
            return ProcessLock.tryTake(path.resolve(IN_USE))
                    .orElseThrow(() -> Refusal.of(
                            "--out",
                            "a folder no other run uses",
                            "one in use",
                            path,
                            "Wait for it, or name another."));
        } catch (IOException failed) {
            throw unwritable(path, failed);
        }
    }

    /// Makes the folder of a new run.
    ///
    /// @param out where the user wants it; else `runs/<date-time>-<name>` under the current folder
    /// @param name what ran, for the default folder's name
    /// @throws InputException if `out` is there already with something in it
    /// @throws ResourceException if it cannot be made
    public static RunFolder create(Optional<Path> out, String name) {
        return out.isPresent()
                ? given(out.get())
                : unique(Path.of("runs"), name, LocalDateTime.now(ZoneId.systemDefault()));
    }

    /// Makes the folder of a new run, `<date-time>-<name>`, in a folder of many.
    ///
    /// @throws ResourceException if it cannot be made
    public static RunFolder createIn(Path parent, String name) {
        return unique(parent, name, LocalDateTime.now(ZoneId.systemDefault()));
    }

    /// The folder of a run that can be resumed: as [#create], but a folder that holds `checkpoint` is taken as
    /// it is.
    ///
    /// @throws InputException if `out` holds something else
    /// @throws ResourceException if it cannot be made
    public static RunFolder resumable(Optional<Path> out, String name, String checkpoint) {
        return out.filter(folder -> Files.isRegularFile(folder.resolve(checkpoint)))
                .map(RunFolder::goneOnWith)
                .orElseGet(() -> create(out, name));
    }

    /// The newest folder under `runs` that a stopped run left and this one goes on with, if there is one.
    ///
    /// @param name that [#create] was given
    /// @param checkpoint the file such a folder holds
    /// @param ours whether a checkpoint was left by the same command
    public static Optional<RunFolder> unfinished(String name, String checkpoint, Predicate<Path> ours) {
        return unfinished(Path.of("runs"), name, checkpoint, ours);
    }

    static Optional<RunFolder> unfinished(Path parent, String name, String checkpoint, Predicate<Path> ours) {
        Pattern ofThatName = Pattern.compile("\\d{8}-\\d{6}-" + Pattern.quote(plain(name)) + "(-\\d+)?");
        try (Stream<Path> inside = Files.list(parent)) {
            return inside.filter(folder -> ofThatName
                            .matcher(String.valueOf(folder.getFileName()))
                            .matches())
                    .filter(folder -> Files.isRegularFile(folder.resolve(checkpoint)))
                    .filter(folder -> ours.test(folder.resolve(checkpoint)))
                    .sorted(Comparator.reverseOrder())
                    .flatMap(folder -> unused(folder).stream())
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static Optional<RunFolder> unused(Path folder) {
        try {
            return Optional.of(goneOnWith(folder));
        } catch (InputException | ResourceException _) {
            return Optional.empty();
        }
    }

    /// Refuses, before anything long is begun, a folder that cannot take many runs: one that cannot be written to, or
    /// that belongs to one run.
    ///
    /// @throws InputException if it is no folder, or another run's
    /// @throws ResourceException if it takes no file
    public static void requireRoomForMany(Path out) {
        AtomicFiles.requireRoomIn("--out", out);
        for (String file : OF_ONE_RUN) {
            if (Files.exists(out.resolve(file))) {
                String next = "Name another place, or remove it yourself.";
                throw Refusal.of("--out", "a folder of no other run", file + " in it", out, next);
            }
        }
    }

    /// Removes a folder inside with all that is in it, if it is there.
    public void clear(String folder) {
        try (Stream<Path> inside = Files.walk(path.resolve(folder))) {
            for (Path file : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException _) {
            return;
        } catch (IOException failed) {
            throw unwritable(path, failed);
        }
    }

    /// Removes a file of this run, if it is there.
    public void remove(String file) {
        try {
            Files.deleteIfExists(path.resolve(file));
        } catch (IOException failed) {
            throw unwritable(path, failed);
        }
    }

    /// Keeps a copy of a damaged file, which is about to be written anew, if the disk still gives one.
    ///
    /// @return a sentence that says so, with a blank in front of it; or nothing
    public String keptAside(String file) {
        String aside = file + AtomicFiles.DAMAGED;
        try {
            write(aside, out -> Files.copy(path.resolve(file), out));
            return AtomicFiles.kept(aside);
        } catch (ResourceException _) {
            return "";
        }
    }

    /// Where it is.
    public Path path() {
        return path;
    }

    /// Writes a file of this run, whole or not at all, replacing an earlier one of that name.
    ///
    /// @param file a name, with `/` for folders inside
    /// @throws ResourceException if the disk is full or not writable
    public void write(String file, byte[] content) {
        write(file, out -> out.write(content));
    }

    /// Writes a file of this run piece by piece, likewise.
    public void write(String file, AtomicFiles.Writing writing) {
        Path target = path.resolve(file).normalize();
        if (!target.startsWith(path) || target.equals(path)) {
            throw new IllegalArgumentException("run folder: expected a file inside it, found " + file);
        }
        AtomicFiles.write(target, writing);
    }

    /// Removes the folder if nothing was written into it: a run that failed leaves no trace.
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path.resolve(IN_USE));
            lock.close();
            Files.deleteIfExists(path);
        } catch (IOException _) {
            // It holds something, or it cannot be removed: either way it stays.
        }
    }

    /// A folder nobody has, under `parent`.
    static RunFolder unique(Path parent, String name, LocalDateTime now) {
        String stem = STAMP.format(now) + "-" + plain(name);
        try {
            Files.createDirectories(parent);
            for (int attempt = 1; attempt <= MOST_SAME_SECOND; attempt++) {
                Path candidate = parent.resolve(attempt == 1 ? stem : stem + "-" + attempt);
                if (!Files.exists(candidate) && isMadeByUs(candidate)) {
                    return new RunFolder(candidate.toAbsolutePath().normalize());
                }
            }
            throw new FileAlreadyExistsException(stem);
        } catch (IOException failed) {
            throw unwritable(parent, failed);
        }
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._-]+", "-");
    }

    /// False if another process made it first.
    private static boolean isMadeByUs(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false;
        }
    }

    private static RunFolder given(Path out) {
        Path folder = out.toAbsolutePath().normalize();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw Refusal.of("--out", "a folder", "a file", out, "Name another place.");
        }
        try {
            Files.createDirectories(folder);
            try (Stream<Path> inside = Files.list(folder)) {
                Optional<Path> first = inside.filter(file -> !AtomicFiles.isTemporary(file) && !file.endsWith(IN_USE))
                        .findFirst();
                if (first.isPresent()) {
                    String found = first.get().getFileName() + " in it";
                    String next = "Name another place, or remove it yourself.";
                    throw Refusal.of("--out", "a new or empty folder", found, out, next);
                }
            }
            return new RunFolder(folder);
        } catch (IOException failed) {
            throw unwritable(out, failed);
        }
    }

    private static ResourceException unwritable(Path where, IOException failed) {
        return Refusal.failed("run folder", "to make it", where, "Name another place with --out.", failed);
    }
}
