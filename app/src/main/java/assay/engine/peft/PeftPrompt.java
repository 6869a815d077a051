package assay.engine.peft;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.engine.format.JsonFile;
import assay.engine.format.MappedWeights;
import assay.engine.format.TensorInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import tools.jackson.databind.JsonNode;

/// A soft prompt read from a PEFT folder (prompt tuning, arXiv 2104.08691).
///
/// @param baseModel the model it was made for, as its author wrote it
/// @param embeddings `[softToken hidden]` float32, for [Place#KEYS] `[softToken block·2·keyValueWidth]`; they belong to
/// the scope that was open when it was read
/// @param place where they sit
/// @param metadata free texts of the tensor file's header
public record PeftPrompt(String baseModel, Tensor embeddings, Place place, Map<String, String> metadata) {
    static final String TENSOR = "prompt_embeddings";
    static final int SCHEMA = 1;
    /// Where a folder says where its soft prompt sits.
    static final String SIDECAR = "assay_slot.json";
    private static final int MOST_LISTED = 5;

    /// Where a soft prompt sits.
    public enum Place {
        /// In the slot, as a system message would.
        SYSTEM,
        /// In front of all input, the beginning token included. What PEFT does.
        PREFIX,
        /// In front of all input, as keys and values of every block (prefix tuning, arXiv 2101.00190).
        KEYS;

        /// Its name in `assay_slot.json`.
        String slot() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Makes copies immutable.
    public PeftPrompt {
        metadata = Map.copyOf(metadata);
    }

    /// The same for a model whose keys and values are not known, so that prefix tuning is refused.
    public static PeftPrompt read(Path folder, long hidden) {
        return read(folder, hidden, 0);
    }

    /// Reads a folder with `adapter_config.json` and `adapter_model.safetensors`, or one whose only such
    /// folder is a direct subfolder. `assay_slot.json` beside them says where the prompt sits; without it,
    /// it sits where PEFT puts it, in front of all input.
    ///
    /// @param hidden width of the model it is to run on
    /// @param keys numbers that all its blocks keep of a token as keys and values
    /// @throws InputException if it is no soft prompt, is damaged, needs something not supported, or does not
    /// fit the model
    public static PeftPrompt read(Path folder, long hidden, long keys) {
        PeftFolder home = PeftFolder.find("soft prompt", folder);
        PeftPromptConfig config = PeftPromptConfig.read(home.config(), hidden, keys);
        Place place = config.isPrefix() ? Place.KEYS : place(home.config().resolveSibling(SIDECAR));
        try (MappedWeights<String> file = home.open();
                TensorScope scope = TensorScope.withoutGradients()) {
            file.requireFilled("soft prompt", file.path());
            requireOnlyEmbeddings(file, config);
            Tensor embeddings = file.read(TENSOR, Dtype.FLOAT32);
            return new PeftPrompt(config.baseModel(), scope.keep(embeddings), place, file.metadata());
        }
    }

    private static Place place(Path sidecar) {
        if (!Files.exists(sidecar)) {
            return Place.PREFIX;
        }
        JsonNode root = JsonFile.readObject(sidecar);
        JsonNode version = root.path("schema_version");
        if (!version.isIntegralNumber() || !version.canConvertToInt() || version.asInt() != SCHEMA) {
            throw PeftPromptConfig.refusal(
                    sidecar,
                    "schema_version " + SCHEMA,
                    JsonFile.shown(version),
                    "Use the version of Assay that wrote it.");
        }
        JsonNode slot = root.path("slot");
        for (Place place : Place.values()) {
            if (place != Place.KEYS && slot.isString() && slot.asString().equals(place.slot())) {
                return place;
            }
        }
        throw PeftPromptConfig.refusal(
                sidecar, "slot to be system or prefix", JsonFile.shown(slot), "Correct the file.");
    }

    private static void requireOnlyEmbeddings(MappedWeights<String> file, PeftPromptConfig config) {
        TensorInfo info = file.tensors().get(TENSOR);
        if (info == null) {
            throw PeftPromptConfig.refusal(
                    file.path(), "a tensor " + TENSOR, listed(file), "Was the soft prompt saved completely?");
        }
        if (file.tensors().size() > 1) {
            throw PeftPromptConfig.refusal(
                    file.path(),
                    TENSOR + " alone",
                    listed(file),
                    "This version does not support modules trained beside a soft prompt.");
        }
        List<Long> expected = List.of(config.tokens(), config.width());
        if (!info.shape().equals(expected)) {
            throw PeftPromptConfig.refusal(
                    file.path(),
                    TENSOR + " of shape " + expected
                            + (config.isPrefix()
                                    ? " (num_virtual_tokens, keys and values)"
                                    : " (num_virtual_tokens, token_dim)"),
                    info.shape(),
                    "adapter_config.json and the tensors do not belong together.");
        }
    }

    private static String listed(MappedWeights<String> file) {
        List<String> names = new ArrayList<>(file.tensors().keySet());
        if (names.isEmpty()) {
            return "none";
        }
        String first = names.stream().limit(MOST_LISTED).map(Refusal::name).collect(Collectors.joining(", "));
        return names.size() <= MOST_LISTED ? first : first + ", and " + (names.size() - MOST_LISTED) + " more";
    }
}
