package assay.measure.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.TinyModel;
import assay.engine.peft.PeftPrompt;
import assay.engine.peft.PeftWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Real PEFT loads the folders we write and gives our logits (`bench/peft/check.py`). Skipped where Python
/// has no PEFT; `ASSAY_PYTHON`, a property or variable, names another Python, and `ASSAY_KEEP` a file for
/// the result.
final class PeftLoadsOurFilesTest {
    private static final String MODEL = "tied";
    private static final Path CHECK = Path.of("../bench/peft/check.py");
    private static final int NOT_INSTALLED = 77;
    private static final int SHOWN_LOGITS = 64;

    @TempDir
    Path folder;

    private final Random random = new Random(20261125);

    private record Outcome(int exit, String output) {}

    @Test
    void softPromptsAndLoraAdaptersGiveOurLogitsInPeft() throws IOException, InterruptedException {
        List<Path> cases = new ArrayList<>();
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(MODEL)) {
            cases.add(softPrompt(chat, "soft-1", 1));
            cases.add(softPrompt(chat, "soft-16", 16));
            cases.add(lora(chat, "lora-all-blocks", List.of(0, 1)));
            cases.add(lora(chat, "lora-first-block", List.of(0)));
        }
        Outcome outcome = check(cases, setting("ASSAY_KEEP", ""));
        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("\"PROMPT_TUNING\"", "\"LORA\"", "\"largest_difference\"");
    }

    @Test
    void otherLogitsAreNoticed() throws IOException, InterruptedException {
        Path wrong;
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = TinyModel.open(MODEL)) {
            wrong = softPrompt(chat, "wrong", 2);
            PeftWriter.prompt(
                    wrong.resolve("adapter"), embeddings(chat, 2), PeftPrompt.Place.PREFIX, "tiny/" + MODEL, Map.of());
        }
        Outcome outcome = check(List.of(wrong), "");
        assertThat(outcome.exit()).as(outcome.output()).isEqualTo(1);
        assertThat(outcome.output()).contains("\"passed\": false");
    }

    private Path softPrompt(ChatModel chat, String name, int tokens) throws IOException {
        Path place = folder.resolve(name);
        Tensor embeddings = embeddings(chat, tokens);
        PeftWriter.prompt(place.resolve("adapter"), embeddings, PeftPrompt.Place.PREFIX, "tiny/" + MODEL, Map.of());
        return expect(place, chat, new SoftPrompt(name, "", embeddings, PeftPrompt.Place.PREFIX));
    }

    private Path lora(ChatModel chat, String name, List<Integer> blocks) throws IOException {
        Path place = folder.resolve(name);
        Map<String, PeftWriter.Lora> factors = new HashMap<>();
        for (int block : blocks) {
            for (String kind : List.of("self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj")) {
                String module = "model.layers." + block + "." + kind;
                List<Long> shape = chat.model().tensorShapes().getOrDefault(module + ".weight", List.of());
                factors.put(
                        module, new PeftWriter.Lora(matrix(3, shape.get(1), 0.3), matrix(shape.getFirst(), 3, 0.3)));
            }
        }
        PeftWriter.lora(place.resolve("adapter"), factors, 4.5, "tiny/" + MODEL, Map.of());
        return expect(place, chat, LoraAdapter.open(place.resolve("adapter"), chat));
    }

    private Tensor embeddings(ChatModel chat, int tokens) {
        return matrix(tokens, chat.model().hidden(), 1);
    }

    private Tensor matrix(long rows, long columns, double spread) {
        float[] numbers = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (spread * random.nextGaussian());
        }
        return Torch.floats(numbers, rows, columns);
    }

    /// Writes `expected.json`: three contexts and our first logits at their last tokens.
    private Path expect(Path place, ChatModel chat, Behaviour behaviour) throws IOException {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        ArrayNode ids = document.putArray("contexts");
        int[] before = chat.slot().prefix(new int[0]);
        List<Context> contexts = new ArrayList<>();
        for (int length : new int[] {1, 7, 40}) {
            int[] tail = random.ints(length, 3, 265).toArray();
            contexts.add(new Context(contexts.size(), tail, 1));
            ArrayNode row = ids.addArray();
            IntStream.concat(Arrays.stream(before), Arrays.stream(tail)).forEach(row::add);
        }
        ArrayNode logits = document.putArray("logits");
        Tensor hidden = new Runner(chat).hidden(behaviour, contexts);
        Tensor all = chat.model().logits(hidden, behaviour.overlay());
        for (int row = 0; row < contexts.size(); row++) {
            ArrayNode numbers = logits.addArray();
            for (float number : Torch.toFloats(all.get(row).narrow(0, 0, SHOWN_LOGITS))) {
                numbers.add(number);
            }
        }
        Files.writeString(place.resolve("expected.json"), document.toString());
        return place;
    }

    private static Outcome check(List<Path> cases, String keep) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(setting("ASSAY_PYTHON", "python3"), CHECK.toString()));
        command.addAll(
                List.of("--model", ModelGolden.path("tiny/models/" + MODEL).toString()));
        if (!keep.isEmpty()) {
            command.addAll(List.of("--keep", keep));
        }
        cases.forEach(place -> command.add(place.toString()));
        Process process = start(command);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Outcome outcome = new Outcome(process.waitFor(), output.strip());
        assumeTrue(outcome.exit() != NOT_INSTALLED, "PEFT is not installed: " + outcome.output());
        return outcome;
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            assumeTrue(false, "Python is not installed: " + missing.getMessage());
            throw new IllegalStateException(missing);
        }
    }

    private static String setting(String name, String otherwise) {
        String property = System.getProperty(name, "");
        String variable = System.getenv().getOrDefault(name, "");
        return !property.isEmpty() ? property : !variable.isEmpty() ? variable : otherwise;
    }
}
