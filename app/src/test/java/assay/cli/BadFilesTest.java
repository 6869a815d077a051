package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Torch;
import assay.engine.model.Cases;
import assay.engine.model.ModelGolden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Adapters and models as they are found in the wild and cannot be read: each ends in exactly one line, *subject:
/// expected
/// X, found Y (where). Next step.*
class BadFilesTest {
    private static final Pattern LINE =
            Pattern.compile("assay: [^:]{2,80}: expected .+, found .+[.)] \\S.*[.:)]?\\S*\\R", Pattern.DOTALL);
    private static final String Q0 = "base_model.model.model.layers.0.self_attn.q_proj.lora_";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// What is done to copies of a good model and a good adapter of it.
    ///
    /// @param messages parts of the one line
    record Bad(String name, Bend bend, List<String> messages) {
        @Override
        public String toString() {
            return name;
        }
    }

    /// Spoils a folder.
    interface Bend {
        void spoil(Path model, Path adapter) throws IOException;
    }

    private static Bad bad(String name, Bend bend, String... messages) {
        return new Bad(name, bend, List.of(messages));
    }

    private static Bad setting(String field, String json, String... messages) {
        return bad(
                "adapter with " + field + " " + json,
                (_, adapter) -> Cases.edit(adapter.resolve("adapter_config.json"), "\"" + field + "\": " + json),
                messages);
    }

    private static Bad config(String name, String fields, String... messages) {
        return bad(name, (model, _) -> Cases.edit(model.resolve("config.json"), fields), messages);
    }

    private static Bad tensors(String name, Consumer<Map<String, Tensor>> change, String... messages) {
        return bad(
                name,
                (_, adapter) -> {
                    Path file = adapter.resolve("adapter_model.safetensors");
                    Cases.rewrite(file, file, change);
                },
                messages);
    }

    private static Bad weights(String name, Consumer<Map<String, Tensor>> change, String... messages) {
        return bad(
                name,
                (model, _) -> {
                    Path file = model.resolve("model.safetensors");
                    Cases.rewrite(file, file, change);
                },
                messages);
    }

    private static Bad pickled(String name, byte[] bytes, String... messages) {
        return bad(
                name,
                (_, adapter) -> {
                    Files.delete(adapter.resolve("adapter_model.safetensors"));
                    Files.write(adapter.resolve("adapter_model.bin"), bytes);
                },
                messages);
    }

    private static Bad template(String name, String text, String... messages) {
        return bad(
                name,
                (model, _) -> {
                    Cases.edit(model.resolve("tokenizer_config.json"), "\"chat_template\": null");
                    Files.writeString(model.resolve("chat_template.jinja"), text);
                },
                messages);
    }

    private static Stream<Bad> kinds() {
        String convert = "call peft.save_as_lora(FOLDER, model, rank=64)";
        String other = "This version reads LoRA adapters";
        Stream<Bad> convertible = Stream.of(
                        "C3A",
                        "DELORA",
                        "FOURIERFT",
                        "GRALORA",
                        "HIRA",
                        "LOHA",
                        "LOKR",
                        "MISS",
                        "PSOFT",
                        "RANDLORA",
                        "SHIRA",
                        "TINYLORA",
                        "UNILORA",
                        "VBLORA",
                        "VERA",
                        "WAVEFT")
                .map(type -> setting("peft_type", "\"" + type + "\"", "found " + type, convert));
        Stream<Bad> others = Stream.of(
                        "ADALORA",
                        "ADAPTION_PROMPT",
                        "BOFT",
                        "CARTRIDGE",
                        "CPT",
                        "HRA",
                        "IA3",
                        "LN_TUNING",
                        "MULTITASK_PROMPT_TUNING",
                        "OFT",
                        "OSF",
                        "POLY",
                        "ROAD",
                        "TRAINABLE_TOKENS",
                        "XLORA")
                .map(type -> setting("peft_type", "\"" + type + "\"", "found " + type, other));
        Stream<Bad> soft = Stream.of("PROMPT_TUNING", "P_TUNING", "PREFIX_TUNING")
                .map(type -> setting("peft_type", "\"" + type + "\"", "found " + type, "give it with --soft"));
        return Stream.of(convertible, others, soft).flatMap(each -> each);
    }

