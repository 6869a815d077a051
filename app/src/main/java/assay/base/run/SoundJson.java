package assay.base.run;

import com.fasterxml.jackson.annotation.Nulls;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads values back from JSON that a run or a user wrote. Nothing in them may be null, not even within a list: what
/// works with them later would fail where nobody knows the file any more.
public final class SoundJson {
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
            .build();

    private static final JsonMapper WHOLE = LENIENT.rebuild()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private SoundJson() {}

    /// A value of which fields may be missing where its type allows it.
    ///
    /// @throws JacksonException if the text is no JSON of that type, or something in it is null
    public static <T> T read(byte[] json, TypeReference<T> type) {
        return there(LENIENT.readValue(json, type));
    }

    /// A value with all its fields.
    ///
    /// @throws JacksonException likewise, and if a field is missing
    public static <T> T whole(byte[] json, Class<T> type) {
        return there(WHOLE.readValue(json, type));
    }

    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new Nothing();
        }
        return value;
    }

    /// JSON, but null.
    private static final class Nothing extends JacksonException {
        private static final long serialVersionUID = 1L;

        Nothing() {
            super("null");
        }
    }
}
