package assay.tasks.extend;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.text.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Prompts from a text file, one a line in UTF-8, read as they are needed.
///
/// Bad lines are counted by kind and left out. What is held: a line, 64 KB of the file and the hashes ([SeenTexts],
/// 64 MB up to 67 million lines, then up to 1 GB).
public final class CandidateFile implements Candidates {
    private static final int MOST_BYTES = 4 * Sieve.MOST_CHARACTERS;
    private static final int BREATH = 4_096;

    private final Path file;
    private final long lines;
    private final Sieve sieve;
    private final Runnable breath;
    private final ByteLines reader;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private Tally tally = new Tally();
    private long taken;

    /// A stream over a whole file.
    ///
    /// @param lines how many it has, from [#lines(Path)]
    /// @param known prompts of the atlas
    /// @param breath called every few thousand lines; may throw to stop
    /// @throws InputException if it cannot be read
    public CandidateFile(Path file, long lines, Set<String> known, Tokenizer tokenizer, Runnable breath) {
        this.file = require(file);
        this.lines = lines;
        this.sieve = new Sieve(known, new SeenTexts(lines), tokenizer);
        this.breath = breath;
        try {
            this.reader = new ByteLines(Files.newInputStream(file), MOST_BYTES);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    /// The file itself.
    ///
    /// @throws InputException if it is missing, empty or a folder
    public static Path require(Path file) {
        if (Files.isDirectory(file)) {
            throw refused("a text file with one prompt a line", "a folder", file);
        }
        if (!Files.isRegularFile(file)) {
            throw refused("a number or a text file with one prompt a line", "neither", file);
        }
        try {
            if (Files.size(file) == 0) {
                throw refused("a text file with one prompt a line", "an empty one", file);
            }
            return file;
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    /// How many lines a file has, the last one counted whether or not it is ended.
    ///
    /// @throws InputException if it cannot be read
    public static long lines(Path file) {
        try (ByteLines lines = new ByteLines(Files.newInputStream(require(file)), 0)) {
            long count = 0;
            while (lines.next()) {
                count++;
            }
            return count;
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
    }

    /// @throws InputException at the end of the file if none of its lines could be used
    @Override
    public List<Candidate> next(int count) {
        List<Candidate> batch = new ArrayList<>();
        while (batch.size() < count && advance()) {
            text().ifPresentOrElse(
                            text -> sieve.kept(text, "file", tally).ifPresent(batch::add),
                            () -> tally.count(reader.isCut() ? Dropped.LONG : Dropped.NOT_UTF8));
        }
        if (batch.isEmpty() && tally.usable() == 0) {
            String found = "none of " + lines + "; line 1 is " + tally.first().words();
            throw refused("at least one usable line", found, file);
        }
        return batch;
    }

    @Override
    public Position position() {
        return new Position(taken, 0, new long[0], tally.copy());
    }

    @Override
    public void resume(Position position) {
        while (taken < position.items() && advance()) {
            text().ifPresent(sieve::refusal);
        }
        tally = position.tally().copy();
    }

    @Override
    public long total() {
        return lines;
    }

    @Override
    public long done() {
        return taken;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException _) {
            return;
        }
    }

    private boolean advance() {
        try {
            if (!reader.next()) {
                return false;
            }
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        }
        if (++taken % BREATH == 0) {
            breath.run();
        }
        return true;
    }

    /// The line as text without white space at its ends; nothing if it is too long to hold, or no UTF-8.
    private Optional<String> text() {
        if (reader.isCut()) {
            return Optional.empty();
        }
        ByteBuffer bytes = reader.bytes();
        try {
            String text = decoder.decode(bytes).toString();
            return Optional.of((taken == 1 && text.startsWith("\ufeff") ? text.substring(1) : text).strip());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static InputException refused(String expected, String found, Path file) {
        String next = "Give a number, or a UTF-8 file with one prompt a line.";
        return Refusal.of("candidates", expected, found, file, next);
    }

    private static InputException unreadable(Path file, IOException cause) {
        return Refusal.of("candidates", "a readable file", Refusal.reason(cause), file, "Check its permissions.");
    }
}
