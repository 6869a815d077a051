package assay.cluster;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.discover.atlas.AtlasShelf;
import assay.tasks.session.Session;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Parts of a study, finished by many machines. A machine runs some parts in a folder of its own,
/// where it is given what was finished of them before; the files it leaves there come back and lie
/// where the study looks for finished parts.
///
/// @param out the study's folder
record StudyParts(Pieces pieces, Place place, SentAtlas atlas, Path out) {
    private static final int EACH = 3;

    /// Runs some parts on a machine.
    interface Run extends Serializable {
        /// Runs them.
        ///
        /// @param names of the parts
        /// @param folder holds what was finished of them
        void in(Session session, List<String> names, RunFolder folder);
    }

    /// Files of a part, by their place in the folder.
    record Kept(Map<String, String> all) {}

    /// Finishes parts.
    ///
    /// @param names of them
    /// @param prefix of a part's files, in which `{}` is its name
    void finish(List<String> names, String prefix, Run run) {
        Place where = place;
        SentAtlas sent = atlas;
        List<ArrayList<String>> groups = groups(names);
        List<Group> all = groups.stream()
                .map(group -> new Group(group, prefix, Travel.sent(new Kept(found(out, group, prefix)))))
                .toList();
        try (var stage = pieces.job().stage("parts on all machines", names.size())) {
            pieces.<Group, byte[]>run(
                    all,
                    group -> Travel.sent(Workplace.at(where, there -> finished(there, sent, group, run))),
                    (bytes, i) -> {
                        Travel.received(bytes, Kept.class)
                                .all()
                                .forEach((name, content) -> AtomicFiles.write(out.resolve(name), content));
                        stage.advance(groups.get(i).size());
                    },
                    // This machine tries them itself, and says what is wrong with them.
                    (i, reason) -> pieces.job()
                            .note("cluster: expected parts " + groups.get(i) + ", found that every try failed ("
                                    + reason + "). They are run here."));
        }
    }

    /// Parts that a machine runs one after the other.
    ///
    /// @param known what was finished of them before
    private record Group(ArrayList<String> names, String prefix, byte[] known) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    /// Few large groups, so that what parts share is prepared seldom; enough that nobody waits long
    /// for the slowest.
    private List<ArrayList<String>> groups(List<String> names) {
        int count = Math.clamp((long) EACH * pieces.width(), 1, Math.max(1, names.size()));
        List<ArrayList<String>> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(new ArrayList<>());
        }
        for (int i = 0; i < names.size(); i++) {
            groups.get(i % count).add(names.get(i));
        }
        return groups.stream().filter(group -> !group.isEmpty()).toList();
    }

    private static Kept finished(Workplace there, SentAtlas sent, Group group, Run run) {
        Path folder = temporary();
        try {
            Session open = there.session();
            AtlasShelf shelf = new AtlasShelf(folder, folder, open.shelf().model());
            AtlasShelf.write(sent.at(there), shelf.buildFile(open.chat()));
            try (RunFolder own = RunFolder.createIn(folder, "parts")) {
                Travel.received(group.known(), Kept.class)
                        .all()
                        .forEach((name, content) -> own.write(name, content.getBytes(StandardCharsets.UTF_8)));
                run.in(new Session(open.scope(), open.chat(), shelf, Job.silent()), group.names(), own);
                return new Kept(found(own.path(), group.names(), group.prefix()));
            }
        } finally {
            remove(folder);
        }
    }

    private static Map<String, String> found(Path folder, List<String> names, String prefix) {
        List<String> starts =
                names.stream().map(name -> prefix.replace("{}", name)).toList();
        Map<String, String> found = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (name.endsWith(".json") && starts.stream().anyMatch(name::startsWith)) {
                    found.put(name, Files.readString(file));
                }
            }
            return found;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("assay-parts-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void remove(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            // The system's own folder for what is left over.
        }
    }
}
