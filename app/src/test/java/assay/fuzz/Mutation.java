package assay.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Damage at random that a parser has something to think about: borders of number types, parts cut, doubled, swapped,
/// nested too deep, and plain noise.
public enum Mutation {
    /// Any bytes.
    BYTES {
        @Override
        public byte[] of(byte[] seed, SplittableRandom random) {
            return bytes(seed, Math.min(seed.length, 8_000), random);
        }
    },
    /// A text of tokens: JSON, templates.
    TEXT {
        @Override
        public byte[] of(byte[] seed, SplittableRandom random) {
            return random.nextInt(4) == 0 ? bytes(seed, seed.length, random) : text(seed, random);
        }
    },
    /// A safetensors file: its header is damaged as text, and half the time its length says so.
    TENSORS {
        @Override
        public byte[] of(byte[] seed, SplittableRandom random) {
            if (random.nextInt(3) == 0) {
                return BYTES.of(seed, random);
            }
            int length = (int) little(seed).getLong(0);
            byte[] header = text(Arrays.copyOfRange(seed, 8, 8 + length), random);
            byte[] all = joined(Arrays.copyOf(seed, 8), header, Arrays.copyOfRange(seed, 8 + length, seed.length));
            if (random.nextBoolean()) {
                little(all).putLong(0, header.length);
            }
            return all;
        }
    },
    /// A saved state, whose numbers are big-endian: three times of four its checksum is right, so that what lies
    /// behind it is looked at.
    SAVED {
        @Override
        public byte[] of(byte[] seed, SplittableRandom random) {
            byte[] all = bytes(seed, random.nextInt(4) == 0 ? seed.length : Math.min(seed.length, 4_000), random);
            if (random.nextInt(4) == 0 || all.length < 16) {
                return all;
            }
            CRC32C sum = new CRC32C();
            sum.update(all, 0, all.length - 8);
            byte[] whole = all.clone();
            ByteBuffer.wrap(whole).putLong(all.length - 8, sum.getValue());
            return whole;
        }
    };

    private static final long[] BORDERS = {
        0,
        1,
        -1,
        2,
        255,
        256,
        65_535,
        65_536,
        Integer.MAX_VALUE,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        1L << 40,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1_000_000,
        2_000_000_000
    };
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "0",
            "-1",
            "1",
            "0.5",
            "2147483648",
            "9223372036854775808",
            "1e308",
            "1e999",
            "-1e999",
            "1E400000000",
            "NaN",
            "100000",
            "2000000000",
            "\"\\u0000\\ud800\"",
            "\"\u001b[31m\\u001b[2J\"",
            "\"../../etc/passwd\"",
            "\"(a+)+$\"",
            "[".repeat(600),
            "[".repeat(20_000),
            "{\"a\":".repeat(2_000),
            "9".repeat(400),
            "\"" + "x".repeat(5_000) + "\"",
            "{{",
            "{% for i in range(100000) %}",
            "{{ 'a' * 8000000 }}",
            "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
            "not ".repeat(300),
            "(".repeat(5_000));
    private static final Pattern TOKEN =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|[A-Za-z_]\\w*|-?\\d[\\d.eE+-]*|\\{[%{#]|[%}#]\\}|[^\\s\\w]");

    /// A damaged copy.
    public abstract byte[] of(byte[] seed, SplittableRandom random);

    private static byte[] bytes(byte[] seed, int reach, SplittableRandom random) {
        byte[] all = seed;
        for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1; i > 0 && all.length > 16; i--) {
            int at = random.nextInt(Math.clamp(reach, 1, all.length - 8));
            int length = Math.min(1 + random.nextInt(100), all.length - at);
            all = switch (random.nextInt(7)) {
                case 0 -> Arrays.copyOf(all, at);
                case 1 -> joined(Arrays.copyOf(all, at), Arrays.copyOfRange(all, at + length, all.length));
                case 2 -> joined(Arrays.copyOf(all, at + length), Arrays.copyOfRange(all, at, all.length));
                case 3 -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    yield joined(Arrays.copyOf(all, at), noise, Arrays.copyOfRange(all, at, all.length));
                }
                case 4 -> {
                    byte[] flipped = all.clone();
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                    yield flipped;
                }
                default -> {
                    byte[] changed = all.clone();
                    long border = BORDERS[random.nextInt(BORDERS.length)];
                    ByteBuffer order = random.nextBoolean() ? little(changed) : ByteBuffer.wrap(changed);
                    if (random.nextBoolean()) {
                        order.putLong(at, border);
                    } else {
                        order.putInt(at, (int) border);
                    }
                    yield changed;
                }
            };
        }
        return all;
    }

    private static byte[] text(byte[] seed, SplittableRandom random) {
        if (random.nextInt(100) == 0) {
            return VALUES.get(random.nextInt(VALUES.size())).getBytes(StandardCharsets.ISO_8859_1);
        }
        String all = new String(seed, StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1; i > 0; i--) {
            int from = random.nextInt(Math.max(1, all.length()));
            List<MatchResult> tokens = new ArrayList<>(TOKEN.matcher(all)
                    .region(from, all.length())
                    .results()
                    .limit(60)
                    .toList());
            if (tokens.isEmpty()) {
                continue;
            }
            MatchResult token = tokens.get(random.nextInt(Math.min(20, tokens.size())));
            MatchResult other = tokens.get(random.nextInt(tokens.size()));
            String instead = switch (random.nextInt(6)) {
                case 0 -> "";
                case 1 -> token.group() + " " + token.group();
                case 2 -> other.group();
                case 3 -> "[" + token.group() + "]";
                default -> VALUES.get(random.nextInt(VALUES.size()));
            };
            all = all.substring(0, token.start()) + instead + all.substring(token.end());
        }
        return all.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
