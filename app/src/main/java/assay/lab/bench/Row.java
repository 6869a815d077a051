package assay.lab.bench;

import assay.base.tensor.Dtype;

/// One line of the comparison.
public interface Row {
    /// As `--rows` names it.
    String name();

    /// What is done, for the reader.
    String title();

    /// What does it otherwise, and how; empty if nothing does.
    String peer();

    /// What it must reach.
    Gate gate();

    /// The difference from the peer's answer that is allowed; what it is a difference of is in [#agreement()].
    default double tolerance() {
        return 0;
    }

    /// In words, what of the two answers is compared.
    default String agreement() {
        return "";
    }

    /// Makes it ready; the caller closes it.
    ReadyRow prepare(Setting setting);

    /// Whether its inputs need the model as a folder of safetensors beside its own folder.
    default boolean needsSafetensors() {
        return false;
    }

    /// How a number format is named in rows.
    static String word(Dtype dtype) {
        return dtype == Dtype.BFLOAT16 ? "bf16" : "fp32";
    }
}
