package assay.show.page;

import assay.base.sparse.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What all JSON documents have in common: numbers with six digits, intervals, values of any kind.
public final class JsonParts {
    private static final MathContext SIX_DIGITS = new MathContext(6);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonParts() {}

    public static void interval(ObjectNode node, String valueKey, String boundsKey, Interval interval) {
        node.set(valueKey, number(interval.value()));
        node.putArray(boundsKey).add(number(interval.low())).add(number(interval.high()));
    }

    public static JsonNode number(double value) {
        return Double.isFinite(value)
                ? NODES.numberNode(new BigDecimal(value).round(SIX_DIGITS).doubleValue())
                : NODES.nullNode();
    }

    /// Provenance values keep all their digits: seeds and sizes must come back exactly.
    public static JsonNode value(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Map<?, ?> map -> object(map);
            case Iterable<?> items -> {
                ArrayNode array = NODES.arrayNode();
                items.forEach(item -> array.add(value(item)));
                yield array;
            }
            case Boolean truth -> NODES.booleanNode(truth);
            case Integer whole -> NODES.numberNode(whole);
            case Long whole -> NODES.numberNode(whole);
            case Number number ->
                Double.isFinite(number.doubleValue()) ? NODES.numberNode(number.doubleValue()) : NODES.nullNode();
            default -> NODES.stringNode(value.toString());
        };
    }

    public static ObjectNode object(Map<?, ?> map) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value(value)));
        ObjectNode node = NODES.objectNode();
        sorted.forEach(node::set);
        return node;
    }

    public static String print(ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indenter);
        return JsonMapper.shared().writer().with(printer).writeValueAsString(root) + "\n";
    }
}
