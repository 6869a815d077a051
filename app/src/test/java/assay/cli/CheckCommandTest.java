package assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.MappedWeights;
import assay.engine.format.SafetensorsWriter;
import assay.engine.model.ModelGolden;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `assay model check` against the numbers transformers and PEFT gave for the committed tiny models.
class CheckCommandTest {
    @TempDir
    Path folder;

    private record Outcome(int code, String out, String err) {}

    private static Outcome run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
        int code = Main.run(words, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Outcome(code, out.toString(), err.toString());
    }

    private Path ids(String json) throws IOException {
        return Files.writeString(folder.resolve("ids.json"), json);
    }

    private static List<ModelGolden.Context> contexts(String model) {
        return ModelGolden.contexts(expected(model, ".json"));
    }

    private static String expected(String model, String ending) {
        return (model.startsWith("families/") ? model : "tiny") + "/expected" + ending;
    }

    private static Path path(String model) {
        return ModelGolden.path(model.startsWith("families/") ? model : "tiny/models/" + model);
    }

    private static String written(List<ModelGolden.Context> contexts) {
        return JsonMapper.shared()
                .writeValueAsString(
                        contexts.stream().map(ModelGolden.Context::ids).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "tied, '', model.tied",
        "tied, plain, adapter.plain",
        "sharded-fp16, '', model.sharded-fp16",
        "families/qwen2, '', logits",
        "families/qwen2, adapter, adapter",
        "families/gemma3, '', logits",
        "families/phi3, adapter, adapter",
        "families/gemma2, adapter, adapter",
        "families/gpt2, adapter, adapter",
        "families/gptneox, adapter, adapter",
        "families/qwen3moe, adapter, adapter",
        "families/qwen3moe, experts, experts",
    })
    void logitsOfAnyTokensAreThoseOfTheReference(String model, String adapter, String tensor) throws IOException {
        Path out = folder.resolve("logits.safetensors");
        List<Object> words = new ArrayList<>(
                List.of("model", "check", path(model), "--ids", ids(written(contexts(model))), "--logits", out));
        if (!adapter.isEmpty()) {
            words.add("--adapter");
            words.add(model.startsWith("families/") ? path(model).resolve(adapter) : adapters(adapter));
        }
        Outcome outcome = run(words.toArray());
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("66 tokens in 3 lists");
        try (TensorScope _ = TensorScope.withoutGradients();
                MappedWeights<String> file = MappedWeights.safetensors(out)) {
            assertThat(Objects.requireNonNull(file.tensors().get("hidden.2"))
                            .shape()
                            .getFirst())
                    .isEqualTo(60L);
            Tensor all = ModelGolden.tensor(expected(model, ".safetensors"), tensor);
            int row = 0;
            for (int i = 0; i < contexts(model).size(); i++) {
                Tensor logits = file.read("logits." + i, Dtype.FLOAT32);
                for (int place : contexts(model).get(i).places()) {
                    assertThat(ModelGolden.difference(logits.select(0, place), all.select(0, row++)))
                            .isLessThan(1e-4);
                }
            }
        }
    }

