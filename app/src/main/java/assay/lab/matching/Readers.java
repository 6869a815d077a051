package assay.lab.matching;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// The readers this program has: the lexical one always, others where their module is on the class path.
public final class Readers {
    private Readers() {}

    /// All of them, the lexical one first, then by name.
    ///
    /// @param corpus texts like those they will read: descriptions and background
    public static List<Reader> all(List<String> corpus) {
        Stream<Reader> others = ServiceLoader.load(ReaderSource.class).stream()
                .map(source -> source.get().open(corpus))
                .sorted(Comparator.comparing(Reader::name));
        return Stream.concat(Stream.of(new LexicalReader(corpus)), others).toList();
    }
}
