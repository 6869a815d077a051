package assay.base.run;

import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads values back from JSON that a run or a user wrote. Nothing in them may be null, not even within
/// a list: what works with them later would fail where nobody knows the file any more. What a run wrote
/// carries a checksum, so that no figure a disk has changed is ever used.
public final class SoundJson {
    /// How a sealed object ends; the digits are a CRC-32C of what it would be without.
    private static final String SEAL = ",\"crc32c\":\"%08x\"}";

    private static final int SEAL_LENGTH = SEAL.length() + 4;
    private static final int DIGITS = 8;

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
        byte[] open = opened(json);
        if (type.getType() instanceof Class<?> record) {
            requireNoOthers(open, record);
        }
        return there(LENIENT.readValue(open, type));
    }

    /// A value with all its fields.
    ///
    /// @throws JacksonException likewise, and if a field is missing
    public static <T> T whole(byte[] json, Class<T> type) {
        byte[] open = opened(json);
        requireNoOthers(open, type);
        return there(WHOLE.readValue(open, type));
    }

    /// An object as JSON, with a last field `crc32c` that says whether it is still what was written.
    ///
    /// @param value written as an object with at least one field
    public static byte[] sealed(Object value) {
        byte[] json = JsonMapper.shared().writeValueAsBytes(value);
        byte[] seal = seal(json);
        byte[] sealed = Arrays.copyOf(json, json.length - 1 + seal.length);
        System.arraycopy(seal, 0, sealed, json.length - 1, seal.length);
        return sealed;
    }

    private static byte[] seal(byte[] json) {
        CRC32C sum = new CRC32C();
        sum.update(json);
        return String.format(Locale.ROOT, SEAL, sum.getValue()).getBytes(StandardCharsets.UTF_8);
    }

    /// Refuses fields that a record does not have: one of them may have been its seal.
    private static void requireNoOthers(byte[] json, Class<?> type) {
        if (!type.isRecord()) {
            return;
        }
        Set<String> known = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        if (!known.containsAll(LENIENT.readTree(json).propertyNames())) {
            throw new Unsound("other fields");
        }
    }

    /// Without its seal. What carries none, as texts of users and of older versions, is left as it is;
    /// what nearly carries one is damaged there.
    private static byte[] opened(byte[] json) {
        int border = json.length - SEAL_LENGTH;
        if (border < 2) {
            return json;
        }
        byte[] open = Arrays.copyOf(json, border + 1);
        open[border] = '}';
        byte[] seal = seal(open);
        int alike = 0;
        for (int i = 0; i < SEAL_LENGTH; i++) {
            boolean isDigit = i >= SEAL_LENGTH - 2 - DIGITS && i < SEAL_LENGTH - 2;
            alike += !isDigit && json[border + i] == seal[i] ? 1 : 0;
        }
        if (2 * alike < SEAL_LENGTH - DIGITS) {
            return json;
        }
        if (!Arrays.equals(json, border, json.length, seal, 0, SEAL_LENGTH)) {
            throw new Unsound("a wrong checksum");
        }
        return open;
    }

    private static <T> T there(@Nullable T value) {
        if (value == null) {
            throw new Unsound("null");
        }
        return value;
    }

    /// JSON, but no value.
    private static final class Unsound extends JacksonException {
        private static final long serialVersionUID = 1L;

        Unsound(String found) {
            super(found);
        }
    }
}
