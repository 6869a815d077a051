package assay.fuzz;

import static assay.fuzz.Workshop.CASES;
import static assay.fuzz.Workshop.RESOURCES;
import static assay.fuzz.Workshop.TINY;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.MappedWeights;
import assay.engine.format.WeightFile;
import assay.engine.format.WeightFiles;
import assay.engine.model.ChatModel;
import assay.engine.peft.PeftAdapter;
import assay.engine.peft.PeftPrompt;
import assay.engine.text.ChatTemplate;
import assay.engine.text.Slot;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.LoraAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Readers of models, adapters and soft prompts.
final class ModelReaders {
    private static final Path MODELS = TINY.resolve("models");
    private static final Path ADAPTERS = TINY.resolve("adapters");
    private static final Path TEXT = RESOURCES.resolve("golden").resolve("text");

    private ModelReaders() {}

    static List<Reader> all(Workshop at, ChatModel tied) {
        List<Reader> all = new ArrayList<>();
        for (String name : List.of("tied", "rope-llama3", "rope-linear", "biased")) {
            all.add(at.in(MODELS.resolve(name), "config.json", Mutation.TEXT, 120, ModelReaders::open));
        }
        for (String name : List.of("tokenizer_config.json", "generation_config.json")) {
            Path model = CASES.resolve("10-special-tokens-only-in-config").resolve("model");
            all.add(at.in(model, name, Mutation.TEXT, 100, ModelReaders::open));
        }
        all.add(at.in(MODELS.resolve("tied"), "tokenizer_config.json", Mutation.TEXT, 100, ModelReaders::open));
        all.add(specialTokens(at));
        all.add(addedTokens(at));
        all.add(tokenizer(at));
        all.add(tokenizerParts(at));
        all.add(tokenizerTrial(at));
        all.add(template());
        all.addAll(weights(at));
        all.addAll(adapters(at, tied));
        all.addAll(softPrompts(at, tied.model().hidden()));
        return all;
    }

    private static void open(Path model) {
        try (TensorScope _ = TensorScope.withoutGradients();
                ChatModel chat = ChatModel.open("m", model, Dtype.FLOAT32)) {
            chat.tokenizer().decode(chat.tokenizer().encode("Grüße 12 🏴‍☠️"));
        }
    }

    /// Names of tokens in an old folder, whose `tokenizer_config.json` does not list them.
    private static Reader specialTokens(Workshop at) {
        Path home = at.copy("special", MODELS.resolve("tied"));
        byte[] sample = ("{\"bos_token\": {\"content\": \"<|im_start|>\", \"lstrip\": false}, \"eos_token\":"
                        + " \"<|im_end|>\", \"additional_special_tokens\": [\"<|im_start|>\"]}")
                .getBytes(StandardCharsets.UTF_8);
        return new Reader(
                "special_tokens_map.json",
                Mutation.TEXT,
                List.of(sample),
                80,
                Workshop.at(home.resolve("special_tokens_map.json"), () -> open(home)));
    }

