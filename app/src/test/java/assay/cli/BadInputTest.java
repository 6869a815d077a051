package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad input, as a user meets it: one clear line, the right exit code, nothing left behind. Files of a kind
/// are damaged in every way
/// in the format room's own tests; here every kind is damaged once and reaches the user.
class BadInputTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "tiny");
    private static final Path MODEL = GOLDEN.resolve("models").resolve("tied");
    private static final Path ADAPTERS = GOLDEN.resolve("adapters");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// @param name what is wrong
    /// @param arguments after the command's name; `@` stands for the test's own folder
    /// @param code expected exit code
    /// @param message part of the expected line
    record Case(String name, List<String> arguments, int code, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String tied = MODEL.toString();
        String plain = ADAPTERS.resolve("plain").toString();
        return Stream.of(
                bad("no target", 2, "Missing required argument", "explain"),
                bad("two targets", 2, "mutually exclusive", "explain", "--prompt", "x", "--adapter", "y"),
                bad("unknown command", 2, "Unmatched argument", "explian"),
                bad("nearly a command", 2, "Did you mean: assay explain?", "explian"),
                bad("escapes", 2, "'\\u001b[31mred'", "\u001b[31mred"),
                bad(
                        "letters lost",
                        3,
                        "expected text in the locale's letters",
                        "explain",
                        "--prompt",
                        "Gr\uFFFD\uFFFDe"),
                bad("unknown option", 2, "Unknown option", "explain", "--prompt", "x", "--atom", "3"),
                bad(
                        "a prompt with siblings",
                        3,
                        "--sibling: expected beside an adapter or a soft prompt, found it beside a prompt",
                        "explain",
                        "--prompt",
                        "x",
                        "--sibling",
                        "y"),
                bad("no atoms", 2, "expected 1 to 200, found 0", "explain", "--prompt", "x", "--atoms", "0"),
                bad("negative atoms", 2, "expected 1 to 200, found -4", "explain", "--prompt", "x", "--atoms", "-4"),
                bad("atoms in words", 2, "'five' is not an int", "explain", "--prompt", "x", "--atoms", "five"),
                bad("unknown format", 2, "INT8", "explain", "--prompt", "x", "--dtype", "INT8"),
                bad("atlas of nothing", 2, "expected build, extend or check", "atlas"),
                bad("model of nothing", 2, "expected check, list or pull, found nothing", "model"),
                bad("no model to check", 3, "found nothing", "model", "check", "@/none"),
                bad("adapter that does not fit", 3, "expected", "model", "check", tied, "--adapter", "@/../pirate"),
                bad(
                        "bench of nothing",
                        2,
                        "expected search, predictor, screen, naming, peers, growth or results",
                        "bench"),
                bad("too few held out", 2, "expected at least 20", "bench", "predictor", "--held-out", "3"),
                bad("no such states", 2, "Invalid value", "bench", "predictor", "--states", "SOME"),
                bad("one round", 2, "2 to 1000", "bench", "screen", "--rounds", "1"),
                bad("too small an atlas", 2, "expected 100 to 100000, found 3", "atlas", "build", "--prompts", "3"),
                bad("no such model", 3, "found nothing", "explain", "--model", "@/none", "--prompt", "x"),
                bad("no such adapter", 3, "adapter: expected", "explain", "--model", tied, "--adapter", "@/none"),
                bad("empty folder as model", 3, "config.json", "explain", "--model", "@/empty", "--prompt", "x"),
                bad("empty GGUF", 3, "expected", "explain", "--model", "@/empty.gguf", "--prompt", "x"),
                bad("truncated GGUF", 3, "expected", "explain", "--model", "@/torn.gguf", "--prompt", "x"),
                bad("not a GGUF", 3, "expected", "explain", "--model", "@/noise.gguf", "--prompt", "x"),
                bad("truncated weights", 3, "expected", "explain", "--model", "@/torn-weights", "--prompt", "x"),
                bad("no weights", 3, "expected", "explain", "--model", "@/no-weights", "--prompt", "x"),
                bad("no tokenizer", 3, "tokenizer", "explain", "--model", "@/no-tokenizer", "--prompt", "x"),
                bad("broken tokenizer", 3, "tokenizer", "explain", "--model", "@/bad-tokenizer", "--prompt", "x"),
                bad("broken config", 3, "config.json", "explain", "--model", "@/bad-config", "--prompt", "x"),
                bad("other family", 3, "MambaForCausalLM", "explain", "--model", "@/mamba", "--prompt", "x"),
                bad("other shapes", 3, "expected shape", "explain", "--model", "@/wider", "--prompt", "x"),
                bad("vocabulary too small", 3, "expected", "explain", "--model", "@/small-vocabulary", "--prompt", "x"),
                bad("no template", 3, "chat template", "explain", "--model", "@/no-template", "--prompt", "x"),
                bad("blank prompt", 3, "expected some text", "explain", "--model", tied, "--prompt", "  "),
                bad(
                        "endless prompt",
                        3,
                        "at most 512 tokens",
                        "explain",
                        "--model",
                        tied,
                        "--prompt",
                        "word ".repeat(700)),
                bad("adapter of another base", 3, "expected", "explain", "--model", tied, "--adapter", "@/../pirate"),
                bad("PiSSA", 3, "init_lora_weights", "explain", "--model", tied, "--adapter", refused("pissa")),
                bad(
                        "soft prompt as adapter",
                        3,
                        "PROMPT_TUNING",
                        "explain",
                        "--model",
                        tied,
                        "--adapter",
                        refused("prompt-tuning")),
                bad(
                        "adapter without effect",
                        3,
                        "B·A to be zero",
                        "explain",
                        "--model",
                        tied,
                        "--adapter",
                        adapter("no-effect")),
                bad("NaN weights", 3, "NaN", "explain", "--model", tied, "--adapter", "@/nan"),
                bad("a scale of nothing", 2, "--scale: expected", "explain", "--adapter", plain, "--scale", "0"),
                bad("a scaled prompt", 2, "beside --adapter", "explain", "--prompt", "x", "--scale", "2"),
                bad(
                        "a cut that leaves all",
                        3,
                        "--rank: expected less than the adapter's",
                        "model",
                        "check",
                        tied,
                        "--adapter",
                        plain,
                        "--rank",
                        "64"),
                bad(
                        "against itself",
                        3,
                        "differs from its base",
                        "model",
                        "check",
                        tied,
                        "--adapter",
                        plain,
                        "--against",
                        plain),
                bad("against without a target", 2, "--against: expected", "model", "check", tied, "--against", plain),
                bad("nothing to distil", 2, "Missing required argument", "distil", "--out", "@/x"),
                bad("no soft tokens", 2, "--tokens: expected 1 to", "distil", "--adapter", plain, "--tokens", "0"),
                bad("no steps", 2, "--steps: expected 1 to", "distil", "--adapter", plain, "--steps", "0"),
                bad("unknown slot", 3, "expected system or prefix", "distil", "--adapter", plain, "--slot", "middle"),
                bad(
                        "distilling what changes nothing",
                        3,
                        "differs from its base",
                        "distil",
                        "--model",
                        tied,
                        "--adapter",
                        plain,
                        "--scale",
                        "1e-12",
                        "--out",
                        "@/nothing"),
                bad("study without a place", 2, "expected a folder", "distil", "--study", "@/none.json"),
                bad(
                        "no such study",
                        3,
                        "study: expected a JSON file, found none",
                        "distil",
                        "--model",
                        tied,
                        "--study",
                        "@/no.json",
                        "--out",
                        "@/o"),
                bad(
                        "distilling an adapter of another base",
                        3,
                        "expected",
                        "distil",
                        "--model",
                        tied,
                        "--adapter",
                        "@/../pirate"),
                bad(
                        "distilling a soft prompt",
                        3,
                        "PROMPT_TUNING",
                        "distil",
                        "--model",
                        tied,
                        "--adapter",
                        refused("prompt-tuning")),
                bad(
                        "a folder with something in it",
                        3,
                        "expected a new or empty folder",
                        "distil",
                        "--model",
                        tied,
                        "--adapter",
                        plain,
                        "--out",
                        "@/torn-weights"),
                bad("rank 0", 2, "--rank: expected at least 1", "bake", "--prompt", "x", "--rank", "0"),
                bad("alpha 0", 2, "--alpha: expected a number", "bake", "--prompt", "x", "--alpha", "0"),
                bad("no steps to bake", 2, "--steps: expected 1 to", "bake", "--prompt", "x", "--steps", "0"),
                bad("few answers", 2, "--answers: expected 20 to", "bake", "--prompt", "x", "--answers", "3"),
                bad("answers of data", 2, "found with --data", "bake", "--data", "y", "--answers", "30"),
                bad("prompt and data", 2, "mutually exclusive", "bake", "--prompt", "x", "--data", "y"),
                bad("no such examples", 3, "a JSONL file, found nothing", bake("--data", "@/none.jsonl")),
                bad("no examples", 3, "different user turns, found none", bake("--data", "@/empty.gguf")),
                bad("noise as examples", 3, "examples: expected", bake("--data", "@/noise.gguf")),
                bad("rank too large", 3, "--rank: expected 1 to", bake("--prompt", "x", "--rank", "4000")),
                bad("no such layer", 3, "--modules: expected", bake("--prompt", "x", "--modules", "nose")),
                bad("blank prompt to bake", 3, "expected some text", bake("--prompt", " ")),
                bad(
                        "no atlas to check",
                        3,
                        "atlas: expected a file",
                        "atlas",
                        "check",
                        "--model",
                        tied,
                        "--atlas",
                        "@/none"),
                bad("torn atlas", 3, "atlas: expected", "atlas", "check", "--model", tied, "--atlas", "@/noise.gguf"),
                bad(
                        "atlas of another model",
                        3,
                        "expected one of model tied",
                        "atlas",
                        "check",
                        "--model",
                        tied,
                        "--atlas",
                        shipped()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void endsInOneLineAndLeavesNothingBehind(Case bad) throws IOException {
        Outcome outcome = run(bad.arguments());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(bad.code());
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(bad.message()).doesNotContain("\tat ");
        boolean suggests =
                outcome.err().contains("Did you mean") || outcome.err().contains("Possible solutions");
        assertThat(outcome.err().lines()).hasSize(bad.code() == 2 ? suggests ? 3 : 2 : 1);
        assertThat(outcome.err()).startsWith("assay: ");
        assertThat(folder.resolve("report")).doesNotExist();
    }

    @Test
    void aPromptThatMayEndItsSlotIsTold() {
        PrintStream screen = System.err;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
        try {
            run(List.of("model", "check", MODEL.toString(), "--prompt", "Be kind.<|im_end|> No."));
        } finally {
            System.setErr(screen);
        }
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("found the special token <|im_end|>");
    }

    @Test
    void helpNamesOnlyCommandsThatExist() {
        Outcome outcome = run(List.of("--help"));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("demo", "explain", "chat", "serve", "distil", "bake", "atlas", "census", "model", "verdict")
                .doesNotContain("cluster");
    }

    @Test
    void aModelIsCheckedWithoutAnAtlas() {
        Outcome plain = run(List.of("model", "check", MODEL.toString()));
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out())
                .contains("2 layers of width 24", "<|im_start|>system\\n⟨prompt⟩<|im_end|>", "none. Build one with: ")
                .doesNotContain("effect");
        Outcome adapted = run(List.of("model", "check", MODEL.toString(), "--adapter", adapter("plain"), "--json"));
        assertThat(adapted.code()).as(adapted.err()).isZero();
        assertThat(adapted.out()).contains("\"command\" : \"model check\"", "\"kind\" : \"lora\"", "\"kl\" : ");
    }

    @Test
    void helpSaysHowLongEachCommandTrains() {
        assertThat(run(List.of("distil", "--help")).out()).contains("Most training steps (default: 160)");
        assertThat(run(List.of("bake", "--help")).out()).contains("Most training steps (default: 100)");
    }

    /// A bake on the tiny model into a folder of the test.
    private static String[] bake(String... more) {
        return Stream.concat(Stream.of("bake", "--model", MODEL.toString(), "--out", "@/baked"), Stream.of(more))
                .toArray(String[]::new);
    }

    private static Case bad(String name, int code, String message, String... arguments) {
        return new Case(name, List.of(arguments), code, message);
    }

    private static String adapter(String name) {
        return ADAPTERS.resolve(name).toString();
    }

    private static String refused(String name) {
        return GOLDEN.resolve("refused").resolve(name).toString();
    }

    private static String shipped() {
        return Path.of("..", "atlas", "smollm2-135m.atlas").toString();
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(List<String> arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Stream<String> words = arguments.stream()
                .map(word -> word.equals("@/../pirate")
                        ? Path.of("..", "examples", "adapters", "pirate").toString()
                        : word.replace("@", folder.toString()));
        Stream<String> all = arguments.getFirst().equals("explain")
                ? Stream.concat(
                        words, Stream.of("--out", folder.resolve("report").toString()))
                : words;
        int code = Main.run(all.toArray(String[]::new), new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }

    @BeforeEach
    void damage() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        Files.createFile(folder.resolve("empty.gguf"));
        Files.write(folder.resolve("torn.gguf"), new byte[] {'G', 'G', 'U', 'F', 3, 0, 0, 0, 9, 0, 0, 0});
        Files.writeString(folder.resolve("noise.gguf"), "no magic in here".repeat(9));
        Path weights = copy("torn-weights").resolve("model.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 3000));
        Files.delete(copy("no-weights").resolve("model.safetensors"));
        Files.delete(copy("no-tokenizer").resolve("tokenizer.json"));
        Files.writeString(copy("bad-tokenizer").resolve("tokenizer.json"), "{\"model\": {}}");
        Files.writeString(copy("bad-config").resolve("config.json"), "{");
        edit(copy("mamba").resolve("config.json"), "LlamaForCausalLM", "MambaForCausalLM");
        edit(copy("wider").resolve("config.json"), "\"intermediate_size\": ", "\"intermediate_size\": 1");
        edit(copy("small-vocabulary").resolve("config.json"), "\"vocab_size\": ", "\"vocab_size\": 1, \"old\": ");
        Path bare = copy("no-template");
        Files.deleteIfExists(bare.resolve("chat_template.jinja"));
        edit(bare.resolve("tokenizer_config.json"), "\"chat_template\"", "\"no_template\"");
        Path poisoned = copyOf(ADAPTERS.resolve("plain"), "nan").resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(poisoned);
        java.util.Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0xff);
        Files.write(poisoned, bytes);
    }

    private Path copy(String name) throws IOException {
        return copyOf(MODEL, name);
    }

    private Path copyOf(Path source, String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    private static void edit(Path file, String from, String to) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        Files.writeString(file, text.replaceFirst(java.util.regex.Pattern.quote(from), to), StandardCharsets.UTF_8);
    }
}
