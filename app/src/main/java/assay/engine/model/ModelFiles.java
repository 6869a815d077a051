package assay.engine.model;

import assay.InputException;
import assay.engine.family.ConfigGguf;
import assay.engine.family.ConfigJson;
import assay.engine.family.Family;
import assay.engine.family.Fit;
import assay.engine.family.GgufSource;
import assay.engine.family.ModelConfig;
import assay.engine.family.WeightSource;
import assay.engine.format.GgufFile;
import assay.engine.format.WeightFile;
import assay.engine.format.WeightFiles;
import assay.engine.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The files of a model, open, with everything read but the numbers.
///
/// @param family which the model is of
/// @param config its shape
/// @param tokenizer owned by whoever opened the files, and not closed with them
/// @param weights where its numbers are read from
/// @param file holds them
record ModelFiles(
        Family family,
        ModelConfig config,
        Tokenizer tokenizer,
        TemplateFile template,
        WeightSource weights,
        WeightFile file)
        implements AutoCloseable {
    /// Opens a `.gguf` file or a Hugging Face folder.
    ///
    /// @throws InputException if something is missing, of an unsupported kind, or does not belong together
    static ModelFiles open(Path path) {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        if (!Files.isRegularFile(path)) {
            throw new InputException("model: expected a .gguf file or a Hugging Face folder, found nothing (" + path
                    + "). Check the path.");
        }
        return gguf(path);
    }

    private static ModelFiles gguf(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            Map<String, Object> metadata = file.metadata();
            if ("adapter".equals(metadata.get("general.type"))) {
                throw new InputException("model: expected a model, found an adapter (" + path
                        + "). Pass it with --adapter, and its base model with --model.");
            }
            Family family = Family.ofGguf(metadata, path);
            GgufSource source = new GgufSource(file, family);
            ModelConfig config = ConfigGguf.read(path, metadata, source.vocabulary(), source.ropeTable());
            WeightSource weights = source.forConfig(config);
            Fit.shapes(config, weights.shapes());
            Tokenizer tokenizer = Tokenizer.fromGguf(metadata);
            if (!(metadata.get("tokenizer.chat_template") instanceof String text)) {
                tokenizer.close();
                throw new InputException(
                        "model: expected a chat template, found none (" + path + "). Use an instruction-tuned model.");
            }
            TemplateFile template = new TemplateFile(text, "tokenizer.chat_template of the GGUF file");
            return new ModelFiles(family, config, tokenizer, template, weights, file);
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    private static ModelFiles folder(Path folder) {
        ConfigJson json = ConfigJson.read(folder.resolve("config.json"));
        ModelConfig config = json.config();
        WeightFile file = WeightFiles.open(folder);
        try {
            WeightSource source = json.source(config, file, folder);
            Tokenizer tokenizer = Tokenizer.fromJson(folder.resolve("tokenizer.json"));
            try {
                return new ModelFiles(json.family(), config, tokenizer, TemplateFile.read(folder), source, file);
            } catch (RuntimeException | Error refused) {
                tokenizer.close();
                throw refused;
            }
        } catch (RuntimeException | Error refused) {
            file.close();
            throw refused;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
