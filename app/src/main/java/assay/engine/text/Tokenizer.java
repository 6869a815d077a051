package assay.engine.text;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import assay.InputException;
import assay.base.run.Once;
import assay.base.run.Refusal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns text into a model's token ids and back, exactly as transformers does.
///
/// The work is done by Hugging Face's own tokenizers library; this owns its native memory. Any number of
/// threads may encode and decode at once, but none while it is being closed.
public final class Tokenizer implements AutoCloseable {
    /// Characters; more than any model's context holds, and read in a second or two.
    private static final int LONGEST_TEXT = 1_000_000;

    /// Letters that every tokenizer knows.
    private static final String OPENING = "a";
    private static final Pattern HALF_OF_A_PAIR = Pattern.compile("\\p{Cs}");
    private static final TokenizersLibrary NATIVE = library();

    private final Handle handle;
    private final TokenizerFile file;
    private final Lead lead;
    private final Once<Opening> opening = new Once<>(this::readOpening);

    private Tokenizer(Handle handle, TokenizerFile file, Lead lead) {
        this.handle = handle;
        this.file = file;
        this.lead = lead;
    }

    /// What texts are read behind, as many tokenizers read a text's first word in another way than one inside.
    ///
    /// @param text what stands in front of them
    /// @param border where in it the tokens of the texts begin: a space in front belongs to a text
    record Lead(String text, int border) {
        static final Lead NONE = new Lead("", 0);

        /// Texts behind a literal whose last spaces are theirs.
        static Lead behind(String literal) {
            int border = literal.length();
            while (border > 0 && literal.charAt(border - 1) == ' ') {
                border--;
            }
            return new Lead(literal, border);
        }
    }

    /// The native tokenizer, which several may use; closed for all of them at once.
    private static final class Handle {
        private final long address;
        private volatile boolean closed;

        Handle(long address) {
            this.address = address;
        }

        long open() {
            if (closed) {
                throw new IllegalStateException("tokenizer: expected an open one, found it closed.");
            }
            return address;
        }

        synchronized void close() {
            if (!closed) {
                closed = true;
                NATIVE.deleteTokenizer(address);
            }
        }
    }

    /// The library itself rather than DJL's wrapper around it, which asks the network where it runs.
    static TokenizersLibrary library() {
        LibUtils.checkStatus();
        return TokenizersLibrary.LIB;
    }

    /// Reads a Hugging Face `tokenizer.json`, and the names of special tokens from the files beside it
    /// (`tokenizer_config.json`, `generation_config.json`) where there are any.
    ///
    /// @throws InputException if the file is missing, too large, or not a tokenizer
    public static Tokenizer fromJson(Path tokenizerJson) {
        return open(TokenizerFile.read(tokenizerJson));
    }

    /// Builds the tokenizer a GGUF file describes.
    ///
    /// @param metadata the file's metadata by key; numbers as `Number`, arrays as `List`
    /// @throws InputException if a field is missing, or the kind of tokenizer is not one this version knows
    public static Tokenizer fromGguf(Map<String, Object> metadata) {
        return open(GgufTokenizer.read(metadata));
    }

    private static Tokenizer open(TokenizerFile file) {
        try {
            long handle = NATIVE.createTokenizerFromString(file.json());
            NATIVE.disablePadding(handle);
            NATIVE.disableTruncation(handle);
            return new Tokenizer(new Handle(handle), file, Lead.NONE);
        } catch (RuntimeException broken) {
            throw new InputException(
                    "tokenizer: expected one the tokenizers library reads, found \"" + broken.getMessage() + "\" ("
                            + file.where() + "). Fetch the file again.",
                    broken);
        }
    }

    /// This tokenizer for texts that stand behind something in a conversation; it is closed with this one.
    Tokenizer behind(Lead newLead) {
        return new Tokenizer(handle, file, newLead);
    }

