package assay.engine.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the entries of a zip file lie whose entries are stored as they are, as `torch.save` writes them.
final class ZipDirectory {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRY = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int WIDE_END = 0x06064b50;
    private static final int WIDE_PLACE = 0x07064b50;
    private static final int ENTRY_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int MOST_ENTRIES = 100_000;
    private static final long WIDE = 0xFFFF_FFFFL;

    private ZipDirectory() {}

    /// An entry's own bytes.
    record Entry(long offset, long bytes) {}

    /// The entries by name, each within the file.
    ///
    /// @throws assay.InputException if it is no such file, or damaged
    static Map<String, Entry> read(MappedFile file) {
        try {
            return entries(file);
        } catch (IndexOutOfBoundsException cut) {
            throw file.broken("a zip file with all its entries", "one that ends before them");
        }
    }

    private static Map<String, Entry> entries(MappedFile file) {
        MemorySegment bytes = file.bytes();
        long end = end(file);
        long count = Short.toUnsignedLong(bytes.get(SHORT, end + 10));
        long at = Integer.toUnsignedLong(bytes.get(INT, end + 16));
        if (at == WIDE || count == 0xFFFF) {
            long wide = bytes.get(INT, end - 20) == WIDE_PLACE ? bytes.get(LONG, end - 12) : -1;
            if (wide < 0 || bytes.get(INT, wide) != WIDE_END) {
                throw file.broken("the end of a zip file", "another");
            }
            count = bytes.get(LONG, wide + 32);
            at = bytes.get(LONG, wide + 48);
        }
        if (count < 0 || count > MOST_ENTRIES) {
            throw file.broken("at most " + MOST_ENTRIES + " entries", count);
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            if (bytes.get(INT, at) != ENTRY) {
                throw file.broken("an entry of a zip file at byte " + at, "something else");
            }
            int name = Short.toUnsignedInt(bytes.get(SHORT, at + 28));
            int extra = Short.toUnsignedInt(bytes.get(SHORT, at + 30));
            int comment = Short.toUnsignedInt(bytes.get(SHORT, at + 32));
            entries.put(text(bytes, at + ENTRY_BYTES, name), entry(file, at, name, extra));
            at += ENTRY_BYTES + name + extra + comment;
        }
        return entries;
    }

    private static Entry entry(MappedFile file, long at, int name, int extra) {
        MemorySegment bytes = file.bytes();
        if (bytes.get(SHORT, at + 10) != 0) {
            throw file.refusal("entries stored as they are", "compressed ones", "Save it again with torch.save.");
        }
        long whole = Integer.toUnsignedLong(bytes.get(INT, at + 24));
        long stored = Integer.toUnsignedLong(bytes.get(INT, at + 20));
        long local = Integer.toUnsignedLong(bytes.get(INT, at + 42));
        long field = at + ENTRY_BYTES + name;
        for (long end = field + extra;
                field + 4 <= end;
                field += 4 + Short.toUnsignedInt(bytes.get(SHORT, field + 2))) {
            if (bytes.get(SHORT, field) == 1) {
                long next = field + 4;
                if (whole == WIDE) {
                    whole = bytes.get(LONG, next);
                    next += 8;
                }
                if (stored == WIDE) {
                    next += 8;
                }
                local = local == WIDE ? bytes.get(LONG, next) : local;
            }
        }
        long start = local
                + 30
                + Short.toUnsignedInt(bytes.get(SHORT, local + 26))
                + Short.toUnsignedInt(bytes.get(SHORT, local + 28));
        if (local < 0 || whole < 0 || start < 0 || whole > file.size() - start) {
            throw file.broken("entries within the file", "one beyond it");
        }
        return new Entry(start, whole);
    }

    /// The end record stands last, but for a comment.
    private static long end(MappedFile file) {
        long least = Math.max(0, file.size() - END_BYTES - 0xFFFF);
        for (long at = file.size() - END_BYTES; at >= least; at--) {
            if (file.bytes().get(INT, at) == END) {
                return at;
            }
        }
        throw file.refusal(
                "a file of torch.save since torch 1.6",
                "another",
                "Load it with torch.load(…, weights_only=True) and save it with save_pretrained.");
    }

    private static String text(MemorySegment bytes, long at, int length) {
        byte[] letters = new byte[length];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, letters, 0, length);
        return new String(letters, StandardCharsets.UTF_8);
    }
}
