package assay.discover;

import assay.InputException;
import assay.probe.Probe;
import assay.probe.SketchMap;
import java.util.List;
import java.util.Map;

/// The dictionary of one model: readable prompts with sketches of their fingerprints, the probe they were taken on, and how the
/// sketches were made.
///
/// @param header what it was made from and with: model name and hash, seeds, counts, versions
/// @param probe the foreign probe
/// @param map how fingerprints on the probe's search split were sketched
/// @param entries the prompts
/// @param sketches `[entry, SketchMap.SIZE]` in 8 bits
public record Atlas(
        Map<String, String> header, Probe probe, SketchMap map, List<Entry> entries, QuantisedRows sketches) {
    /// Header field: SHA-256 of the weights the atlas was made on.
    public static final String MODEL_SHA256 = "model_sha256";
    /// Header field: what the model was called.
    public static final String MODEL_NAME = "model_name";

    /// A prompt of the dictionary.
    ///
    /// @param text the prompt
    /// @param source where it came from: `grammar:<category>` or `sampled`
    public record Entry(String text, String source) {}

    /// Keeps its own copies.
    public Atlas {
        header = Map.copyOf(header);
        entries = List.copyOf(entries);
    }

    /// @throws InputException if the atlas belongs to another model
    public void requireModel(String name, String sha256) {
        if (!sha256.equals(header.get(MODEL_SHA256))) {
            throw new InputException("atlas: expected one of model " + name + " (" + sha256.substring(0, 12) + "…), found one of "
                    + header.get(MODEL_NAME) + " (" + header.getOrDefault(MODEL_SHA256, "unknown").substring(0, 12)
                    + "…). Build one with: assay atlas build --model " + name);
        }
    }
}
