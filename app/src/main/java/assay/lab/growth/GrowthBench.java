package assay.lab.growth;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.lab.bench.Setting;
import assay.lab.bench.Stopwatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Measures how costs grow, one axis after the other; every size has a round that is not counted.
public record GrowthBench(Options options, Job job) {
    /// What is measured.
    ///
    /// @param model as the user wrote it
    /// @param home the program's folder
    /// @param axes by their words, all if empty
    /// @param rounds counted of each size
    /// @param small tiny sizes, to try the plumbing
    public record Options(String model, Path home, List<String> axes, int rounds, boolean small) {}

    /// Words of all axes.
    public static List<String> axes() {
        return Arrays.stream(Axis.values()).map(Axis::word).toList();
    }

    /// Measures.
    ///
    /// @param after hears after every axis of all that is measured, so that it can be kept
    public GrowthRun run(Consumer<GrowthRun> after) {
        Setting setting = new Setting(options.model(), options.home(), options.home(), options.small(), job);
        List<Curve> curves = new ArrayList<>();
        for (Axis axis : Axis.values()) {
            if (options.axes().isEmpty() || options.axes().contains(axis.word())) {
                curves.add(curve(axis, setting));
                after.accept(GrowthRun.of(options.small(), curves, job.seconds()));
            }
        }
        return GrowthRun.of(options.small(), curves, job.seconds());
    }

    private Curve curve(Axis axis, Setting setting) {
        int[] sizes = axis.sizes(options.small());
        List<Curve.Point> points = new ArrayList<>();
        try (Axis.Ready ready = axis.ready(setting);
                Stage stage = job.stage(axis.word(), sizes.length)) {
            for (int size : sizes) {
                job.check();
                points.add(point(size, ready));
                stage.advance(1);
            }
        }
        return new Curve(axis, points);
    }

    private Curve.Point point(int size, Axis.Ready ready) {
        try (Axis.Work work = ready.at().apply(size)) {
            work.run().run();
            PeakMemory.forget();
            double[] seconds = new double[options.rounds()];
            for (int round = 0; round < seconds.length; round++) {
                job.check();
                seconds[round] = Stopwatch.seconds(work.run());
            }
            return new Curve.Point(size, seconds, PeakMemory.bytes());
        }
    }
}
