package assay.tasks.extend;

/// Remembers texts by seven bits each in one field of bits (Bloom, *Space/time trade-offs in hash coding with
/// allowable errors*, 1970): a text that was seen is always known again, and one that was not is rarely mistaken.
///
/// The field has 32 bits for every text expected, up to 64 MB, in which 1 in 80,000 new texts is mistaken up to 16
/// million texts, 1 in 2,700 at 30 million and 1 in 40 at 67 million. Of more texts it has 8 to 16 bits each, up to
/// 1 GB for a thousand million, of which 1 in 60 is mistaken in the end.
final class SeenTexts {
    private static final int PROBES = 7;
    private static final int BITS_PER_TEXT = 32;
    private static final int LEAST_BITS_PER_TEXT = 8;
    private static final long FEWEST_BITS = 1L << 16;
    private static final long USUAL_BITS = 1L << 29;
    private static final long MOST_BITS = 1L << 33;

    private final long[] words;
    private final long mask;

    /// @param expected how many texts will come
    SeenTexts(long expected) {
        long bits = bits(expected);
        words = new long[(int) (bits >>> 6)];
        mask = bits - 1;
    }

    /// Bits of the field for so many texts, a power of two.
    static long bits(long expected) {
        long texts = Math.min(expected, MOST_BITS);
        long wanted = Math.max(Math.min(texts * BITS_PER_TEXT, USUAL_BITS), texts * LEAST_BITS_PER_TEXT);
        return Math.min(MOST_BITS, Long.highestOneBit(Math.max(wanted, FEWEST_BITS) - 1) << 1);
    }

    /// Remembers a text by its hash; says whether it is new.
    boolean add(long hash) {
        long step = mixed(hash ^ 0x9E37_79B9_7F4A_7C15L) | 1;
        long place = hash;
        boolean fresh = false;
        for (int i = 0; i < PROBES; i++, place += step) {
            int word = (int) ((place & mask) >>> 6);
            long bit = 1L << place;
            fresh |= (words[word] & bit) == 0;
            words[word] |= bit;
        }
        return fresh;
    }

    /// 64 bits of a text: FNV-1a over its UTF-16 units, finished by [#mixed].
    static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100_0000_01B3L;
        }
        return mixed(hash);
    }

    /// Spreads every bit over all others (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*,
    /// 2014).
    private static long mixed(long value) {
        long once = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return twice ^ (twice >>> 31);
    }
}
