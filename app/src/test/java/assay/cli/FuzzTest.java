package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ChatModel;
import assay.fuzz.Mutation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files damaged at random, read by the whole commands that read them: each ends within seconds, in one line, as bad
/// input or as a success, never as a defect. `-Dassay.fuzz.commands=1000 -Dassay.fuzz.seed=7` tries more of each than
/// CI does; what ends the whole process lies in `app/target/fuzz-commands`. The readers themselves, which are quicker,
/// are tried by `ReadersTest`.
class FuzzTest {
    private static final int FILES = Integer.getInteger("assay.fuzz.commands", 12);
    private static final long SEED = Long.getLong("assay.fuzz.seed", 1);
    /// Harmless damage leads to a whole explanation, which takes half a minute on idle cores.
    private static final long PATIENCE_SECONDS = 240;
    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final Path TINY = RESOURCES.resolve("golden").resolve("tiny");
    private static final Path TIED = TINY.resolve("models").resolve("tied");
    private static final Path KEPT = Path.of("target", "fuzz-commands");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static PrintStream screen = System.err;

    @BeforeAll
    static void progressIsNotShown() {
        screen = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    @AfterAll
    static void progressIsShown() {
        System.setErr(screen);
    }

    /// A file that a command reads.
    ///
    /// @param from the folder with it and what belongs to it, which is copied
    /// @param file its name there
    /// @param arguments the command; `@` stands for the copied folder
    record Reader(Path from, String file, Mutation mutation, List<String> arguments) {
        @Override
        public String toString() {
            return from.getFileName() + "/" + file;
        }
    }

    static Stream<Reader> readers() {
        List<String> model = List.of("explain", "--model", "@", "--prompt", "Be kind.");
        List<String> adapter = List.of("explain", "--model", TIED.toString(), "--adapter", "@");
        List<String> soft = List.of("explain", "--model", TIED.toString(), "--soft", "@");
        Path plain = TINY.resolve("adapters").resolve("plain");
        Path patterns = TINY.resolve("adapters").resolve("patterns");
        Path prompt =
                RESOURCES.resolve("golden").resolve("soft").resolve("prompts").resolve("random");
        Path sharded = TINY.resolve("models").resolve("sharded-fp16");
        Path gguf = RESOURCES.resolve("cases").resolve("13-gguf-rope-factor-without-type");
        return Stream.of(
                new Reader(TIED, "config.json", Mutation.TEXT, model),
                new Reader(TINY.resolve("models").resolve("rope-llama3"), "config.json", Mutation.TEXT, model),
                new Reader(TIED, "tokenizer.json", Mutation.TEXT, model),
                new Reader(TIED, "tokenizer_config.json", Mutation.TEXT, model),
                new Reader(TIED, "chat_template.jinja", Mutation.TEXT, model),
                new Reader(TIED, "model.safetensors", Mutation.TENSORS, model),
                new Reader(sharded, "model.safetensors.index.json", Mutation.TEXT, model),
                new Reader(gguf, "model.gguf", Mutation.BYTES, model),
                new Reader(plain, "adapter_config.json", Mutation.TEXT, adapter),
                new Reader(patterns, "adapter_config.json", Mutation.TEXT, adapter),
                new Reader(plain, "adapter_model.safetensors", Mutation.TENSORS, adapter),
                new Reader(prompt, "adapter_config.json", Mutation.TEXT, soft),
                new Reader(prompt, "adapter_model.safetensors", Mutation.TENSORS, soft),
                new Reader(
                        Path.of("..", "examples", "verdict"),
                        "study.json",
                        Mutation.TEXT,
                        List.of("verdict", "--model", TIED.toString(), "--study", "@/study.json", "--out", "@/out")),
                new Reader(
                        TIED,
                        "x.atlas",
                        Mutation.SAVED,
                        List.of("atlas", "check", "--model", TIED.toString(), "--atlas", "@/x.atlas", "--count", "2")),
                new Reader(
                        RESOURCES.resolve("cases").resolve("24-bom-jsonl"),
                        "bom.jsonl",
                        Mutation.TEXT,
                        List.of(
                                "bake",
                                "--model",
                                TIED.toString(),
                                "--data",
                                "@/bom.jsonl",
                                "--steps",
                                "1",
                                "--out",
                                "@/out")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("readers")
    void everyDamageEndsInOneLine(Reader reader) throws Exception {
        byte[] seed = prepare(reader);
        SplittableRandom random = new SplittableRandom(SEED);
        Files.createDirectories(KEPT);
        for (int i = 0; i < FILES; i++) {
            byte[] damaged = reader.mutation().of(seed, random.split());
            Files.write(folder.resolve(reader.file()), damaged);
            Path last = Files.write(KEPT.resolve(reader.from().getFileName() + "-" + reader.file()), damaged);
            StringWriter err = new StringWriter();
            int code = run(reader.arguments(), err);
            assertThat(code).as("file %d: %s (%s)", i, err, last).isIn(Set.of(0, 2, 3, 4));
            if (code != 0) {
                String line = err.toString();
                assertThat(line.lines()).as("file %d: %s (%s)", i, line, last).hasSize(1);
                assertThat(line.strip().chars().anyMatch(Character::isISOControl))
                        .as("control characters in file %d (%s)", i, last)
                        .isFalse();
                assertThat(line).hasSizeLessThan(2_100).contains(": expected");
            }
            Files.delete(last);
        }
    }

    private byte[] prepare(Reader reader) throws IOException {
        try (Stream<Path> files = Files.list(reader.from())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // Files that end in .gguf are left out of the repository.
                String name = String.valueOf(file.getFileName()).replace("model.bin", "model.gguf");
                Files.copy(file, folder.resolve(name));
            }
        }
        Path file = folder.resolve(reader.file());
        if (reader.file().equals("x.atlas")) {
            try (TensorScope _ = TensorScope.withoutGradients();
                    ChatModel chat = ChatModel.open("tied", TIED, Dtype.BFLOAT16)) {
                AtlasShelf.write(TinyAtlas.of(chat), file);
            }
        }
        if (!Files.exists(file)) {
            Files.writeString(
                    file,
                    "{%- for m in messages %}{{ '<|im_start|>' ~ m['role'] ~ '\\n' ~ m.content | trim ~ '<|im_end|>\\n' }}"
                            + "{%- if loop.last and add_generation_prompt %}<|im_start|>assistant\\n{% endif %}{% endfor %}");
        }
        return Files.readAllBytes(file);
    }

    private int run(List<String> arguments, StringWriter err) throws InterruptedException {
        String[] words = arguments.stream()
                .map(word -> word.startsWith("@") ? folder + word.substring(1) : word)
                .toArray(String[]::new);
        AtomicInteger code = new AtomicInteger(-1);
        Thread command = Thread.ofPlatform().daemon().start(() -> {
            try (PrintWriter to = new PrintWriter(err)) {
                code.set(Main.run(
                        words, new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), to));
            }
        });
        if (!command.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
            err.write("it did not end within " + PATIENCE_SECONDS + " s");
        }
        return code.get();
    }
}