    /// Token ids of a text, with nothing added in front or behind; special tokens written in the text are
    /// recognised.
    ///
    /// The same as transformers' `tokenizer(text, add_special_tokens=False)`; with a tokenizer that reads a text's
    /// first word in another way than one inside, as a prompt stands in the model's conversations ([Slot#user] and
    /// [Slot#answer] read the other texts).
    ///
    /// @throws InputException if the text is not valid Unicode, or longer than a million characters
    public int[] encode(String text) {
        Encoded encoded = Encoded.of(this, lead.text() + text);
        int border = lead.text().codePointCount(0, lead.border());
        if (border == 0) {
            return encoded.ids();
        }
        int first = 0;
        while (first < encoded.ids().length && encoded.ends()[first] <= border) {
            first++;
        }
        if (first < encoded.ids().length && encoded.starts()[first] < border) {
            throw new InputException(
                    "text: expected to be read from its first letter on, found it joined with what stands in"
                            + " front of it in a conversation (" + file.where() + "). Begin it with a letter.");
        }
        return Arrays.copyOfRange(encoded.ids(), first, encoded.ids().length);
    }

    /// Token ids with the place each has in the text.
    ///
    /// @param starts index in the text's code points where each token starts
    /// @param ends index in the text's code points behind each token
    record Encoded(int[] ids, int[] starts, int[] ends) {
        private static Encoded of(Tokenizer tokenizer, String text) {
            requireEncodable(text);
            long open = tokenizer.handle.open();
            long encoding = tokenizer.run(() -> NATIVE.encode(open, text, false));
            try {
                int[] ids = Arrays.stream(NATIVE.getTokenIds(encoding))
                        .mapToInt(Math::toIntExact)
                        .toArray();
                CharSpan[] spans = NATIVE.getTokenCharSpans(encoding);
                int[] starts = new int[ids.length];
                int[] ends = new int[ids.length];
                for (int i = 0; i < ids.length; i++) {
                    starts[i] = spans[i] == null ? -1 : spans[i].getStart();
                    ends[i] = spans[i] == null ? -1 : spans[i].getEnd();
                }
                Encoded encoded = new Encoded(ids, starts, ends);
                encoded.placeBytes(text);
                return encoded;
            } finally {
                NATIVE.deleteEncoding(encoding);
            }
        }

        /// Unigram tokenizers give all bytes of unknown letters beside each other one place: gives each byte that of
        /// its letter.
        private void placeBytes(String text) {
            for (int first = 0, next; first < ids.length; first = next) {
                next = first + 1;
                while (next < ids.length && starts[next] == starts[first] && ends[next] == ends[first]) {
                    next++;
                }
                if (starts[first] < 0 || ends[first] - starts[first] < 2 || next - first < 2) {
                    continue;
                }
                int[] bytes = text.codePoints()
                        .skip(starts[first])
                        .limit((long) ends[first] - starts[first])
                        .map(letter -> Character.toString(letter).getBytes(StandardCharsets.UTF_8).length)
                        .toArray();
                if (Arrays.stream(bytes).sum() != next - first) {
                    continue;
                }
                int token = first;
                int letter = starts[first];
                for (int count : bytes) {
                    Arrays.fill(starts, token, token + count, letter);
                    Arrays.fill(ends, token, token + count, ++letter);
                    token += count;
                }
            }
        }
    }

    /// Like [#encode], with places.
    Encoded encodeWithPlaces(String text) {
        return Encoded.of(this, text);
    }

