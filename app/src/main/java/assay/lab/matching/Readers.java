package assay.lab.matching;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/// The readers this program has: the lexical one always, others where their module is on the class path.
public final class Readers {
    private Readers() {}

    /// All of them, the lexical one first, then by name.
    ///
    /// @param corpus texts like those they will read: descriptions and background
    public static List<Reader> all(List<String> corpus) {
        List<Reader> others = new ArrayList<>();
        for (ReaderSource source : ServiceLoader.load(ReaderSource.class)) {
            others.add(source.open(corpus));
        }
        others.sort((one, other) -> one.name().compareTo(other.name()));
        others.addFirst(LexicalReader.of(corpus));
        return List.copyOf(others);
    }
}
