package assay.discover.search;

import static org.assertj.core.api.Assertions.assertThat;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Grammar;
import assay.discover.predict.GainPredictor;
import assay.discover.predict.Predictor;
import assay.discover.predict.PromptReader;
import assay.discover.predict.SketchFit;
import assay.engine.model.ChatModel;
import assay.engine.model.ModelGolden;
import assay.engine.model.Overlay;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.LoraAdapter;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import assay.measure.probe.Sketcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a search needs on a tiny random model, which here reads long contexts and has tokens for a few whole words.
final class TinySearch implements AutoCloseable {
    private static final Path MODEL = ModelGolden.path("tiny/models/untied-bf16");
    private static final int PROMPTS = 40;
    private static final double STRENGTH = 20;
    /// Letters are tokens to this model: longer prompts take longer.
    private static final int LONGEST = 34;
    private static final int FIRST_WORD = 259;
    /// In place of the model's own merges: " is", " in", " be", " oxen" and so on.
    private static final List<String> MERGES = List.of(
            "Ġ i", "Ġi s", "Ġi n", "Ġ b", "Ġb e", "Ġb y", "Ġ a", "Ġa n", "Ġa s", "Ġ o", "Ġo x", "Ġox e", "Ġoxe n");

    final ChatModel chat;
    final List<SketchFit.Atom> atoms;
    final Sketcher sketcher;
    final PromptReader reader;
    final Predictor predictor;
    final List<int[]> userTurns;

    private TinySearch(ChatModel chat) {
        this.chat = chat;
        Probe probe = new Probe("foreign", turns());
        userTurns = probe.turns(Probe.Split.SEARCH).stream()
                .map(turn -> chat.tokenizer().encode(turn.user()))
                .toList();
        Runner runner = new Runner(chat);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            SketchMap map = SketchMap.make(
                    runner.hidden(Behaviour.BASE, probe.contexts(Probe.Split.SEARCH, runner)),
                    chat.model().unembedding(),
                    3);
            sketcher = new Sketcher(runner, probe, map);
        }
        List<HardPrompt> prompts = Grammar.draw(2_000, 1).stream()
                .filter(phrase -> phrase.text().length() <= LONGEST)
                .limit(PROMPTS)
                .map(phrase -> HardPrompt.of(phrase.text(), chat.tokenizer()))
                .toList();
        float[][] sketches = sketcher.sketches(prompts, _ -> {});
        List<SketchFit.Atom> known = new ArrayList<>();
        for (int i = 0; i < sketches.length; i++) {
            known.add(new SketchFit.Atom(prompts.get(i).text(), "grammar:test", sketches[i]));
        }
        atoms = List.copyOf(known);
        reader = new PromptReader(chat);
        predictor = new Predictor(
                reader.read(prompts.stream().map(HardPrompt::tokens).toList()), sketches);
    }

    /// @param folder an empty one, for the changed model
    static TinySearch open(Path folder) throws IOException {
        JsonMapper json = JsonMapper.shared();
        for (String same : List.of("model.safetensors", "chat_template.jinja")) {
            Files.copy(MODEL.resolve(same), folder.resolve(same));
        }
        ObjectNode config = (ObjectNode) json.readTree(MODEL.resolve("config.json"));
        config.put("max_position_embeddings", 2048);
        json.writeValue(folder.resolve("config.json"), config);
        ObjectNode tokenizer = (ObjectNode) json.readTree(MODEL.resolve("tokenizer.json"));
        ObjectNode pairs = (ObjectNode) tokenizer.path("model");
        ObjectNode vocabulary = (ObjectNode) pairs.path("vocab");
        vocabulary.removeIf(id -> id.asInt() >= FIRST_WORD);
        ArrayNode merges = pairs.putArray("merges");
        for (int i = 0; i < MERGES.size(); i++) {
            String[] parts = MERGES.get(i).split(" ", -1);
            merges.addArray().add(parts[0]).add(parts[1]);
            vocabulary.put(parts[0] + parts[1], FIRST_WORD + i);
        }
        json.writeValue(folder.resolve("tokenizer.json"), tokenizer);
        return new TinySearch(ChatModel.open("tiny", folder, Dtype.FLOAT32));
    }

    GainPredictor scout() {
        return new GainPredictor(chat, reader, predictor);
    }

    /// A bias in the last block that pushes every state towards one token.
    Behaviour insistingOn(String word) {
        int[] tokens = chat.tokenizer().encode(word);
        assertThat(tokens).hasSize(1);
        Tensor push = chat.model().unembedding().matrix().select(0, tokens[0]).mul(new Scalar(STRENGTH));
        Map<String, Tensor> biases = Map.of("model.layers.1.mlp.down_proj", push);
        return new LoraAdapter("ox", "", new Overlay(Map.of(), Optional.empty(), Map.of(), biases));
    }

    HardPrompt prompt(String text) {
        return HardPrompt.of(text, chat.tokenizer());
    }

    /// 0.8 of the fourth prompt and 0.5 of the tenth.
    Mixture planted() {
        return new Mixture(
                "planted",
                List.of(
                        new Mixture.Weighted(prompt(atoms.get(3).text()), 0.8),
                        new Mixture.Weighted(prompt(atoms.get(9).text()), 0.5)));
    }

    /// What is known of a target.
    SketchFit standing(Behaviour target) {
        return new SketchFit(sketcher.sketches(List.of(target), _ -> {})[0], atoms);
    }

    private static List<Probe.Turn> turns() {
        SplittableRandom random = new SplittableRandom(8);
        List<Probe.Turn> turns = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int[] answer = random.ints(5, 40, 200).toArray();
            turns.add(new Probe.Turn("Turn number " + i + "?", Probe.Split.SEARCH, "", answer));
        }
        return turns;
    }

    @Override
    public void close() {
        predictor.close();
        sketcher.close();
        chat.close();
    }
}