    private static void requireEncodable(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw new InputException("text: expected at most " + LONGEST_TEXT + " characters, found " + text.length()
                    + " (to be tokenized). Split it.");
        }
        Matcher half = HALF_OF_A_PAIR.matcher(text);
        if (half.find()) {
            throw new InputException(String.format(
                    "text: expected valid Unicode, found half of a surrogate pair U+%04X (character %d). Was it cut within an"
                            + " emoji?",
                    (int) text.charAt(half.start()), half.start() + 1));
        }
    }

    /// The text of token ids, special tokens left out.
    ///
    /// The same as transformers' `decode(ids, skip_special_tokens=True,
    /// clean_up_tokenization_spaces=False)`: every ordinary token is kept as it is, spaces included. Bytes
    /// that are not yet a whole character become U+FFFD, and ids behind the last token (a model may have
    /// spare rows) have no text.
    public String decode(int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0) {
                throw new IllegalArgumentException(
                        "token id: expected at least 0, found " + ids[i] + " (place " + i + ").");
            }
        }
        long open = handle.open();
        return run(() -> NATIVE.decode(open, Arrays.stream(ids).asLongStream().toArray(), true));
    }

    /// The text of token ids with special tokens as they are written, such as `<|im_start|>`.
    public String written(int[] ids) {
        long open = handle.open();
        return run(() -> NATIVE.decode(open, Arrays.stream(ids).asLongStream().toArray(), false));
    }

    /// The text of token ids that stand behind others: like [#decode], but a space in front is kept, which
    /// SentencePiece's decoders drop as the one that they put in front of every text.
    public String continued(int[] ids) {
        Opening first = opening.get();
        int[] all = Arrays.copyOf(first.ids, first.ids.length + ids.length);
        System.arraycopy(ids, 0, all, first.ids.length, ids.length);
        return decode(all).substring(first.letters);
    }

    /// @param letters of its text
    private record Opening(int[] ids, int letters) {}

    private Opening readOpening() {
        int[] ids = encodeWithPlaces(OPENING).ids();
        return new Opening(ids, decode(ids).length());
    }

    /// What the library does, or its word on why this tokenizer cannot do it: an unknown token that is itself unknown,
    /// for one.
    private <T> T run(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException broken) {
            throw Refusal.of(
                    "tokenizer",
                    "one that can read and write any text",
                    "\"" + broken.getMessage() + "\"",
                    file.where(),
                    "Fetch the file again.");
        }
    }

    /// The same tokenizer for a model with so many rows: without the added tokens that have no row,
    /// which a model can go without until one is met. Fewer tokens than rows are fine: models pad their
    /// vocabulary.
    ///
    /// @param rows rows of the model's embedding
    /// @throws InputException if another token has no row
    public Tokenizer within(int rows) {
        TokenizerFile known = file.within(rows);
        int largest = known.tokens().keySet().stream().mapToInt(id -> id).max().orElse(-1);
        if (largest < 0) {
            throw new InputException(
                    "tokenizer: expected tokens, found none (" + file.where() + "). Fetch the file again.");
        }
        if (largest >= rows) {
            throw new InputException("tokenizer: expected token ids below the model's " + rows + " rows, found "
                    + largest + " (" + file.where() + "). Does this tokenizer belong to this model?");
        }
        return new Tokenizer(handle, known, lead);
    }

    /// The id of a token written exactly so, such as `<|im_end|>`.
    public OptionalInt tokenId(String token) {
        Integer id = file.ids().get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /// A token as the vocabulary writes it (`Ġthe`, `<|im_end|>`), for display.
    public Optional<String> token(int id) {
        return Optional.ofNullable(file.tokens().get(id));
    }

    /// How many tokens there are.
    public int vocabularySize() {
        return file.tokens().size();
    }

    /// Ids of the special tokens, which [#decode] leaves out and which a prompt should not contain.
    public Set<Integer> specialTokens() {
        return file.special();
    }

    /// Named special tokens as chat templates ask for them: `bos_token`, `eos_token` and the like, by their
    /// text.
    Map<String, String> named() {
        return file.named();
    }

    /// The id of a named special token, such as `eos_token`.
    OptionalInt namedId(String name) {
        String token = file.named().get(name);
        return token == null ? OptionalInt.empty() : tokenId(token);
    }

    /// Ids the model's files list as ends of an answer.
    Set<Integer> endings() {
        return file.endings();
    }

    /// Whether a conversation begins with the beginning token although its template does not write it.
    boolean addsBeginning() {
        return file.addsBeginning();
    }

    /// Frees the native memory; closing twice is harmless.
    @Override
    public void close() {
        handle.close();
    }
}
