package assay.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/// Runs independent pieces of torch work on several platform threads, each with its share of the cores
/// inside its
/// operations. On two cores this does a quarter more than one piece at a time with both cores in it: no
/// thread waits at
/// the end of an operation for the slower one.
public final class SideBySide {
    /// More workers than this gain little and cost memory.
    private static final int MOST_WORKERS = 4;

    private SideBySide() {}

    /// A thread with its share of the cores. A piece that has pieces of its own runs them by itself.
    private static final class Worker extends Thread {
        Worker(int number, Runnable work) {
            super(work, "side-by-side-" + number);
        }
    }

    /// Runs all pieces and returns when the last has ended; the first failure stops what has not begun and
    /// is thrown.
    ///
    /// Each piece opens its own [TensorScope]; what it leaves behind must hold a reference of its own.
    public static void run(List<Runnable> pieces) {
        run(pieces, MOST_WORKERS);
    }

    /// The same, with few pieces at a time: for large ones that need much memory.
    ///
    /// @param most at once
    public static void run(List<Runnable> pieces, int most) {
        Torch.start();
        int cores = Runtime.getRuntime().availableProcessors();
        int workers = Math.min(Math.min(cores, Math.min(most, MOST_WORKERS)), pieces.size());
        if (workers < 2 || Thread.currentThread() instanceof Worker) {
            pieces.forEach(Runnable::run);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        openblas.blas_set_num_threads(1);
        try {
            for (int i = 0; i < workers; i++) {
                Thread worker = new Worker(i, () -> {
                    torch.set_num_threads(Math.max(1, cores / workers));
                    work(pieces, next, failure);
                });
                worker.start();
                threads.add(worker);
            }
            threads.forEach(SideBySide::join);
        } finally {
            torch.set_num_threads(cores);
            openblas.blas_set_num_threads(cores);
        }
        rethrow(failure.get());
    }

    private static void work(List<Runnable> pieces, AtomicInteger next, AtomicReference<Throwable> failure) {
        for (int i = next.getAndIncrement(); i < pieces.size() && failure.get() == null; i = next.getAndIncrement()) {
            try {
                pieces.get(i).run();
            } catch (RuntimeException | Error failed) {
                failure.compareAndSet(null, failed);
            }
        }
    }

    /// Waits for a worker whatever happens: it uses memory that the caller is about to free.
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@org.jspecify.annotations.Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }
}