    private static Stream<Bad> settings() {
        return Stream.of(
                setting(
                        "init_lora_weights",
                        "\"pissa\"",
                        "found \"pissa\"",
                        "path_initial_model_for_weight_conversion"),
                setting("init_lora_weights", "\"olora\"", "found \"olora\""),
                setting("init_lora_weights", "\"corda\"", "found \"corda\""),
                setting("init_lora_weights", "\"loftq\"", "found \"loftq\""),
                setting("use_dora", "true", "expected a lora_magnitude_vector for every module as use_dora says"),
                setting("lora_bias", "true", "expected a lora_B.bias for every module as lora_bias says"),
                setting("use_qalora", "true", "expected use_qalora to be off"),
                setting("alora_invocation_tokens", "[1, 2]", "expected alora_invocation_tokens to be off"),
                setting("layer_replication", "[[0, 1], [0, 2]]", "expected layer_replication to be off"),
                setting("trainable_token_indices", "[3]", "expected rows of tokens for embed_tokens, found none"),
                setting("trainable_token_indices", "[-3]", "expected trainable_token_indices to be indices"),
                setting(
                        "target_parameters",
                        "[\"experts.gate_up_proj\"]",
                        "expected target_parameters to be weights of linear layers, found experts.gate_up_proj"),
                setting("target_parameters", "[\"mlp.gate_proj.weight\"]", "none for mlp.gate_proj"),
                setting("modules_to_save", "[\"lm_head\"]", "lm_head"),
                setting("bias", "\"some\"", "expected bias to be none, all or lora_only, found some"),
                setting("r", "0", "expected r to be a positive whole number"),
                setting("r", "7", "expected the ranks adapter_config.json gives"),
                setting("lora_alpha", "\"16\"", "expected lora_alpha to be a number"),
                setting("lora_alpha", "0", "B·A to be zero"),
                setting("target_modules", "[\"q_proj\", \"v_proj\", \"o_proj\"]", "expected tensors for every module"),
                setting(
                        "target_modules",
                        "[\"q_proj\"]",
                        "expected tensors only for modules that target_modules names"));
    }

    private static Stream<Bad> numbers() {
        return Stream.of(
                tensors("an adapter of NaN", all -> fill(all, "A.weight", Float.NaN), "finite numbers", "NaN"),
                tensors(
                        "an adapter of infinity",
                        all -> fill(all, "A.weight", Float.POSITIVE_INFINITY),
                        "finite numbers",
                        "infinity"),
                tensors(
                        "an adapter of zeros",
                        all -> all.replaceAll((_, one) -> one.mul(new Scalar(0))),
                        "B·A to be zero"),
                tensors(
                        "an adapter that is too small",
                        all -> all.replaceAll(
                                (name, one) -> name.contains("lora_B") ? one.mul(new Scalar(1e-12)) : one),
                        "differs from its base",
                        "Was it trained, and for this model?"),
                tensors("no tensors", Map::clear, "expected LoRA tensors, found none"),
                tensors("one factor of two", all -> all.remove(Q0 + "B.weight"), "both factors of every module"),
                tensors(
                        "factors of a wider base",
                        all -> all.put(Q0 + "A.weight", zeros(all, 2, 48)),
                        "shapes that fit the model",
                        "It was made for tiny/tied; give that model."),
                tensors(
                        "blocks the base has not",
                        all -> rename(all, "layers\\.1\\.", "layers.31."),
                        "expected every tensor to have a place in the model",
                        "It was made for tiny/tied; give that model."),
                tensors("tensors nobody knows", all -> rename(all, "lora_A", "lora_Q"), "found 4 without"),
                tensors(
                        "an empty tensor",
                        all -> all.put(Q0 + "A.weight", zeros(all, 0)),
                        "numbers in every tensor",
                        "stage3_gather_16bit_weights_on_model_save"),
                tensors(
                        "more tokens than the model",
                        all -> all.put(
                                "base_model.model.lm_head.weight",
                                zeros(all, 300, 24).add(new Scalar(1))),
                        "expected a vocabulary of 272 rows"));
    }

