package assay.cluster;

import assay.base.run.Job;
import assay.engine.text.BasePrompt;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.io.Serializable;
import java.nio.file.Path;

/// Which model an executor opens, and how: the same everywhere.
///
/// @param model as the user names it; every machine must find it under that name, or be able to
/// fetch it
/// @param precision a name of [Precision], never `AUTO`: machines may differ
/// @param base prompt of the base, as the command line has it
/// @param home the program's folder
record Place(String model, String precision, String base, String home) implements Serializable {
    private static final long serialVersionUID = 1L;

    /// That of an open session.
    static Place of(Session session, Path home) {
        return new Place(
                session.source(),
                session.chat().model().dtype().name(),
                session.chat().slot().basePrompt().written(),
                home.toAbsolutePath().toString());
    }

    Session open() {
        return Session.open(model, Precision.valueOf(precision), BasePrompt.parse(base), Path.of(home), Job.silent());
    }
}
