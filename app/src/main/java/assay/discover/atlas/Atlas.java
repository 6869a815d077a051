package assay.discover.atlas;

import assay.InputException;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The dictionary of one model: readable prompts with sketches of their fingerprints, the probe they were
/// taken on, and how the sketches were made.
///
/// @param header what it was made from and with: model name and hash, seeds, counts, versions
/// @param probe the foreign probe
/// @param map how fingerprints on the probe's search split were sketched
/// @param sketches `[entry, SketchMap.SIZE]` in 8 bits
/// @param reserve more prompts, which nobody has run: a search reads them and runs those that promise
/// something for its target; a quick atlas has some
public record Atlas(
        Map<String, String> header,
        Probe probe,
        SketchMap map,
        List<Entry> entries,
        QuantisedRows sketches,
        List<Entry> reserve) {
    /// Header field: SHA-256 of the weights the atlas was made on.
    public static final String MODEL_SHA256 = "model_sha256";
    /// Header field: what the model was called.
    public static final String MODEL_NAME = "model_name";

    /// The parts of the model's identity.
    public static final String IDENTITY = "identity";

    /// Header field: cumulative energy of the dictionary's first directions, blank-separated.
    public static final String ENERGY = "energy";
    /// Header field: a of the power law i^−a of the dictionary's singular values.
    public static final String EXPONENT = "exponent";

    /// Header field: what was added after it was built, a part for every time, separated by `; `.
    public static final String EXTENDED = "extended";

    /// Header field: what stood in the prompt's place of the base, if not an empty system message.
    public static final String BASE_PROMPT = "base_prompt";

    /// Header field: what became of thinking, of a model that can.
    static final String THINKING = "thinking";

    /// A prompt of the dictionary.
    ///
    /// @param source where it came from: `grammar:<category>`, `sampled` or `file`
    public record Entry(String text, String source) {}

    /// Keeps its own copies.
    public Atlas {
        header = Map.copyOf(header);
        entries = List.copyOf(entries);
        reserve = List.copyOf(reserve);
    }

    /// Without a reserve.
    public Atlas(Map<String, String> header, Probe probe, SketchMap map, List<Entry> entries, QuantisedRows sketches) {
        this(header, probe, map, entries, sketches, List.of());
    }

    /// Whether every prompt has its sketch; an atlas under construction lacks the last ones.
    public boolean isComplete() {
        return sketches.rows() == entries.size();
    }

    /// Its prompts, in order.
    public List<String> texts() {
        return entries.stream().map(Entry::text).toList();
    }

    /// Which of its prompts are of some kind, by index.
    public Set<Integer> indices(Predicate<String> kind) {
        return IntStream.range(0, entries.size())
                .filter(i -> kind.test(entries.get(i).text()))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The same atlas with the sketches of its next prompts.
    public Atlas with(QuantisedRows next) {
        return new Atlas(header, probe, map, entries, sketches.followedBy(next), reserve);
    }

    /// The same atlas over another base.
    Atlas with(QuantisedRows moved, String basePrompt) {
        return new Atlas(header, probe, map, entries, moved, reserve).with(BASE_PROMPT, basePrompt);
    }

    /// The prompts of its reserve as an atlas, to be read.
    public Atlas reserved() {
        return with(reserve);
    }

    /// The same atlas with other prompts, whose sketches are to be made; without a reserve.
    public Atlas with(List<Entry> others) {
        return new Atlas(header, probe, map, others, QuantisedRows.none(sketches.columns()));
    }

    /// The same atlas with more prompts, whose sketches are known.
    public Atlas grown(List<Entry> more, QuantisedRows theirs) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(more);
        return new Atlas(header, probe, map, all, sketches.followedBy(theirs), reserve);
    }

    /// The same atlas with one more header field.
    public Atlas with(String field, String value) {
        Map<String, String> more = new HashMap<>(header);
        more.put(field, value);
        return new Atlas(more, probe, map, entries, sketches, reserve);
    }

    /// Cumulative shares of the dictionary's energy held by its first directions, from the header.
    public List<Double> energy() {
        return Arrays.stream(header.getOrDefault(ENERGY, "").split(" "))
                .filter(share -> !share.isEmpty())
                .map(Double::valueOf)
                .toList();
    }

    /// a of the power law i^−a of the dictionary's singular values, from the header.
    public double exponent() {
        return Double.parseDouble(header.getOrDefault(EXPONENT, "NaN"));
    }

    /// Makes sure that the atlas can be used with a model.
    ///
    /// @throws InputException if the atlas belongs to another model or is not finished
    public void requireModel(String name, String sha256, String buildCommand) {
        if (!sha256.equals(header.get(MODEL_SHA256))) {
            throw new InputException(
                    "atlas: expected one of model " + name + " (" + sha256.substring(0, 12) + "…), found one of "
                            + header.get(MODEL_NAME) + " ("
                            + header.getOrDefault(MODEL_SHA256, "unknown").substring(0, 12)
                            + "…). Build one with: " + buildCommand);
        }
        if (!isComplete()) {
            throw new InputException("atlas: expected " + entries.size() + " sketches, found " + sketches.rows()
                    + ". Finish it with: " + buildCommand);
        }
    }
}
