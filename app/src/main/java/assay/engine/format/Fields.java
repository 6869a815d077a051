package assay.engine.format;

import assay.InputException;
import assay.base.run.Refusal;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object, each of the type it must have: one of another type is refused by its
/// name, never taken for one that is missing.
///
/// @param subject what the file is to the user, such as `adapter`
/// @param path where it is
/// @param prefix what stands before a field's name in messages, such as `rope_scaling.`
/// @param node the object
public record Fields(String subject, Path path, String prefix, JsonNode node) {
    /// Whether the field is there, null or not.
    public boolean has(String field) {
        return node.has(field);
    }

    /// A text.
    public String text(String field, String otherwise) {
        return has(field) ? text(field) : otherwise;
    }

    private String text(String field) {
        if (!node.path(field).isString()) {
            throw wrong(field, "a text");
        }
        return node.path(field).asString();
    }

    /// A truth value; null is none.
    public boolean flag(String field, boolean otherwise) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw wrong(field, "true or false");
        }
        return value.asBoolean();
    }

    /// A number that singles can hold.
    public double number(String field, double otherwise) {
        return has(field) ? number(field) : otherwise;
    }

    /// The same, which must be there.
    public double number(String field) {
        JsonNode value = node.path(field);
        // `asDouble` throws where a whole number is out of range.
        if (!value.isNumber() || !Float.isFinite(value.numberValue().floatValue())) {
            throw wrong(field, "a number");
        }
        return value.numberValue().doubleValue();
    }

    /// A number above zero.
    public double positive(String field, double otherwise) {
        return has(field) ? positive(field) : otherwise;
    }

    /// The same, which must be there.
    public double positive(String field) {
        if (!node.path(field).isNumber() || !(number(field) > 0)) {
            throw wrong(field, "a positive number");
        }
        return number(field);
    }

    /// A whole number above zero.
    public int count(String field, int otherwise) {
        return has(field) ? count(field) : otherwise;
    }

    /// The same, which must be there.
    public int count(String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() <= 0) {
            throw wrong(field, "a positive whole number");
        }
        return value.asInt();
    }

    /// The fields of an object inside this one; none if it is missing.
    ///
    /// @param separator what stands between its name and those of its fields in messages
    public Fields object(String field, String separator) {
        JsonNode value = node.path(field);
        if (!value.isObject() && !value.isMissingNode() && !value.isNull()) {
            throw wrong(field, "an object");
        }
        return new Fields(subject, path, prefix + field + separator, value);
    }

    /// A refusal of what a field says.
    public InputException wrong(String field, String expected) {
        return Refusal.of(
                subject,
                Refusal.name(prefix + field) + " to be " + expected,
                JsonFile.shown(node.path(field)),
                path,
                "Correct the file or fetch it again.");
    }
}
