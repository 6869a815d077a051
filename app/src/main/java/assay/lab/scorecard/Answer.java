package assay.lab.scorecard;

import assay.InputException;
import assay.engine.format.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The verdict on the idea as its asker reads it: prose that people wrote around figures that runs left.
///
/// @param text the page, in Markdown
/// @param pictures in SVG, by the names of their files
public record Answer(String text, Map<String, String> pictures) {
    private static final String TEMPLATE = "answer.template.md";

    /// What nobody reads on the page.
    private static final List<String> BULKY = List.of("heat", "samples", "form", "words", "examples", "rows");

    /// The page of a folder that has the template and the documents of the runs.
    ///
    /// @throws InputException if one is missing or damaged, or a sentence is not true of the figures
    public static Answer of(Path folder) {
        JsonNode study = JsonFile.readObject(folder.resolve("study.json"));
        JsonNode adapter = JsonFile.readObject(folder.resolve("adapter.json"));
        try {
            String template = Files.readString(folder.resolve(TEMPLATE));
            return new Answer(
                    Template.filled(template, AnswerFigures.of(study, adapter)), AnswerPictures.of(study, adapter));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// A run's document without what the page does not show, on few lines.
    public static String compact(Path document) {
        JsonNode json = JsonFile.readObject(document);
        slim(json);
        return json.toString().replace("},{", "},\n{") + "\n";
    }

    private static void slim(JsonNode node) {
        if (node instanceof ObjectNode fields) {
            fields.remove(BULKY);
        }
        node.forEach(Answer::slim);
    }
}
