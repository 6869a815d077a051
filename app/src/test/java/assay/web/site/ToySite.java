package assay.web.site;

import assay.TestFiles;
import assay.base.run.Job;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.engine.model.TinyModel;
import assay.tasks.session.Session;
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

    @Override
    public void close() {
        site.close();
        session.close();
    }
}
