package assay.tasks.extend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Lines good and bad.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CandidateFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ChatModel chat;

    @BeforeAll
    void open() {
        chat = TinyModel.open("tied");
    }

    @AfterAll
    void close() {
        chat.close();
    }

    @Test
    void badLinesAreCountedByKindAndSkipped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(utf8("\ufeffBe kind.\r\n\n   \t\nBe brief. \nBe kind.\nKnown one.\n"));
        bytes.writeBytes(utf8("a\u0007b\na\tb\n"));
        bytes.writeBytes(new byte[] {'n', 'o', (byte) 0xff, '\n'});
        bytes.writeBytes(utf8("x".repeat(2_001) + "\n" + "word ".repeat(399) + "\n" + "y".repeat(100_000) + "\n"));
        bytes.writeBytes(utf8("\u00df ".repeat(400) + "\nThe last."));
        Path file = Files.write(folder.resolve("mixed.txt"), bytes.toByteArray());
        try (CandidateFile lines = candidates(file)) {
            List<Candidate> all = lines.next(100);
            assertThat(all)
                    .extracting(Candidate::text)
                    .startsWith("Be kind.", "Be brief.")
                    .endsWith("The last.");
            assertThat(all).allMatch(one -> one.source().equals("file") && one.tokens().length <= 512);
            Tally tally = lines.position().tally();
            assertThat(tally.usable()).isEqualTo(all.size());
            assertThat(tally.dropped(Dropped.BLANK)).isEqualTo(2);
            assertThat(tally.dropped(Dropped.REPEATED)).isEqualTo(1);
            assertThat(tally.dropped(Dropped.KNOWN)).isEqualTo(1);
            assertThat(tally.dropped(Dropped.CONTROL)).isEqualTo(2);
            assertThat(tally.dropped(Dropped.NOT_UTF8)).isEqualTo(1);
            assertThat(tally.dropped(Dropped.LONG)).isGreaterThanOrEqualTo(2);
            assertThat(lines.done()).isEqualTo(lines.total()).isEqualTo(14);
            assertThat(lines.next(100)).isEmpty();
            assertThat(tally.summary()).startsWith(all.size() + " usable, skipped 2 blank, 1 repeated, 1 in the atlas");
        }
    }

    @Test
    void aFileOfBadLinesNamesTheFirst() throws IOException {
        Path file = Files.write(folder.resolve("bad.txt"), new byte[] {'\n', (byte) 0xc3, '\n'});
        try (CandidateFile lines = candidates(file)) {
            assertThatThrownBy(() -> lines.next(1))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected at least one usable line, found none of 2; line 1 is blank (")
                    .hasMessageContaining("bad.txt");
        }
        Path invalid = Files.write(folder.resolve("invalid.txt"), new byte[] {(byte) 0xc3, '\n', '\n'});
        try (CandidateFile lines = candidates(invalid)) {
            assertThatThrownBy(() -> lines.next(1)).hasMessageContaining("line 1 is not UTF-8");
        }
    }

    @Test
    void missingAndEmptyFilesAndFoldersAreRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        assertThatThrownBy(() -> CandidateFile.require(empty))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found an empty one");
        assertThatThrownBy(() -> CandidateFile.require(folder)).hasMessageContaining("found a folder");
        assertThatThrownBy(() -> CandidateFile.require(folder.resolve("none"))).hasMessageContaining("found neither");
    }

    @Test
    void aResumedStreamGivesTheSameAsAnUnbrokenOne() throws IOException {
        List<String> text = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            text.add(i % 7 == 0 ? "" : "Prompt " + i % 41 + ".");
        }
        Path file = Files.write(folder.resolve("many.txt"), text);
        try (CandidateFile whole = candidates(file);
                CandidateFile first = candidates(file);
                CandidateFile second = candidates(file)) {
            List<String> all = texts(whole.next(1_000));
            List<String> parts = new ArrayList<>(texts(first.next(13)));
            second.resume(first.position());
            parts.addAll(texts(second.next(1_000)));
            assertThat(parts).isEqualTo(all).doesNotHaveDuplicates();
            assertThat(second.position().tally().summary())
                    .isEqualTo(whole.position().tally().summary());
        }
    }

    @Test
    void aLongStreamCanBeStoppedBetweenLines() throws IOException {
        Path file = Files.writeString(folder.resolve("blank.txt"), "\n".repeat(10_000));
        AtomicInteger breaths = new AtomicInteger();
        try (CandidateFile lines = new CandidateFile(
                file, CandidateFile.lines(file), Set.of(), chat.tokenizer(), breaths::incrementAndGet)) {
            assertThatThrownBy(() -> lines.next(1)).hasMessageContaining("none of 10000; line 1 is blank");
        }
        assertThat(breaths).hasValue(2);
    }

    private CandidateFile candidates(Path file) {
        return new CandidateFile(file, CandidateFile.lines(file), Set.of("Known one."), chat.tokenizer(), () -> {});
    }

    private static List<String> texts(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::text).toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
