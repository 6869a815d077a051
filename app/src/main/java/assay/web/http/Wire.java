package assay.web.http;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Records as JSON, as page and server send them: `likeThis` is written `like_this`. A field nobody
/// knows is refused.
public final class Wire {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Wire() {}

    /// Writes a value in one line.
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// Reads a value.
    ///
    /// @throws Refused if it is no JSON or has other fields
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T read = MAPPER.readValue(json, type);
            if (read == null) {
                throw new Refused(400, "request: expected an object, found null. Send the fields openapi.json lists.");
            }
            return read;
        } catch (JacksonException wrong) {
            throw new Refused(
                    400,
                    "request: expected the fields openapi.json lists, found something else ("
                            + firstLine(wrong.getOriginalMessage()) + "). Send them as JSON.");
        }
    }

    private static String firstLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }
}
