package assay.base.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Runs independent pieces of torch work on several platform threads, each with its share of the cores
/// inside its operations. On two cores this does a quarter more than one piece at a time with both cores in
/// it: no thread waits at the end of an operation for the slower one.
///
/// How many threads an operation has changes the last digits of a sum. A piece's share therefore depends on the machine
/// and on the kind of work alone, never on how many pieces are left: a run that was stopped ends as one that was not.
public final class SideBySide {
    /// More workers than this gain little and cost memory.
    private static final int MOST_WORKERS = 4;

    private SideBySide() {}

    /// A thread with its share of the cores.
    private static final class Worker extends Thread {
        private final int threads;
        private final int cores;

        /// @param threads inside its operations
        /// @param cores that no other worker needs
        Worker(int number, int threads, int cores, Runnable work) {
            super(work, "side-by-side-" + number);
            this.threads = threads;
            this.cores = cores;
        }
    }

    /// Runs all pieces and returns when the last has ended; the first failure stops what has not begun and
    /// is thrown.
    ///
    /// Each piece opens its own [TensorScope]; what it leaves behind must hold a reference of its own.
    public static void run(List<Runnable> pieces) {
        run(pieces, threadsHere() / threadsOfSmallPieces(), threadsOfSmallPieces());
    }

    /// What a function makes of each thing, in order, worked out side by side as above.
    public static <T, R> List<R> map(List<T> things, Function<T, R> function) {
        AtomicReferenceArray<R> made = new AtomicReferenceArray<>(things.size());
        run(IntStream.range(0, things.size())
                .<Runnable>mapToObj(i -> () -> made.set(i, function.apply(things.get(i))))
                .toList());
        return IntStream.range(0, things.size()).mapToObj(made::get).toList();
    }

    /// Does parts of a loop in Java, on all cores that no other piece needs. What a part does must not depend on the
    /// others, nor use libtorch.
    public static void parts(int count, IntConsumer part) {
        IntStream all = IntStream.range(0, count);
        (count > 1 && coresHere() > 1 ? all.parallel() : all).forEach(part);
    }

    /// Tensors a function makes of each thing, in order, worked out side by side without gradients; they belong to the
    /// caller's scope.
    public static <T> List<Tensor> tensors(List<T> things, Function<T, Tensor> function) {
        List<Tensor> made = map(things, thing -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                Tensor tensor = function.apply(thing);
                tensor.retainReference();
                return tensor;
            }
        });
        try (TensorScope scope = new TensorScope()) {
            made.forEach(tensor -> scope.keep(tensor).releaseReference());
        }
        return made;
    }

    /// The same, with few pieces at a time: for large ones that need much memory and may have pieces of their own.
    ///
    /// @param most at once
    public static void run(List<Runnable> pieces, int most) {
        int threads = Math.max(threadsOfSmallPieces(), threadsHere() / most);
        run(pieces, threadsHere() / threads, threads);
    }

    /// One piece with the share that any of many small ones would have: for what several threads may be the first to
    /// want, and all must find the same.
    public static <T> T one(Supplier<T> piece) {
        return map(List.of(piece), Supplier::get).getFirst();
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static int threadsOfSmallPieces() {
        return Math.max(1, cores() / MOST_WORKERS);
    }

    /// The share of the thread that asks: all cores, or a worker's.
    private static int threadsHere() {
        return Thread.currentThread() instanceof Worker worker ? worker.threads : cores();
    }

    private static int coresHere() {
        return Thread.currentThread() instanceof Worker worker ? worker.cores : cores();
    }

    private static void run(List<Runnable> pieces, int atOnce, int threads) {
        Torch.start();
        if (pieces.isEmpty() || threads == threadsHere()) {
            pieces.forEach(Runnable::run);
            return;
        }
        boolean isOutermost = !(Thread.currentThread() instanceof Worker);
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> workers = new ArrayList<>();
        if (isOutermost) {
            blasThreads(1);
        }
        try {
            int started = Math.min(atOnce, pieces.size());
            int spare = Math.max(threads, coresHere() / started);
            for (int i = 0; i < started; i++) {
                Thread worker = new Worker(i, threads, spare, () -> {
                    torch.set_num_threads(threads);
                    work(pieces, next, failure);
                });
                worker.start();
                workers.add(worker);
            }
            workers.forEach(SideBySide::join);
        } finally {
            torch.set_num_threads(threadsHere());
            if (isOutermost) {
                blasThreads(cores());
            }
        }
        rethrow(failure.get());
    }

    /// The call looks a symbol up, which leaves pointers behind.
    private static void blasThreads(int count) {
        try (PointerScope _ = new PointerScope()) {
            openblas.blas_set_num_threads(count);
        }
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
