package assay.discover.atlas;

import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.base.run.Sha256;
import assay.base.run.SmallFile;
import assay.base.run.SoundJson;
import assay.engine.model.ChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;

/// A crew whose written lines are kept in a file beside the atlas until they are in it: a large model
/// writes for an hour, and a build that was stopped meanwhile need not let it write them again.
///
/// @param model whose lines they are: its hash and number format
record KeptLines(BuildCrew crew, Path file, String model) implements BuildCrew {
    private static final long MOST_BYTES = 1L << 26;

    /// What the file holds.
    ///
    /// @param lines by what was to be written
    private record Written(String model, Map<String, List<String>> lines) {}

    static KeptLines beside(Path atlas, BuildCrew crew, ChatModel chat) {
        return new KeptLines(
                crew,
                atlas.resolveSibling(atlas.getFileName() + ".lines"),
                chat.sha256() + " " + chat.model().dtype());
    }

    @Override
    public int width() {
        return crew.width();
    }

    @Override
    public List<List<String>> lines(List<Writing> pieces) {
        Map<String, List<String>> known = read();
        List<Writing> missing =
                pieces.stream().filter(piece -> !known.containsKey(key(piece))).toList();
        if (!missing.isEmpty()) {
            List<List<String>> written = crew.lines(missing);
            for (int i = 0; i < missing.size(); i++) {
                known.put(key(missing.get(i)), written.get(i));
            }
            AtomicFiles.write(file, SoundJson.sealed(new Written(model, known)));
        }
        List<List<String>> all = new ArrayList<>();
        pieces.forEach(piece -> all.add(known.getOrDefault(key(piece), List.of())));
        return all;
    }

    @Override
    public List<QuantisedRows> sketches(Atlas planned, List<Portion> portions) {
        return crew.sketches(planned, portions);
    }

    /// Removes the file: the lines are in the atlas.
    void finished() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw Refusal.failed("written lines", "to remove them", file, "Remove the file yourself.", failed);
        }
    }

    private static String key(Writing piece) {
        return Sha256.ofText(piece.seed() + " " + piece.count() + " " + String.join("\n", piece.examples()));
    }

    /// Lines of another model, and damaged ones, count as none: they can be written again.
    private Map<String, List<String>> read() {
        if (Files.isRegularFile(file)) {
            try {
                Written written = SoundJson.whole(SmallFile.bytes(file, MOST_BYTES), Written.class);
                return written.model().equals(model) ? new TreeMap<>(written.lines()) : new TreeMap<>();
            } catch (IOException | JacksonException _) {
                return new TreeMap<>();
            }
        }
        return new TreeMap<>();
    }
}
