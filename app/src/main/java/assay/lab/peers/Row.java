package assay.lab.peers;

import assay.base.tensor.Dtype;
import java.util.List;

/// One line of the comparison.
sealed interface Row
        permits HiddenRow,
                PursuitRow,
                GenerationRow,
                OpeningRow,
                RankingRow,
                FitRow,
                ReadingRow,
                SoftStepRow,
                StartRow,
                BusyRow {
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

    /// All rows, in the order they are measured.
    static List<Row> all() {
        return List.of(
                new HiddenRow(Dtype.BFLOAT16),
                new HiddenRow(Dtype.FLOAT32),
                new PursuitRow(),
                new GenerationRow(GenerationRow.Writer.TARGET),
                new GenerationRow(GenerationRow.Writer.MIXTURE),
                new OpeningRow(OpeningRow.Format.GGUF),
                new OpeningRow(OpeningRow.Format.SAFETENSORS),
                new RankingRow(),
                new FitRow(),
                new ReadingRow(Dtype.BFLOAT16),
                new ReadingRow(Dtype.FLOAT32),
                new SoftStepRow(),
                new StartRow(StartRow.Asked.HELP),
                new StartRow(StartRow.Asked.REFUSED),
                new BusyRow());
    }

    /// How a number format is named in rows.
    static String word(Dtype dtype) {
        return dtype == Dtype.BFLOAT16 ? "bf16" : "fp32";
    }
}
