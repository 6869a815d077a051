package assay.engine.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The tokenizers library ends the whole process where it fails in a way it did not foresee: a regular expression
/// that overflows its stack, a decoder that cuts more letters than there are. A tokenizer with parts that language
/// models do not usually have is therefore run once in a process of its own before it is opened in ours.
final class TokenizerTrial {
    /// Parts whose settings cannot fail so, or are looked at in [#unusual].
    private static final Set<String> USUAL = Set.of(("BPE Unigram WordPiece WordLevel Sequence ByteLevel Split Digits "
                    + "Metaspace Whitespace WhitespaceSplit Punctuation Prepend Replace NFC NFD NFKC NFKD Lowercase Strip "
                    + "StripAccents TemplateProcessing ByteFallback Fuse")
            .split(" ", -1));

    private static final int USUAL_EXPRESSION = 4_000;
    private static final Pattern DEEP = Pattern.compile("[\\[(]([^\\])]*[\\[(]){12}");
    private static final Pattern MANY = Pattern.compile("\\{[^}]*\\d{4}");
    private static final Pattern HALF_OF_A_PAIR = Pattern.compile("\\p{Cs}");
    private static final int MOST_DEPTH = 60;
    private static final long PATIENCE_SECONDS = 30;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "Hello, world! It's 12345.67\n\n  \t",
            "Größe 模型 🏴‍☠️ שלום",
            "<|im_end|></s>",
            "\u0000\u0301");

    private TokenizerTrial() {}

    /// @param root the document of a `tokenizer.json`
    /// @throws InputException if it has unusual parts and a process of its own does not survive them
    static void pass(Path path, JsonNode root) {
        for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            if (unusual(root.path(part), 0)) {
                run(path, part);
                return;
            }
        }
    }

    private static boolean unusual(JsonNode part, int depth) {
        boolean known = part.path("type").isMissingNode()
                || USUAL.contains(part.path("type").asString(""));
        if (!known
                || depth > MOST_DEPTH
                || asksForASecond(part.path("single"))
                || isUnread(part)
                || part.path("prepend").asString("something").isEmpty()
                || unusual(part.path("Regex").asString(""))) {
            return true;
        }
        JsonNode stop = part.path("stop");
        if (stop.isNumber() && stop.numberValue().doubleValue() != 0) {
            return true;
        }
        for (JsonNode inner : part) {
            if (unusual(inner, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a template for one text asks for a second one, which the library then looks for.
    private static boolean asksForASecond(JsonNode single) {
        return single.valueStream()
                .anyMatch(piece -> piece.isString()
                        || !piece.path("Sequence").path("id").asString("A").equals("A"));
    }

    /// What is JSON to us and not to the library, which does not return from it inside of a part: numbers beyond a
    /// double, halves of letters. (Nesting beyond 128 is the third.)
    private static boolean isUnread(JsonNode value) {
        return value.isNumber()
                ? !Double.isFinite(value.numberValue().doubleValue())
                : value.isString()
                        && HALF_OF_A_PAIR.matcher(value.stringValue()).find();
    }

    private static boolean unusual(String expression) {
        return expression.length() > USUAL_EXPRESSION
                || DEEP.matcher(expression).find()
                || MANY.matcher(expression).find();
    }

    private static void run(Path path, String part) {
        try {
            ProcessBuilder trial = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-Xmx512m",
                            "-XX:-CreateCoredumpOnCrash",
                            "-XX:ErrorFile=/dev/null",
                            "-cp",
                            System.getProperty("java.class.path"),
                            TokenizerTrial.class.getName(),
                            path.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            Map<String, String> environment = trial.environment();
            environment.put("RUST_BACKTRACE", "0");
            Process process = trial.start();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            if (!ended || process.exitValue() != 0) {
                throw new InputException(
                        "tokenizer: expected a " + part + " that the tokenizers library can run, found one that "
                                + (ended
                                        ? "ends its process with code " + process.exitValue()
                                        : "does not end in " + PATIENCE_SECONDS + " s")
                                + " (" + path + "). Fetch the file again, or take the original model's.");
            }
        } catch (IOException failed) {
            throw new InputException(
                    "tokenizer: expected to try its " + part + " in a process of its own, found " + failed.getMessage()
                            + " (" + path + "). Is the Java that runs Assay whole?",
                    failed);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InputException(
                    "tokenizer: expected time to try its " + part + ", found an interruption (" + path + ").");
        }
    }

    /// Opens a tokenizer and runs it over a few texts: the process of its own.
    ///
    /// @param arguments the path of a `tokenizer.json`
    public static void main(String[] arguments) throws IOException {
        TokenizersLibrary library = Tokenizer.library();
        long handle = library.createTokenizerFromString(Files.readString(Path.of(arguments[0])));
        for (String text : TEXTS) {
            long encoding = library.encode(handle, text, true);
            long[] ids = library.getTokenIds(encoding);
            library.getTokenCharSpans(encoding);
            library.decode(handle, ids, true);
            for (long id : ids) {
                library.decode(handle, new long[] {id}, false);
            }
        }
        library.decode(handle, new long[0], true);
        library.decode(handle, new long[] {Integer.MAX_VALUE}, true);
    }
}
