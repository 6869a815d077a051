package assay.lab.bench;

/// Seconds that work takes.
public final class Stopwatch {
    private Stopwatch() {}

    /// Seconds of one go.
    public static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
