package assay.lab.studyfile;

import assay.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Everything that is wrong with a file, gathered before any of it is told.
final class Problems {
    private final Path path;
    private final List<Problem> found = new ArrayList<>();

    /// @param path of the file
    Problems(Path path) {
        this.path = path;
    }

    private record Problem(int line, String text) {}

    Path path() {
        return path;
    }

    /// Notes one.
    void add(int line, String text) {
        found.add(new Problem(line, text.replaceAll("\\R", " ")));
    }

    /// Notes one of the usual form.
    void add(LocatedNode node, String name, String expected) {
        add(node.line(), "\"" + name + "\": expected " + expected + ", found " + node.found());
    }

    int count() {
        return found.size();
    }

    /// @throws InputException with all of them in one line, in the order of the file, if there are any
    void refuse(String subject) {
        if (found.isEmpty()) {
            return;
        }
        boolean one = found.size() == 1;
        throw new InputException(subject + ": expected a valid " + subject + " file, found " + found.size()
                + (one ? " problem (" : " problems (") + path + "): "
                + found.stream()
                        .sorted(Comparator.comparingInt(Problem::line))
                        .map(problem -> "line " + problem.line() + ": " + problem.text())
                        .collect(Collectors.joining("; "))
                + (one ? ". Correct it." : ". Correct them."));
    }
}