    private static Reader addedTokens(Workshop at) {
        Path home = at.copy("added", CASES.resolve("base"));
        try {
            Files.delete(home.resolve("tokenizer_config.json"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        byte[] sample = "{\"<|extra|>\": 512, \"<|more|>\": 513}".getBytes(StandardCharsets.UTF_8);
        return new Reader(
                "added_tokens.json",
                Mutation.TEXT,
                List.of(sample),
                80,
                Workshop.at(
                        home.resolve("added_tokens.json"),
                        () -> Tokenizer.fromJson(home.resolve("tokenizer.json")).close()));
    }

    private static Reader tokenizer(Workshop at) {
        List<byte[]> samples = Stream.of("digits", "gpt2", "llama3", "metaspace", "qwen2")
                .map(name -> Workshop.bytes(TEXT.resolve("tiny-" + name + ".tokenizer.json")))
                .toList();
        return at.alone("tokenizer.json", "tokenizer.json", Mutation.TEXT, samples, 250, ModelReaders::use);
    }

    private static void use(Path tokenizerJson) {
        try (Tokenizer tokenizer = Tokenizer.fromJson(tokenizerJson)) {
            tokenizer.within(100_000);
            for (String text : List.of("", " ", "Hello, Grüße 12345 <|im_end|>\n 模型 🏴‍☠️", "aaa  a\u0301\u0000")) {
                tokenizer.decode(tokenizer.encode(text));
            }
            tokenizer.decode(new int[] {0, 1, 2, 999_999});
        }
    }

    /// A tokenizer of all the usual parts and hardly a vocabulary: the library must survive whatever they say.
    private static Reader tokenizerParts(Workshop at) {
        String parts = """
                {"version": "1.0", "added_tokens": [{"id": 9, "content": "<|im_end|>", "special": true, "lstrip": false,
                  "rstrip": false, "single_word": false, "normalized": false}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"},
                  {"type": "Prepend", "prepend": "a"}, {"type": "Replace", "pattern": {"String": " "}, "content": "b"},
                  {"type": "Strip", "strip_left": true, "strip_right": false}, {"type": "StripAccents"}]},
                 "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": true},
                  {"type": "Split", "pattern": {"Regex": "\\\\s+|[^\\\\s]{1,3}"}, "behavior": "Isolated", "invert": false},
                  {"type": "Punctuation", "behavior": "Contiguous"},
                  {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": true},
                  {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}]},
                 "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "a", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                  {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"a": {"id": "a", "ids": [0], "tokens": ["a"]}}},
                 "decoder": {"type": "Sequence", "decoders": [{"type": "ByteLevel", "add_prefix_space": true,
                  "trim_offsets": true, "use_regex": true}, {"type": "ByteFallback"}, {"type": "Fuse"},
                  {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
                  {"type": "Replace", "pattern": {"String": "b"}, "content": " "},
                  {"type": "Strip", "content": "a", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "dropout": null, "unk_token": "a", "continuing_subword_prefix": null,
                  "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": true, "ignore_merges": false,
                  "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4, "<0x41>": 5}, "merges": [["a", "b"], ["ab", "c"]]}}
                """;
        List<byte[]> samples = List.of(parts.getBytes(StandardCharsets.UTF_8));
        return at.alone("tokenizer.json, its parts", "tokenizer.json", Mutation.TEXT, samples, 60, ModelReaders::use);
    }

    /// Tokenizers that are tried in a process of their own, which takes half a second each.
    private static Reader tokenizerTrial(Workshop at) {
        List<byte[]> samples = Stream.of(
                        "BPEDecoder\", \"suffix\": \"b", "WordPiece\", \"prefix\": \"a\", \"cleanup\": true, \"x\": \"")
                .map(
                        decoder ->
                                "{\"decoder\": {\"type\": \"Sequence\", \"decoders\": [{\"type\": \"CTC\", \"pad_token\":"
                                        + " \"b\", \"word_delimiter_token\": \"|\", \"cleanup\": true}, {\"type\": \""
                                        + decoder
                                        + "\"}]}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1}, \"merges\": []}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        return at.alone("tokenizer.json, unusual", "tokenizer.json", Mutation.TEXT, samples, 1, ModelReaders::use);
    }

    private static Reader template() {
        List<byte[]> samples = JsonMapper.shared()
                .readTree(TEXT.resolve("templates.json"))
                .path("templates")
                .valueStream()
                .map(template -> template.asString("").getBytes(StandardCharsets.UTF_8))
                .toList();
        Tokenizer tokenizer = Tokenizer.fromJson(CASES.resolve("base").resolve("tokenizer.json"));
        return new Reader(
                "chat_template.jinja",
                Mutation.TEXT,
                samples,
                400,
                file -> Slot.system(ChatTemplate.parse(new String(file, StandardCharsets.UTF_8)), tokenizer));
    }

    private static List<Reader> weights(Workshop at) {
        List<Reader> all = new ArrayList<>();
        List<byte[]> safetensors = List.of(
                Workshop.bytes(MODELS.resolve("tied").resolve("model.safetensors")),
                Workshop.bytes(MODELS.resolve("sharded-fp16").resolve("model-00003-of-00003.safetensors")));
        all.add(at.alone("model.safetensors", "x.safetensors", Mutation.TENSORS, safetensors, 250, file -> {
            try (MappedWeights<String> weights = MappedWeights.safetensors(file)) {
                readAll(weights);
            }
        }));
        all.add(at.in(MODELS.resolve("tied"), "model.safetensors", Mutation.TENSORS, 60, ModelReaders::open));
        all.add(at.in(MODELS.resolve("sharded-fp16"), "model.safetensors.index.json", Mutation.TEXT, 100, folder -> {
            try (WeightFile weights = WeightFiles.open(folder)) {
                readAll(weights);
            }
            WeightFiles.all(folder);
        }));
        List<byte[]> ggufs = Stream.of(
                        "13-gguf-rope-factor-without-type",
                        "14-gguf-llama31-rope-freqs",
                        "15-gguf-q3k",
                        "16-gguf-iq4nl")
                .map(name -> Workshop.bytes(CASES.resolve(name).resolve("model.bin")))
                .toList();
        all.add(at.alone("GGUF, its tensors", "x.gguf", Mutation.BYTES, ggufs, 300, file -> {
            try (MappedWeights<Object> weights = MappedWeights.gguf(file)) {
                readAll(weights);
            }
        }));
        all.add(at.alone("GGUF, the model", "x.gguf", Mutation.BYTES, ggufs, 250, ModelReaders::open));
        return all;
    }

    private static void readAll(WeightFile weights) {
        for (String name : weights.tensors().keySet()) {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                weights.read(name, name.length() % 2 == 0 ? Dtype.FLOAT32 : Dtype.BFLOAT16);
            }
        }
    }

    private static List<Reader> adapters(Workshop at, ChatModel tied) {
        List<Reader> all = new ArrayList<>();
        for (String name : List.of("plain", "patterns", "regex", "embedding-tied", "lora-bias")) {
            Path adapter = ADAPTERS.resolve(name);
            all.add(at.in(adapter, "adapter_config.json", Mutation.TEXT, 100, folder -> lora(folder, tied)));
            all.add(at.in(adapter, "adapter_model.safetensors", Mutation.TENSORS, 60, folder -> lora(folder, tied)));
        }
        for (String name : List.of("dora", "tokens-tied", "parameters")) {
            Path adapter = MODELS.resolve("../../adapters").resolve(name).normalize();
            all.add(at.in(adapter, "adapter_config.json", Mutation.TEXT, 60, folder -> lora(folder, tied)));
        }
        Path pickled = MODELS.resolve("../../adapters/bin-float32").normalize();
        all.add(at.in(pickled, "adapter_model.bin", Mutation.BYTES, 200, folder -> lora(folder, tied)));
        List<byte[]> ggufs = List.of(
                Workshop.bytes(MODELS.resolve("../../adapters-gguf/llama.gguf").normalize()),
                Workshop.bytes(MODELS.resolve("../../adapters-gguf/llama-embedding.gguf")
                        .normalize()));
        all.add(at.alone("GGUF, an adapter", "x.gguf", Mutation.BYTES, ggufs, 200, file -> lora(file, tied)));
        Path mlx = CASES.resolve("20-mlx-adapter").resolve("mlx");
        Map<String, List<Long>> shapes = shapes(mlx.resolve("adapters.safetensors"));
        all.add(at.in(mlx, "adapter_config.json", Mutation.TEXT, 40, folder -> mlx(folder, shapes)));
        all.add(at.in(mlx, "adapters.safetensors", Mutation.TENSORS, 40, folder -> mlx(folder, shapes)));
        return all;
    }

    /// Shapes of a model that an adapter by MLX-LM fits: its factors stand the other way round.
    private static Map<String, List<Long>> shapes(Path adapter) {
        Map<String, List<Long>> shapes = new HashMap<>();
        try (MappedWeights<String> file = MappedWeights.safetensors(adapter)) {
            file.tensors().forEach((name, info) -> {
                if (name.endsWith(".lora_a")) {
                    String module = name.substring(0, name.length() - ".lora_a".length());
                    long in = info.shape().getFirst();
                    long out = Objects.requireNonNull(file.tensors().get(module + ".lora_b"))
                            .shape()
                            .getLast();
                    shapes.put(module + ".weight", List.of(out, in));
                }
            });
        }
        return shapes;
    }

    private static void mlx(Path folder, Map<String, List<Long>> shapes) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftAdapter.read(folder, shapes, Dtype.FLOAT32).hasNoEffect();
        }
    }

    private static void lora(Path folder, ChatModel chat) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            LoraAdapter.open(folder, chat).changesUnembedding();
        }
    }

    private static List<Reader> softPrompts(Workshop at, long hidden) {
        Path prompt =
                RESOURCES.resolve("golden").resolve("soft").resolve("prompts").resolve("random");
        Path tuned = CASES.resolve("05-p-tuning").resolve("soft");
        Path placed = at.copy("placed", prompt);
        byte[] slot = "{\"schema_version\": 1, \"slot\": \"system\"}".getBytes(StandardCharsets.UTF_8);
        return List.of(
                at.in(prompt, "adapter_config.json", Mutation.TEXT, 100, folder -> soft(folder, hidden)),
                at.in(prompt, "adapter_model.safetensors", Mutation.TENSORS, 100, folder -> soft(folder, hidden)),
                at.in(tuned, "adapter_config.json", Mutation.TEXT, 50, folder -> soft(folder, 32)),
                new Reader(
                        "assay_slot.json",
                        Mutation.TEXT,
                        List.of(slot),
                        100,
                        Workshop.at(placed.resolve("assay_slot.json"), () -> soft(placed, hidden))));
    }

    private static void soft(Path folder, long hidden) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            PeftPrompt.read(folder, hidden);
        }
    }
}
