package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptLinesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<BuildCrew.Writing> written = new ArrayList<>();

    @Test
    void whatWasWrittenIsNotWrittenAgainUnlessItsModelChangesOrTheFileIsDamaged() throws IOException {
        Path file = folder.resolve("lines");
        BuildCrew.Writing first = new BuildCrew.Writing(List.of("Be kind."), 2, 1);
        BuildCrew.Writing second = new BuildCrew.Writing(List.of("Be kind."), 2, 2);
        List<List<String>> lines = kept(file, "a").lines(List.of(first));
        assertThat(lines).containsExactly(List.of("line 1.0", "line 1.1"));
        assertThat(kept(file, "a").lines(List.of(second, first)))
                .containsExactly(List.of("line 2.0", "line 2.1"), lines.getFirst());
        assertThat(written).containsExactly(first, second);
        assertThat(kept(file, "b").lines(List.of(first))).isEqualTo(lines);
        assertThat(written).containsExactly(first, second, first);
        byte[] damaged = Files.readAllBytes(file);
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);
        assertThat(kept(file, "b").lines(List.of(first))).isEqualTo(lines);
        assertThat(written).hasSize(4);
        kept(file, "b").finished();
        assertThat(file).doesNotExist();
    }

    private KeptLines kept(Path file, String model) {
        return new KeptLines(
                new BuildCrew() {
                    @Override
                    public int width() {
                        return 1;
                    }

                    @Override
                    public List<List<String>> lines(List<Writing> pieces) {
                        written.addAll(pieces);
                        return pieces.stream()
                                .map(piece -> List.of("line " + piece.seed() + ".0", "line " + piece.seed() + ".1"))
                                .toList();
                    }

                    @Override
                    public List<QuantisedRows> sketches(Atlas planned, List<Portion> portions) {
                        return List.of();
                    }
                },
                file,
                model);
    }
}
