package assay.show.page;

import assay.base.sparse.Interval;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/// Writes records as documents for programs, every one in the same way.
///
/// Names are those of the components, `likeThis` written `like_this`. Measured numbers have six significant digits;
/// one that was not measured, or is not finite, is `null`. An interval `x` is its value `x` and its bounds `x_ci`;
/// those of `closed` and `right`, which a row is about, are `ci`. An enum is what it calls itself, or else its name
/// in small letters.
public final class Json {
    /// Raised when a field of any document changes its meaning or goes away; new fields do not raise it.
    private static final int SCHEMA_VERSION = 1;

    private static final Set<String> MAIN = Set.of("closed", "right");
    private static final MathContext SIX_DIGITS = new MathContext(6);
    /// Seeds and sizes of a provenance must come back exactly, its keys in order.
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(numbers(value -> value))
            .build();

    private final JsonMapper mapper;

    /// A writer of some records.
    ///
    /// @param shapes for records that are not written as they are, an interface with the same methods whose
    /// annotations say what is different
    public Json(Map<Class<?>, Class<?>> shapes) {
        SimpleModule module = numbers(Json::rounded)
                .addSerializer(Interval.class, by(Json::interval))
                .addSerializer(Enum.class, by((value, json) -> json.writeString(spelled(value))));
        this.mapper = JsonMapper.builder()
                .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .addModule(module)
                .addMixIns(shapes)
                .build();
    }

    /// Fields in the order in which they are written: records, maps, lists, texts and numbers by their names.
    public static final class Fields {
        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        /// Adds a field.
        public Fields with(String name, @Nullable Object value) {
            fields.put(name, value);
            return this;
        }

        @JsonValue
        Map<String, @Nullable Object> fields() {
            return fields;
        }
    }

    /// Writes a document, indented, with a line break at its end.
    ///
    /// @param command that makes it
    /// @param provenance where the numbers came from: text, numbers, booleans, lists and maps of these
    public String document(String command, Map<String, Object> provenance, Fields fields) {
        ObjectNode root = mapper.createObjectNode();
        root.put("schema_version", SCHEMA_VERSION).put("command", command);
        // By way of a stream: a tree made at once keeps the later of two fields of one name without a word, such as the
        // bounds of two shares that would both be called `ci`.
        root.setAll((ObjectNode) mapper.readTree(mapper.writeValueAsBytes(fields)));
        root.set("provenance", EXACT.valueToTree(provenance));
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return mapper.writer().with(printer).writeValueAsString(root) + "\n";
    }

    /// Writes fields as one line, without a line break.
    public String line(Fields fields) {
        return mapper.writeValueAsString(fields);
    }

    private static SimpleModule numbers(DoubleUnaryOperator written) {
        ValueSerializer<Double> serializer = by((value, json) -> number(value, json, written));
        return new SimpleModule().addSerializer(Double.class, serializer).addSerializer(Double.TYPE, serializer);
    }

    private static <T> ValueSerializer<T> by(BiConsumer<T, JsonGenerator> written) {
        return new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializationContext context) {
                written.accept(value, json);
            }
        };
    }

    private static void number(double value, JsonGenerator json, DoubleUnaryOperator written) {
        if (Double.isFinite(value)) {
            json.writeNumber(written.applyAsDouble(value));
        } else {
            json.writeNull();
        }
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(SIX_DIGITS).doubleValue();
    }

    /// The value of the field, and its bounds as a field of their own behind it.
    private static void interval(Interval interval, JsonGenerator json) {
        String name = json.streamWriteContext().currentName();
        number(interval.value(), json, Json::rounded);
        json.writeArrayPropertyStart(MAIN.contains(name) ? "ci" : name + "_ci");
        number(interval.low(), json, Json::rounded);
        number(interval.high(), json, Json::rounded);
        json.writeEndArray();
    }

    private static String spelled(Enum<?> value) {
        try {
            boolean callsItself =
                    value.getDeclaringClass().getMethod("toString").getDeclaringClass() != Enum.class;
            return callsItself ? value.toString() : value.name().toLowerCase(Locale.ROOT);
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