    private static Stream<Bad> files() {
        return Stream.of(
                bad(
                        "an adapter cut short",
                        (_, adapter) -> cut(adapter.resolve("adapter_model.safetensors"), 900),
                        "fetch it again"),
                bad(
                        "an error page as weights",
                        (_, adapter) ->
                                Files.writeString(adapter.resolve("adapter_model.safetensors"), "<html>404</html>"),
                        "safetensors: expected"),
                bad(
                        "a pointer of git-lfs as weights",
                        (_, adapter) -> Files.writeString(
                                adapter.resolve("adapter_model.safetensors"),
                                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
                        "safetensors: expected"),
                bad(
                        "an adapter without weights",
                        (_, adapter) -> Files.delete(adapter.resolve("adapter_model.safetensors")),
                        "expected adapter_model.safetensors, found none"),
                bad(
                        "an adapter without its configuration",
                        (_, adapter) -> Files.delete(adapter.resolve("adapter_config.json")),
                        "expected adapter_config.json in the folder"),
                bad(
                        "a configuration that is no JSON",
                        (_, adapter) -> Files.writeString(adapter.resolve("adapter_config.json"), "{\"r\": 4,"),
                        "adapter_config.json"),
                bad("two adapters in one folder", BadFilesTest::two, "expected one adapter_config.json"),
                bad(
                        "a model as adapter",
                        (model, adapter) -> {
                            Files.delete(adapter.resolve("adapter_config.json"));
                            Files.copy(model.resolve("config.json"), adapter.resolve("config.json"));
                        },
                        "found a whole model"),
                pickled(
                        "a pickle that runs a command",
                        zip("cos\nsystem\n(X\u0004\0\0\0true" + "tR."),
                        "expected tensors and nothing else, found a call of os.system",
                        "nothing in it was"),
                pickled(
                        "a pickle that builds an object",
                        zip("c__main__\nThing\n)\u0081."),
                        "expected tensors and nothing else"),
                pickled("a pickle of one number", zip("K\u0001."), "found something else than a dictionary"),
                pickled("a pickle of a list", zip("]."), "found something else than a dictionary"),
                pickled("a pickle that ends early", zip("}q"), "expected a dictionary of tensors"),
                pickled(
                        "a pickle of an old torch",
                        "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."
                                .getBytes(StandardCharsets.ISO_8859_1),
                        "expected a file of torch.save since torch 1.6"),
                pickled("an archive without a pickle", zipOf("notes.txt", "hello"), "expected data.pkl"));
    }

    private static Stream<Bad> models() {
        return Stream.of(
                config("an unknown family", "\"architectures\": [\"MambaForCausalLM\"]", "found MambaForCausalLM"),
                config(
                        "a family near one we run",
                        "\"architectures\": [\"Qwen2VLForConditionalGeneration\"]",
                        "found Qwen2VLForConditionalGeneration",
                        "The nearest it runs is Qwen2ForCausalLM"),
                config(
                        "a model that brings code",
                        "\"architectures\": [\"MyForCausalLM\"], \"auto_map\": {\"AutoModelForCausalLM\": \"m.My\"}",
                        "found MyForCausalLM",
                        "never the code a model brings"),
                config(
                        "GPTQ",
                        "\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}",
                        "by gptq",
                        "16-bit original"),
                config("AWQ", "\"quantization_config\": {\"quant_method\": \"awq\"}", "by awq", "16-bit original"),
                config("FP8", "\"quantization_config\": {\"quant_method\": \"fp8\"}", "by fp8", "16-bit original"),
                config(
                        "bitsandbytes",
                        "\"quantization_config\": {\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}",
                        "by bitsandbytes",
                        "-bnb-4bit"),
                config("another activation", "\"hidden_act\": \"relu\"", "expected hidden_act silu, found relu"),
                config("an unknown rope", "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2.0}", "dynamic"),
                config(
                        "more layers than weights",
                        "\"num_hidden_layers\": 3",
                        "expected 3 layers, as the configuration says, found 2"),
                config("a vocabulary that does not match", "\"vocab_size\": 300", "300"),
                config("no sizes", "\"hidden_size\": \"wide\"", "hidden_size"),
                bad(
                        "a missing shard",
                        (model, _) -> {
                            Files.delete(model.resolve("model.safetensors"));
                            Files.writeString(
                                    model.resolve("model.safetensors.index.json"),
                                    "{\"weight_map\": {\"model.norm.weight\": \"model-00002-of-00002.safetensors\"}}");
                        },
                        "model-00002-of-00002.safetensors"),
                bad(
                        "a pickled model",
                        (model, _) ->
                                Files.move(model.resolve("model.safetensors"), model.resolve("pytorch_model.bin")),
                        "found pytorch_model.bin only",
                        "Convert it to safetensors"),
                bad("a model cut short", (model, _) -> cut(model.resolve("model.safetensors"), 5000), "fetch it again"),
                weights("a model of NaN", all -> fill(all, "model.norm.weight", Float.NaN), "finite numbers"),
                weights(
                        "a tensor that is missing",
                        all -> all.remove("model.layers.1.mlp.up_proj.weight"),
                        "model.layers.1.mlp.up_proj.weight"),
                bad("no tokenizer", (model, _) -> Files.delete(model.resolve("tokenizer.json")), "tokenizer"),
                bad(
                        "an adapter as model",
                        (model, adapter) -> {
                            Files.delete(model.resolve("config.json"));
                            Files.copy(adapter.resolve("adapter_config.json"), model.resolve("adapter_config.json"));
                        },
                        "config.json"),
                template("a template that raises", "{{ raise_exception('no chats here') }}", "no chats here"),
                template("a template with a slip", "{% for m in messages %}{{ m.content }", "template"),
                template("a template that leaves out the user", "{{ messages[0].content }}", "template"),
                template("a template without end", "{% for i in range(100000000) %}x{% endfor %}", "template"));
    }

    static Stream<Bad> all() {
        return Stream.of(kinds(), settings(), numbers(), files(), models()).flatMap(each -> each);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void endsInOneLineThatSaysWhatToDo(Bad bad) throws IOException {
        Path model = Cases.copy("../golden/tiny/models/tied", folder.resolve("model"));
        Path adapter = Cases.copy("../golden/tiny/adapters/plain", folder.resolve("adapter"));
        bad.bend().spoil(model, adapter);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = {
            "model", "check", model.toString(), "--adapter", adapter.toString(), "--dtype", "FLOAT32",
        };
        int code = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
        assertThat(code).as(err.toString()).isEqualTo(3);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(bad.messages()).doesNotContain("Exception", "\tat ");
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).matches(LINE);
    }

    @Test
    void thereAreManyOfThem() {
        List<String> names = all().map(Bad::name).toList();
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(80);
    }

    @Test
    void whatWasNotSpoiltIsRead() throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = {
            "model",
            "check",
            ModelGolden.path("tiny/models/tied").toString(),
            "--adapter",
            ModelGolden.path("tiny/adapters/plain").toString(),
            "--scale",
            "-2",
            "--rank",
            "1",
        };
        assertThat(Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true)))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("plain ×−2, cut to rank 1");
    }

    private static void fill(Map<String, Tensor> all, String ending, float number) {
        all.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ending))
                .forEach(entry -> entry.getValue().fill_(new Scalar(number)));
    }

    private static Tensor zeros(Map<String, Tensor> all, int... shape) {
        Objects.requireNonNull(all);
        int count = 1;
        long[] sizes = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            count *= shape[i];
            sizes[i] = shape[i];
        }
        return Torch.floats(new float[count], sizes);
    }

    private static void rename(Map<String, Tensor> all, String regex, String replacement) {
        for (String name : new ArrayList<>(all.keySet())) {
            Tensor tensor = Objects.requireNonNull(all.remove(name));
            all.put(name.replaceAll(regex, replacement), tensor);
        }
    }

    private static void cut(Path file, int bytes) throws IOException {
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), bytes));
    }

    private static void two(Path model, Path adapter) throws IOException {
        for (String name : List.of("one", "two")) {
            Path inside = Files.createDirectories(adapter.resolve(name));
            for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
                Files.copy(adapter.resolve(file), inside.resolve(file));
            }
        }
        Files.delete(adapter.resolve("adapter_config.json"));
        Files.delete(adapter.resolve("adapter_model.safetensors"));
    }

    private static byte[] zip(String code) {
        return zipOf("archive/data.pkl", code);
    }

    /// A zip file with one entry stored as it is.
    private static byte[] zipOf(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry(name);
            CRC32 sum = new CRC32();
            sum.update(bytes);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCrc(sum.getValue());
            zip.putNextEntry(entry);
            zip.write(bytes);
            zip.closeEntry();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
