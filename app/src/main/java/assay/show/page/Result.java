package assay.show.page;

import assay.ResourceException;
import assay.base.run.RunFolder;
import java.nio.charset.StandardCharsets;

/// What a command found, in every form it is told in. A new form is a method here.
public interface Result {
    /// For the terminal.
    String text(Style style);

    /// One JSON document.
    String json();

    /// One self-contained page.
    String html();

    /// Seconds from the start of the command.
    double seconds();

    /// Leaves document and page in a run folder, both or none.
    ///
    /// @param name of the two files, without their endings
    default void write(RunFolder folder, String name) {
        folder.write(name + ".json", json().getBytes(StandardCharsets.UTF_8));
        try {
            folder.write(name + ".html", html().getBytes(StandardCharsets.UTF_8));
        } catch (ResourceException full) {
            folder.remove(name + ".json");
            throw full;
        }
    }
}
