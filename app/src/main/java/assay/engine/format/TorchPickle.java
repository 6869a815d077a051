package assay.engine.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what `torch.save` says of a dictionary of tensors. A pickle is a program that may call anything; here nothing
/// is called: of its instructions those are followed that build texts, numbers, lists and dictionaries, and of
/// its calls those two that stand for a tensor are understood. All else is refused by name.
final class TorchPickle {
    private static final int MOST_BYTES = 1 << 26;
    private static final Map<String, ElementType> STORAGES = Map.of(
            "torch FloatStorage", ElementType.F32,
            "torch HalfStorage", ElementType.F16,
            "torch BFloat16Storage", ElementType.BF16,
            "torch DoubleStorage", ElementType.F64,
            "torch LongStorage", ElementType.I64,
            "torch IntStorage", ElementType.I32);

    private final MappedFile file;
    private final ByteBuffer code;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memory = new HashMap<>();

    /// Something a pickle names by its module.
    private record Name(String words) {}

    /// Numbers in an entry of their own.
    private record Storage(ElementType type, String key) {}

    /// A tensor as the pickle describes it.
    ///
    /// @param key of the entry that holds its numbers
    /// @param first of its numbers there
    record Saved(ElementType type, String key, long first, List<Long> shape) {}

    private TorchPickle(MappedFile file, byte[] bytes) {
        this.file = file;
        this.code = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The tensors of the dictionary an entry builds, by name.
    ///
    /// @throws assay.InputException if it does anything else
    static Map<String, Saved> tensors(MappedFile file, ZipDirectory.Entry entry) {
        if (entry.bytes() > MOST_BYTES) {
            throw file.broken("names of tensors below " + (MOST_BYTES >> 20) + " MB", entry.bytes() + " bytes");
        }
        byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
        MemorySegment.copy(file.bytes(), ValueLayout.JAVA_BYTE, entry.offset(), bytes, 0, bytes.length);
        TorchPickle pickle = new TorchPickle(file, bytes);
        try {
            return pickle.named(pickle.run());
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException | ClassCastException cut) {
            throw file.broken("a dictionary of tensors", "instructions that build none");
        }
    }

    private Map<String, Saved> named(@Nullable Object root) {
        Map<String, Saved> tensors = new LinkedHashMap<>();
        if (!(root instanceof Map<?, ?> map)) {
            throw strange("something else than a dictionary");
        }
        map.forEach((name, value) -> {
            if (!(name instanceof String text) || !(value instanceof Saved tensor)) {
                throw strange("a dictionary with other things in it");
            }
            tensors.put(text, tensor);
        });
        return tensors;
    }

    private @Nullable Object run() {
        while (true) {
            int instruction = Byte.toUnsignedInt(code.get());
            if (instruction == '.') {
                return stack.removeLast();
            }
            switch (instruction) {
                case 0x80 -> code.get();
                case '(' -> marks.add(stack.size());
                case '}' -> stack.add(new LinkedHashMap<>());
                case ']' -> stack.add(new ArrayList<>());
                case ')' -> stack.add(List.of());
                case 'N' -> stack.add(null);
                case 0x88, 0x89 -> stack.add(instruction == 0x88);
                case 'K' -> stack.add((long) Byte.toUnsignedInt(code.get()));
                case 'M' -> stack.add((long) Short.toUnsignedInt(code.getShort()));
                case 'J' -> stack.add((long) code.getInt());
                case 0x8a -> stack.add(longOf(Byte.toUnsignedInt(code.get())));
                case 'X' -> stack.add(text(code.getInt()));
                case 0x8c -> stack.add(text(Byte.toUnsignedInt(code.get())));
                case 'c' -> stack.add(new Name(line() + " " + line()));
                case 'q' -> memory.put(Byte.toUnsignedInt(code.get()), stack.getLast());
                case 'r' -> memory.put(code.getInt(), stack.getLast());
                case 'h' -> stack.add(memory.get(Byte.toUnsignedInt(code.get())));
                case 'j' -> stack.add(memory.get(code.getInt()));
                case 't' -> stack.add(sinceMark());
                case 0x85, 0x86, 0x87 -> stack.add(last(instruction - 0x84));
                case 's' -> set(last(2));
                case 'u' -> set(sinceMark());
                case 'Q' -> stack.add(storage((List<?>) stack.removeLast()));
                case 'R' -> stack.add(called(last(2)));
                // What an ordered dictionary knows besides its entries.
                case 'b' -> stack.removeLast();
                default -> throw strange("the instruction " + instruction);
            }
        }
    }

    private List<@Nullable Object> last(int count) {
        return cut(stack.size() - count);
    }

    private List<@Nullable Object> sinceMark() {
        return cut(marks.removeLast());
    }

    private List<@Nullable Object> cut(int from) {
        List<@Nullable Object> tail = stack.subList(from, stack.size());
        List<@Nullable Object> taken = Collections.unmodifiableList(new ArrayList<>(tail));
        tail.clear();
        return taken;
    }

    @SuppressWarnings("unchecked")
    private void set(List<@Nullable Object> pairs) {
        Map<Object, @Nullable Object> map = (Map<Object, @Nullable Object>) stack.getLast();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (key == null || map == null) {
                throw strange("a dictionary without names");
            }
            map.put(key, pairs.get(i + 1));
        }
    }

