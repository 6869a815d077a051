package assay.web.site;

import assay.tasks.talk.Column;
import assay.tasks.talk.Reading;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A reading of an answer, as the page gets it.
///
/// @param writer whose answer it was
record ReadingView(String writer, List<Place> places) {
    /// A token and what stood in its place.
    ///
    /// @param klMixture absent without a mixture
    record Place(
            int place,
            int token,
            String text,
            Map<String, Reading.Expected> columns,
            double klBase,
            @Nullable Double klMixture,
            Reading.@Nullable Why why) {}

    static ReadingView of(Reading reading) {
        return new ReadingView(
                reading.column().toString(),
                reading.places().stream().map(ReadingView::of).toList());
    }

    private static Place of(Reading.Place place) {
        Map<String, Reading.Expected> columns = new TreeMap<>();
        for (Map.Entry<Column, Reading.Expected> entry : place.columns().entrySet()) {
            columns.put(entry.getKey().toString(), entry.getValue());
        }
        return new Place(
                place.place(),
                place.token(),
                place.text(),
                columns,
                place.klBase(),
                Double.isFinite(place.klMixture()) ? place.klMixture() : null,
                place.why().orElse(null));
    }
}
