package assay.web.site;

import assay.TestFiles;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.TargetSearch;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Explaining;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The page on a tiny random model that has a small atlas: everything works, in seconds, and means nothing.
///
/// @param runs the folder of its runs
record ToySite(Session session, Site site, Path runs) implements AutoCloseable {
    static final Path ADAPTERS = TestFiles.path("golden/tiny/adapters");

    /// Opens it.
    ///
    /// @param home an empty folder
    static ToySite open(Path home) {
        TensorScope scope = TensorScope.withoutGradients();
        ChatModel chat = TinyModel.open("tied");
        AtlasShelf shelf = new AtlasShelf(home.resolve("shipped"), home.resolve("built"), "tied");
        AtlasShelf.write(TinyAtlas.of(chat), shelf.buildFile(chat));
        Session session = new Session(scope, chat, shelf, Job.silent());
        Path runs = home.resolve("runs");
        Site site = Site.open(
                session,
                new Site.Setting(
                        InetAddress.getLoopbackAddress().getHostAddress(), Optional.of(0), runs, List.of(ADAPTERS)));
        return new ToySite(session, site, runs);
    }

    /// Explains a prompt, and leaves it as a run.
    ///
    /// @return name of its folder
    String explained(String prompt) {
        Explain.Options small = new Explain.Options(2, 6, 6, 2, TargetSearch.Budget.NONE, 0);
        try (RunFolder folder = RunFolder.createIn(runs, "a cook")) {
            new Explaining(session, session.atlas())
                    .explain(session.target(new Target.Named.Prompt(prompt)), List.of(), small, 0, folder)
                    .write(folder, "report");
            return String.valueOf(folder.path().getFileName());
        }
    }

    @Override
    public void close() {
        site.close();
        session.close();
    }
}
