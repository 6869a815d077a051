package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.sparse.Interval;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class JsonTest {
    private static final Interval SOME = new Interval(0.5, 0.25, 0.75);

    private record One(Interval closed, Interval own) {}

    private record Two(Interval closed, Interval right) {}

    @Test
    void boundsOfTheShareARowIsAboutAreCi() {
        String written = document(new One(SOME, new Interval(0.4, 0.3, 0.6)));
        assertThat(written)
                .containsSubsequence("\"closed\" : 0.5", "\"ci\"", "0.25", "\"own\" : 0.4", "\"own_ci\"", "0.3");
    }

    @Test
    void twoSharesWhoseBoundsWouldHaveOneNameAreNotWritten() {
        assertThatThrownBy(() -> document(new Two(SOME, SOME)))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("ci");
    }

    private static String document(Object row) {
        return new Json(Map.of()).document("some", Map.of(), new Json.Fields().with("row", row));
    }
}
