package assay.show.report;

import assay.measure.judge.Distillation;
import assay.measure.judge.Explanation;
import assay.show.page.Figures;
import java.lang.reflect.RecordComponent;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything a page may state about a record: each number in each way of writing it, and each text.
///
/// @param numbers as written
/// @param words texts of the record and fixed words, those that hold a digit
record Traces(Set<String> numbers, Set<String> words) {
    static Traces of(Explanation explanation, Map<String, Object> provenance, double seconds) {
        Traces traces = of((Record) explanation, provenance, seconds);
        explanation
                .verdict()
                .forEach(finding -> traces.words.add(finding.claim().ofOneTarget()));
        traces.words.removeIf(word -> word.chars().noneMatch(Character::isDigit));
        return traces;
    }

    static Traces of(Distillation found, Map<String, Object> provenance, double seconds) {
        Traces traces = of((Record) found, provenance, seconds);
        traces.words.add(Figures.duration(found.training().seconds()));
        found.training().curve().forEach(point -> traces.words.add(Figures.duration(point.seconds())));
        found.sweep().forEach(length -> traces.words.add(Figures.duration(length.seconds())));
        return traces;
    }

    private static Traces of(Record record, Map<String, Object> provenance, double seconds) {
        Traces traces = new Traces(new HashSet<>(), new HashSet<>());
        traces.collect(record);
        traces.collect(provenance);
        traces.words.add(Figures.duration(seconds));
        traces.words.addAll(List.of("[95%]", "95% interval", "SHA-256", "of 100", "Of 100"));
        traces.words.removeIf(word -> word.chars().noneMatch(Character::isDigit));
        return traces;
    }

    boolean known(String number) {
        return numbers.contains(number);
    }

    /// The text without what the record holds as text, longest first.
    String withoutWords(String text) {
        return words.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .reduce(text, (rest, word) -> rest.replace(word, ""));
    }

    private void collect(@Nullable Object value) {
        switch (value) {
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    collect(component(record, component));
                }
            }
            case Map<?, ?> map ->
                map.forEach((key, inner) -> {
                    collect(key);
                    collect(inner);
                });
            case List<?> list -> {
                numbers.add(String.valueOf(list.size()));
                list.forEach(this::collect);
            }
            case Double number -> written(number);
            case Number number -> {
                numbers.add(number.toString());
                numbers.add(Figures.count(number.longValue()));
            }
            case String text -> {
                (text.matches("[0-9]+") ? numbers : words).add(text);
                if (text.matches("[0-9a-f]{64}")) {
                    words.add(text.substring(0, 12));
                }
            }
            case null, default -> {}
        }
    }

    private void written(double number) {
        for (String text : List.of(
                Figures.points(number),
                Figures.percentFine(number),
                Figures.plain(number),
                Figures.signed(number),
                FormWords.hundred(number),
                "+" + FormWords.hundred(number),
                "−" + Figures.plain(number))) {
            numbers.add(text.replace("%", ""));
        }
    }

    private static @Nullable Object component(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError(failure.getMessage(), failure);
        }
    }
}
