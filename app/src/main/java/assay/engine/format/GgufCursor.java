package assay.engine.format;

import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Reads the primitive values of a GGUF header one after the other, never past the end of the file.
final class GgufCursor {
    private static final int MOST_STRING_BYTES = 1 << 26;
    /// Over all arrays of a file; a large vocabulary with scores, types and merges has two million.
    private static final int MOST_ELEMENTS = 1 << 23;

    private static final long MOST_HEADER_BYTES = 1 << 28;
    private static final int MOST_NAME_BYTES = 1024;
    private static final int ARRAY = 9;
    private static final int STRING = 8;

    private final MappedFile file;
    private long position;
    private long elements;

    GgufCursor(MappedFile file) {
        this.file = file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return file.size() - position;
    }

    int int32(String what) {
        return file.bytes().get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(4, what));
    }

    long int64(String what) {
        return file.bytes().get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(8, what));
    }

    /// A count of things that take at least `leastBytes` each in the rest of the file.
    long count(String what, long leastBytes) {
        long count = int64(what);
        if (count < 0 || count > remaining() / leastBytes) {
            throw file.broken(
                    what + " of at most " + remaining() / leastBytes + " (what is left of the file)",
                    Long.toUnsignedString(count));
        }
        return count;
    }

    /// A metadata key or tensor name.
    String name(String what) {
        long length = count("a length of " + what, 1);
        if (length < 1 || length > MOST_NAME_BYTES) {
            throw file.broken(what + " of 1 to " + MOST_NAME_BYTES + " bytes", length);
        }
        return text((int) length, what);
    }

    /// A text of any length that a vocabulary or a chat template may need.
    String string(String what) {
        long length = count("a length of " + what, 1);
        if (length > MOST_STRING_BYTES) {
            throw file.broken(what + " of at most " + MOST_STRING_BYTES + " bytes", length);
        }
        return text((int) length, what);
    }

    private String text(int length, String what) {
        byte[] bytes = new byte[length];
        java.lang.foreign.MemorySegment.copy(
                file.bytes(), ValueLayout.JAVA_BYTE, advance(length, what), bytes, 0, bytes.length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw file.broken("UTF-8 in " + what, "bytes that are not");
        }
    }

    /// A metadata value of a GGUF value type; arrays may not contain arrays.
    Object value(int type, String key) {
        return type == ARRAY ? array(key) : scalar(type, key);
    }

    private List<Object> array(String key) {
        int type = int32("an element type of " + key);
        if (type == ARRAY) {
            throw file.refusal("a flat array in " + key, "an array of arrays", "This version cannot read it.");
        }
        long count = count("a number of elements of " + key, leastBytes(type, key));
        elements += count;
        if (elements > MOST_ELEMENTS) {
            throw file.broken("at most " + MOST_ELEMENTS + " elements in all arrays up to " + key, elements);
        }
        List<Object> values = new ArrayList<>();
        for (long index = 0; index < count; index++) {
            values.add(scalar(type, key));
        }
        return Collections.unmodifiableList(values);
    }

    private Object scalar(int type, String key) {
        return switch (type) {
            case 0 -> int8(key) & 0xff;
            case 1 -> (int) int8(key);
            case 2 -> int16(key) & 0xffff;
            case 3 -> (int) int16(key);
            case 4 -> int32(key) & 0xffffffffL;
            case 5 -> int32(key);
            case 6 -> Float.intBitsToFloat(int32(key));
            case 7 -> truth(key);
            case STRING -> string(key);
            case 10 -> unsigned(int64(key));
            case 11 -> int64(key);
            case 12 -> Double.longBitsToDouble(int64(key));
            default -> throw unknownType(type, key);
        };
    }

    private long leastBytes(int type, String key) {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case STRING, 10, 11, 12 -> 8;
            default -> throw unknownType(type, key);
        };
    }

    private assay.InputException unknownType(int type, String key) {
        return file.broken("a value type from 0 to 12 for " + key, Integer.toUnsignedString(type));
    }

    private boolean truth(String key) {
        byte value = int8(key);
        if (value != 0 && value != 1) {
            throw file.broken("0 or 1 for " + key, value & 0xff);
        }
        return value == 1;
    }

    private static Number unsigned(long value) {
        return value >= 0 ? (Number) value : new BigInteger(Long.toUnsignedString(value));
    }

    private byte int8(String what) {
        return file.bytes().get(ValueLayout.JAVA_BYTE, advance(1, what));
    }

    private short int16(String what) {
        return file.bytes().get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), advance(2, what));
    }

    private long advance(long count, String what) {
        if (count > remaining()) {
            throw file.broken(what + " at byte " + position, "the end of the file");
        }
        long at = position;
        position += count;
        if (position > MOST_HEADER_BYTES) {
            throw file.broken("a header of at most " + MOST_HEADER_BYTES + " bytes", "a longer one");
        }
        return at;
    }
}