    private Object storage(List<?> words) {
        ElementType type = words.get(1) instanceof Name(String name) ? STORAGES.get(name) : null;
        if (!"storage".equals(words.get(0)) || type == null || !(words.get(2) instanceof String key)) {
            throw strange(words.get(1) instanceof Name(String name) ? "numbers as " + name : "a strange storage");
        }
        return new Storage(type, key);
    }

    private @Nullable Object called(List<@Nullable Object> call) {
        String name = ((Name) java.util.Objects.requireNonNull(call.get(0))).words();
        List<?> words = (List<?>) java.util.Objects.requireNonNull(call.get(1));
        return switch (name) {
            case "collections OrderedDict" -> new LinkedHashMap<>();
            case "torch._utils _rebuild_parameter" -> words.get(0);
            case "torch._utils _rebuild_tensor_v2" -> tensor(words);
            default -> throw strange("a call of " + name.replace(' ', '.'));
        };
    }

    private Saved tensor(List<?> words) {
        Storage storage = (Storage) words.get(0);
        List<Long> shape = longs((List<?>) words.get(2));
        List<Long> strides = longs((List<?>) words.get(3));
        long expected = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            if (shape.get(axis) != 1 && strides.get(axis) != expected) {
                throw file.refusal(
                        "tensors whose numbers lie in order", "one that is turned", "Save contiguous() ones.");
            }
            expected *= shape.get(axis);
        }
        return new Saved(storage.type(), storage.key(), (Long) words.get(1), shape);
    }

    private static List<Long> longs(List<?> numbers) {
        return numbers.stream().map(Long.class::cast).toList();
    }

    private long longOf(int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            long next = code.get();
            value = i < 8 ? (value & ~(-1L << (8 * i))) | next << (8 * i) : value;
        }
        return value;
    }

    private String text(int length) {
        if (length < 0 || length > code.remaining()) {
            throw new IndexOutOfBoundsException(length);
        }
        byte[] letters = new byte[length];
        code.get(letters);
        return new String(letters, StandardCharsets.UTF_8);
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (byte letter = code.get(); letter != '\n'; letter = code.get()) {
            line.append((char) letter);
        }
        return line.toString();
    }

    private assay.InputException strange(String found) {
        return file.refusal(
                "tensors and nothing else",
                found,
                "A pickled file can run code, so nothing in it was; convert it to safetensors with save_pretrained.");
    }

    /// Where the entries of a zip file lie whose entries are stored as they are, as `torch.save` writes them.
    static final class ZipDirectory {
        private static final ValueLayout.OfShort SHORT =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfLong LONG =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
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
}
