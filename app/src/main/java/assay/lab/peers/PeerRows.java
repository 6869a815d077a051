package assay.lab.peers;

import assay.base.tensor.Dtype;
import assay.lab.bench.Row;
import java.util.ArrayList;
import java.util.List;

/// The rows of `assay bench peers`, in the order they are measured.
public final class PeerRows {
    private PeerRows() {}

    /// Which rows are wanted.
    ///
    /// @param names of the rows, the usual ones if empty
    /// @param runsCommands whether whole commands are run; else their seconds are read from the runs there are
    /// @param isLong with the rows that take minutes
    public static List<Row> of(List<String> names, boolean runsCommands, boolean isLong) {
        return all(runsCommands).stream()
                .filter(row -> names.isEmpty() ? isLong || !(row instanceof ClosingRow) : names.contains(row.name()))
                .toList();
    }

    /// Names of all rows.
    public static List<String> names() {
        return all(false).stream().map(Row::name).toList();
    }

    private static List<Row> all(boolean runsCommands) {
        List<Row> rows = new ArrayList<>(List.of(
                new HiddenRow(Dtype.BFLOAT16),
                new HiddenRow(Dtype.FLOAT32),
                new PursuitRow(),
                new GenerationRow(GenerationRow.Writer.TARGET),
                new GenerationRow(GenerationRow.Writer.MIXTURE),
                new OpeningRow(OpeningRow.Format.GGUF),
                new OpeningRow(OpeningRow.Format.SAFETENSORS),
                new RankingRow(RankingRow.Peer.TRANSFORMERS),
                new RankingRow(RankingRow.Peer.NANOGCG),
                new FitRow(),
                new ReadingRow(Dtype.BFLOAT16),
                new ReadingRow(Dtype.FLOAT32),
                new SoftStepRow(),
                new ClosingRow(),
                new StartRow(StartRow.Asked.HELP),
                new StartRow(StartRow.Asked.REFUSED),
                new TalkRow(TalkRow.Wait.FIRST),
                new TalkRow(TalkRow.Wait.NEXT),
                new BusyRow()));
        for (CommandRow.Asked asked : CommandRow.Asked.values()) {
            rows.add(new CommandRow(asked, runsCommands));
        }
        return rows;
    }
}
