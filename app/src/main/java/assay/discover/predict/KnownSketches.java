package assay.discover.predict;

import assay.base.run.Once;
import assay.base.tensor.SideBySide;
import assay.discover.atlas.Atlas;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// An atlas's sketches at hand: decoded once, and once more in the metric of what sets prompts apart. Several threads
/// may ask.
public final class KnownSketches implements AutoCloseable {
    /// Cosine of whitened sketches above which two prompts say the same: one pair of the shipped dictionary in two
    /// thousand is so alike.
    private static final double SAME = 0.2;

    private final Once<float[][]> rows;
    private final Once<Lens> lens;

    public KnownSketches(Atlas atlas) {
        this.rows = new Once<>(() -> atlas.sketches().decoded());
        this.lens = new Once<>(() -> SideBySide.one(this::madeLens));
    }

    /// The dictionary seen by what sets prompts apart.
    ///
    /// @param rows its sketches in that metric
    private record Lens(Whitening whitening, float[][] rows) {}

    /// The sketches as they are `[prompt, number]`.
    public float[][] rows() {
        return rows.get();
    }

    /// The sketches in the metric of [#apart].
    public float[][] whitenedRows() {
        return lens.get().rows();
    }

    /// What a target lacks of the atlas, or of the atlas grown.
    ///
    /// @param forbidden prompts that must not stand for the target
    public SketchFit standing(Atlas grown, float[] sketch, Predicate<String> forbidden) {
        float[][] own = rows();
        return new SketchFit(
                sketch,
                atoms(
                        grown,
                        forbidden,
                        i -> i < own.length ? own[i] : grown.sketches().row(i)));
    }

    /// The same in the metric of what sets prompts apart.
    public SketchFit apart(Atlas grown, float[] sketch, Predicate<String> forbidden) {
        Lens ready = lens.get();
        int own = ready.rows().length;
        float[][] more = ready.whitening()
                .of(IntStream.range(own, grown.entries().size())
                        .mapToObj(grown.sketches()::row)
                        .toArray(float[][]::new));
        return new SketchFit(
                ready.whitening().of(sketch), atoms(grown, forbidden, i -> i < own ? ready.rows()[i] : more[i - own]));
    }

    /// The few prompts that name a target best, no two of which say the same.
    public SketchFit.Lack named(Atlas grown, float[] sketch, Predicate<String> forbidden, int count) {
        return apart(grown, sketch, forbidden).lack(count, SAME);
    }

    /// Other sketches in that metric.
    public float[][] whitened(float[][] sketches) {
        return lens.get().whitening().of(sketches);
    }

    private static List<SketchFit.Atom> atoms(Atlas grown, Predicate<String> forbidden, IntFunction<float[]> sketch) {
        List<SketchFit.Atom> atoms = new ArrayList<>();
        for (int i = 0; i < grown.entries().size(); i++) {
            Atlas.Entry entry = grown.entries().get(i);
            if (!forbidden.test(entry.text())) {
                atoms.add(SketchFit.Atom.of(entry, sketch.apply(i)));
            }
        }
        return atoms;
    }

    private Lens madeLens() {
        Whitening whitening = new Whitening(rows());
        return new Lens(whitening, whitening.of(rows()));
    }

    @Override
    public void close() {
        lens.end(ready -> ready.whitening().close());
    }
}
