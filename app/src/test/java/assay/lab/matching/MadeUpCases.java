package assay.lab.matching;

import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Forty targets written by hand, and the shipped dictionary's prompts as their background.
final class MadeUpCases {
    private MadeUpCases() {}

    /// The cases of `reading/cases.txt`.
    static List<MatchCase> all() {
        List<MatchCase> cases = new ArrayList<>();
        for (String block : resource("/reading/cases.txt").split("\n\\s*\n", -1)) {
            String title = "";
            List<Phrase> phrases = new ArrayList<>();
            for (String line : block.lines().filter(l -> !l.startsWith("#")).toList()) {
                if (line.startsWith("= ")) {
                    title = line.substring(2);
                } else {
                    int space = line.indexOf(' ');
                    phrases.add(new Phrase(line.substring(space + 1), Double.parseDouble(line.substring(0, space))));
                }
            }
            if (!title.isEmpty()) {
                int colon = title.indexOf(": ");
                cases.add(new MatchCase(title.substring(0, colon), title.substring(colon + 2), phrases));
            }
        }
        return cases;
    }

    /// Descriptions and dictionary prompts, as a study hands them to a reader.
    static List<String> corpus() {
        List<String> corpus = new ArrayList<>(background());
        all().forEach(one -> corpus.add(one.description()));
        return corpus;
    }

    /// The prompts of the shipped dictionary.
    static List<String> background() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(atlas()))) {
            return AtlasFile.read(in, "atlas").entries().stream()
                    .map(Atlas.Entry::text)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path atlas() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path atlas = folder.resolve("atlas/smollm2-135m.atlas");
            if (Files.exists(atlas)) {
                return atlas;
            }
        }
        throw new IllegalStateException("atlas: expected above " + Path.of("").toAbsolutePath());
    }

    private static String resource(String name) {
        try (InputStream in = MadeUpCases.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
