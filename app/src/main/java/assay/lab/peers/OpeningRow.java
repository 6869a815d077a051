package assay.lab.peers;

import assay.InputException;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.lab.bench.Cost;
import assay.lab.bench.Gate;
import assay.lab.bench.Phrases;
import assay.lab.bench.ReadyRow;
import assay.lab.bench.Row;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Opening a model that lies in the system's file cache: weights, tokenizer, template.
record OpeningRow(Format format) implements Row {
    /// How the model is stored.
    enum Format {
        /// One quantised file.
        GGUF,
        /// A folder as Hugging Face libraries write it.
        SAFETENSORS
    }

    @Override
    public String name() {
        return "opening-" + format.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String title() {
        return "opening the model from " + (format == Format.GGUF ? "GGUF" : "safetensors") + ", with its tokenizer";
    }

    @Override
    public String peer() {
        return "transformers from_pretrained, model and tokenizer";
    }

    @Override
    public Gate gate() {
        return Gate.faster(5);
    }

    @Override
    public double tolerance() {
        return 0.05;
    }

    @Override
    public String agreement() {
        return "length of the difference of hidden states of 15 tokens over their length";
    }

    @Override
    public boolean needsSafetensors() {
        return format == Format.SAFETENSORS;
    }

    /// @throws InputException if the model is not stored like this, and no copy was made
    @Override
    public ReadyRow prepare(Setting setting) {
        Path stored = setting.located().path();
        boolean isFolder = Files.isDirectory(stored);
        Path copy = setting.folder().resolveSibling("safetensors");
        Path path = format == Format.SAFETENSORS && !isFolder ? copy : stored;
        if ((format == Format.GGUF && isFolder) || !Files.exists(path)) {
            throw new InputException("row " + name() + ": expected a model stored as "
                    + format.name().toLowerCase(Locale.ROOT) + ", found "
                    + (isFolder ? "a folder" : "a GGUF file and no peer to copy it") + " (" + stored + ").");
        }
        try (Session session = setting.open(Precision.AUTO)) {
            Dtype dtype = session.chat().model().dtype();
            int[] probe = Phrases.tokens(session.chat().tokenizer(), 16, 4);
            int[] whole = session.chat().slot().prefix(probe);
            return new Ready(setting, path, dtype, probe, whole, new float[1][0], new double[1]);
        }
    }

    private record Ready(
            Setting setting, Path path, Dtype dtype, int[] probe, int[] whole, float[][] found, double[] bytes)
            implements ReadyRow {
        @Override
        public double run() {
            ChatModel[] opened = new ChatModel[1];
            double seconds = Stopwatch.seconds(() -> opened[0] = ChatModel.open("model", path, dtype));
            try (ChatModel chat = opened[0];
                    TensorScope _ = TensorScope.withoutGradients()) {
                HardPrompt first = new HardPrompt("first", new int[] {probe[0]});
                int[] rest = Arrays.copyOfRange(probe, 1, probe.length);
                found[0] = Torch.toFloats(new Runner(chat).hidden(first, List.of(new Context(0, rest, rest.length))));
                LanguageModel model = chat.model();
                double table = (double) model.vocabulary() * model.hidden();
                bytes[0] = Cost.matrices(model) * dtype.bytes() + table * Float.BYTES;
            }
            return seconds;
        }

        @Override
        public List<Cost> cost() {
            return List.of(new Cost(0, bytes[0], dtype));
        }

        @Override
        public Map<String, Object> task() {
            int compared = probe.length - 1;
            return Map.of("path", path.toString(), "dtype", dtype.name(), "probe", whole, "compared", compared);
        }

        @Override
        public void leave() {
            setting.write("ours.f32", found[0]);
        }
    }
}
