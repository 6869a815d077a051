package assay.web.site;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.hub.ModelStore;
import assay.tasks.talk.Export;
import assay.tasks.talk.RunFile;
import assay.tasks.talk.Talk;
import assay.web.http.Refused;
import assay.web.http.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The mixture of a talk as a file for use elsewhere, and the soft prompt of its run.
final class Exports {
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    private Exports() {}

    /// A file.
    ///
    /// @param form `mixture.json`, `mixture.txt`, `mixture.py`, or `soft.zip`, a PEFT folder
    /// @throws InputException if the run has no soft prompt
    /// @throws Refused if there is no such form
    static Reply of(Talk talk, String form) {
        return switch (form) {
            case "mixture.json" -> text("application/json", talk.json(Optional.empty()));
            case "mixture.txt" -> text("text/plain; charset=utf-8", Export.text(talk.prompts()));
            case "mixture.py" -> text("text/x-python; charset=utf-8", python(talk));
            case "soft.zip" -> new Reply.Content("application/zip", soft(talk), NOTHING);
            default -> throw Refused.missing("export", form);
        };
    }

    private static Reply text(String type, String content) {
        return new Reply.Content(type, content.getBytes(StandardCharsets.UTF_8), NOTHING);
    }

    private static String python(Talk talk) {
        String model =
                ModelStore.baseName(talk.chat().model().name(), talk.chat().path());
        return Export.python(talk.chat(), model, talk.target().name(), talk.prompts());
    }

    private static byte[] soft(Talk talk) {
        Path folder = talk.run()
                .flatMap(RunFile::soft)
                .orElseThrow(
                        () -> new InputException("export: expected a soft prompt, found none (in this run). Explain"
                                + " the adapter by way of a soft prompt."));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry("soft/" + file.getFileName()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        } catch (IOException failed) {
            throw Refusal.failed("export", "to read it", folder, "Check its permissions.", failed);
        }
        return bytes.toByteArray();
    }
}