    private static Path adapters(String name) {
        return ModelGolden.path("tiny/adapters/" + name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | expected a JSON array with at least one array of token ids, found an empty one",
                "{\"ids\": [1]} | found an object",
                "[[1], []] | expected an array of token ids, found an empty one (@, list 1)",
                "[3] | expected an array of token ids, found a number (@, list 0)",
                "[[1, \"a\"]] | expected token ids from 0 to 271, found a text (@, list 0, place 1)",
                "[[1, 272]] | expected token ids from 0 to 271, found 272",
                "[[-1]] | found -1",
                "[[1.5]] | found 1.5",
                "[[1] | expected JSON, found something else",
            })
    void idsThatAreNoneOfTheModelsAreRefusedInOneLine(String json, String message) throws IOException {
        Path out = folder.resolve("logits.safetensors");
        Path file = ids(json);
        Outcome outcome = run("model", "check", path("tied"), "--ids", file, "--logits", out);
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).startsWith("assay: --ids: ").contains(message.replace("@", file.toString()));
        assertThat(out).doesNotExist();
    }

    @Test
    void tooLongListsAndMissingFilesAreRefused() throws IOException {
        Path out = folder.resolve("logits.safetensors");
        Path tooLong = ids(JsonMapper.shared().writeValueAsString(List.of(new int[129])));
        assertThat(run("model", "check", path("tied"), "--ids", tooLong, "--logits", out)
                        .err())
                .contains("expected at most 128 tokens, the longest context, found 129");
        Path none = folder.resolve("none.json");
        assertThat(run("model", "check", path("tied"), "--ids", none, "--logits", out)
                        .err())
                .contains("--ids: expected a JSON file, found none");
        assertThat(run("model", "check", path("tied"), "--ids", none).code()).isEqualTo(2);
        assertThat(run("model", "check", path("tied"), "--ids", none, "--logits", out, "--prompt", "x")
                        .err())
                .contains("expected alone or with --adapter");
    }

    /// As `bench/reference/logits.py` writes it.
    private Path reference(String ids, double error) throws IOException {
        Path out = folder.resolve("logits.safetensors");
        assertThat(run("model", "check", path("tied"), "--ids", ids(ids), "--logits", out)
                        .code())
                .isZero();
        Path reference = folder.resolve("reference.safetensors");
        try (TensorScope _ = TensorScope.withoutGradients();
                MappedWeights<String> file = MappedWeights.safetensors(out)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : file.tensors().keySet()) {
                Tensor tensor = file.read(name, Dtype.FLOAT32);
                tensor.select(0, 0).select(0, 7).add_(new Scalar(error));
                tensors.put(name, tensor);
            }
            SafetensorsWriter.write(reference, tensors, Map.of("ids", ids, "made_by", "a test"));
        }
        return reference;
    }

    @Test
    void theSameLogitsAgreeWithAReferenceAndOthersEndWithOne() throws IOException {
        Path same = reference("[[5, 9, 30], [7]]", 0);
        Outcome agrees = run("model", "check", path("tied"), "--reference", same);
        assertThat(agrees.code()).as(agrees.err()).isZero();
        assertThat(agrees.out())
                .contains("(a test)", "0: 3 tokens, |Δlogit| at most 0.0", "1: 1 tokens", "agrees, within 2e-03");
        Outcome adapted = run("model", "check", path("tied"), "--reference", same, "--adapter", adapters("plain"));
        assertThat(adapted.code()).isEqualTo(1);
        assertThat(adapted.out()).contains("DIFFERS by more than 2e-03 of the largest logit and 1e-06 nats");
        Outcome rough = run("model", "check", path("tied"), "--reference", same, "--dtype", "BFLOAT16");
        assertThat(rough.code()).isZero();
        assertThat(rough.out()).contains("not judged: expected FLOAT32");
    }

    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.0001, 0"})
    void oneOtherLogitIsEnough(double error, int code) throws IOException {
        Outcome outcome =
                run("model", "check", path("tied"), "--reference", reference("[[5, 9, 30]]", error), "--json");
        assertThat(outcome.code()).isEqualTo(code);
        JsonNode parity = JsonMapper.shared().readTree(outcome.out()).path("parity");
        assertThat(parity.path("within").asBoolean()).isEqualTo(code == 0);
        assertThat(parity.path("contexts").path(0).path("tokens").asInt()).isEqualTo(3);
    }

    @Test
    void aReferenceOfAnotherModelOrWithoutIdsIsRefused() throws IOException {
        Path same = reference("[[5, 9, 30]]", 0);
        assertThat(run("model", "check", path("sharded-fp16"), "--reference", same)
                        .code())
                .isEqualTo(1);
        Path plain = folder.resolve("logits.safetensors");
        assertThat(run("model", "check", path("tied"), "--reference", plain).err())
                .contains("--reference: expected ids in the file's metadata, found none")
                .hasLineCount(1);
        Path torn = Files.write(folder.resolve("torn.safetensors"), new byte[] {1, 2, 3});
        assertThat(run("model", "check", path("tied"), "--reference", torn).code())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"families/qwen2", "tied"})
    void aModelIsDescribedByWhatItsFilesSay(String model) {
        Outcome outcome = run("model", "check", path(model), "--json");
        JsonNode about = JsonMapper.shared().readTree(outcome.out()).path("about");
        assertThat(about.path("family").asString()).isEqualTo(model.equals("tied") ? "Llama" : "Qwen2");
        assertThat(about.path("format").asString()).isEqualTo("F32");
        assertThat(about.path("memory_bytes").asLong()).isBetween(2_000_000_000L, 4_000_000_000L);
        assertThat(about.path("template").path("takes_system").asBoolean()).isTrue();
        assertThat(about.path("template").path("inserted").isNull()).isTrue();
        assertThat(about.path("template").path("think_mode").asString()).isEqualTo("none");
        assertThat(about.path("first_context").asString()).isEqualTo("""
                        <|im_start|>system
                        <|im_end|>
                        <|im_start|>user
                        What is the capital of France?<|im_end|>
                        <|im_start|>assistant
                        """);
    }

    @Test
    void theBaseCanBeAnotherPrompt() {
        Outcome none = run("model", "check", path("tied"), "--base-prompt", "none", "--prompt", "Be kind.");
        assertThat(none.code()).as(none.err()).isZero();
        assertThat(none.out())
                .contains("none (no system message)", "first seen <|im_start|>user\\nWhat is", "KL(target ‖ base)");
        Outcome same = run("model", "check", path("tied"), "--base-prompt", "Be kind.", "--prompt", "Be kind.");
        assertThat(same.code()).isEqualTo(3);
        assertThat(same.err())
                .contains("target: expected a behaviour that differs from its base")
                .hasLineCount(1);
        assertThat(run("model", "check", path("tied"), "--base-prompt", " ").err())
                .contains("--base-prompt: expected none, empty, default or a text, found nothing");
    }

    @Test
    void theCpuIsAlwaysThereAndAnUnknownDeviceIsRefused() {
        assertThat(run("model", "check", path("tied"), "--device", "cpu").code())
                .isZero();
        Outcome unknown = run("model", "check", path("tied"), "--device", "gpu");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("--device", "auto", "cpu", "cuda", "mps", "gpu");
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedInALine() {
        assumeFalse(Device.CUDA.isThere(), "only where there is no graphics card can one be refused");
        Outcome refused = run("model", "check", path("tied"), "--device", "cuda");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).startsWith("assay: --device cuda: expected a graphics card of NVIDIA");
        assertThat(refused.err().lines()).hasSize(1);
    }

    @Test
    void theHelpNamesTheScriptThatMakesAReference() {
        assertThat(run("model", "check", "--help").out()).contains("bench/reference/logits.py");
        assertThat(Path.of("..", "bench", "reference", "logits.py")).isRegularFile();
    }
}
