package assay.discover.search;

import assay.discover.predict.GainPredictor;
import assay.discover.predict.SketchFit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Proposes the prompts of an atlas's reserve that promise most for what is lacking: all of them are read
/// once, and predicted anew each time.
///
/// @param texts the reserve
/// @param readings theirs `[prompt width]`
record Reserve(List<String> texts, float[][] readings, GainPredictor scout) implements Strategy {
    /// What it is called in reports.
    static final String LABEL = "reserve";

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        double[] gains = scout.gains(readings, lack);
        return IntStream.range(0, gains.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -gains[i]))
                .limit(count)
                .map(texts::get)
                .toList();
    }
}
