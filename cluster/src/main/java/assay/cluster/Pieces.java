package assay.cluster;

import assay.ResourceException;
import assay.base.run.Job;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.ObjIntConsumer;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/// Hands pieces to machines, each as a job of its own: one that fails, after Spark has tried it
/// several times on whatever machines are left, fails alone. Only pieces and what comes of them
/// travel.
///
/// @param cores of one piece
/// @param job may stop it
record Pieces(JavaSparkContext spark, int cores, Job job) {
    private static final int AHEAD = 3;
    private static final long LOOK_MILLIS = 5;
    private static final long JOIN_MILLIS = 200;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /// Pieces that machines do at once, as many as are there now.
    int width() {
        return Math.max(1, spark.defaultParallelism() / cores);
    }

    /// Executors that are there now.
    int executors() {
        return spark.isLocal() ? 1 : spark.sc().getExecutorMemoryStatus().size() - 1;
    }

    /// Waits until somebody can take a piece: on some clusters, minutes.
    void awaitExecutor() {
        long start = System.nanoTime();
        boolean told = false;
        while (executors() == 0) {
            requireRunning();
            job.check();
            if (!told && System.nanoTime() - start > PATIENCE_NANOS) {
                job.note(
                        "cluster: no executor has come yet. Has a worker the cores and the memory free that one asks for"
                                + " (--executor-cores, --executor-memory)? The master's page says. Waiting.");
                told = true;
            }
            pause(JOIN_MILLIS);
        }
    }

    /// A cluster may end a run by itself, for example when no executor can be started.
    private void requireRunning() {
        if (spark.sc().isStopped()) {
            throw new ResourceException(
                    "cluster: expected it to stay, found that it ended this run. Its master and workers say"
                            + " why in their logs. What was done is kept; the same command goes on from there.");
        }
    }

    /// A piece under way.
    private record UnderWay<R>(int index, JavaFutureAction<List<R>> action) {}

    /// Does all pieces.
    ///
    /// @param done hears of each with its place in the list, on this thread, as they come
    /// @param failed hears of each that failed for good, with Spark's reason
    <P extends Serializable, R> void run(
            List<P> pieces, Function<P, R> work, ObjIntConsumer<R> done, BiConsumer<Integer, String> failed) {
        Deque<Integer> left = new ArrayDeque<>();
        for (int i = 0; i < pieces.size(); i++) {
            left.add(i);
        }
        List<UnderWay<R>> underWay = new ArrayList<>();
        try {
            while (!left.isEmpty() || !underWay.isEmpty()) {
                requireRunning();
                while (!left.isEmpty() && underWay.size() < AHEAD * width()) {
                    int index = left.remove();
                    underWay.add(new UnderWay<>(
                            index,
                            spark.parallelize(List.of(pieces.get(index)), 1)
                                    .map(work)
                                    .collectAsync()));
                }
                if (!gathered(underWay, done, failed)) {
                    pause(LOOK_MILLIS);
                }
                job.check();
            }
        } finally {
            underWay.forEach(one -> one.action().cancel(true));
        }
    }

    /// Takes what has ended.
    ///
    /// @return whether anything had
    private <R> boolean gathered(
            List<UnderWay<R>> underWay, ObjIntConsumer<R> done, BiConsumer<Integer, String> failed) {
        boolean any = false;
        for (Iterator<UnderWay<R>> each = underWay.iterator(); each.hasNext(); ) {
            UnderWay<R> one = each.next();
            if (!one.action().isDone()) {
                continue;
            }
            each.remove();
            any = true;
            try {
                done.accept(one.action().get().getFirst(), one.index());
            } catch (ExecutionException | CancellationException failure) {
                requireRunning();
                failed.accept(one.index(), reason(failure));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopped);
            }
        }
        return any;
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /// The first line of the innermost reason that says something.
    private static String reason(Exception failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        String message = String.valueOf(inner.getMessage());
        return message.lines().findFirst().orElse("a failure");
    }
}
