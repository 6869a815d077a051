package assay.base.tensor;

import assay.base.vector.VectorModule;
import assay.base.vector.Vectors;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Steps of a transformer block on many rows of numbers, each in one pass over memory and on the calling thread.
///
/// What libtorch does number by number it does in a pass for every operation, and widening bfloat16 is one: a
/// third of a block's time is spent in matrix products, the rest in some forty such passes. These compute in float32
/// whatever the rows are in, and record no gradients: ask [#applies] first. Tensors made belong to the caller's scope.
public final class Fused {
    private Fused() {}

    /// Whether these may be used here and now: no gradients are recorded, the JDK's vector instructions are there, and
    /// the numbers are in the CPU's memory.
    ///
    /// @param numbers some of those they are to be used on
    public static boolean applies(Tensor numbers) {
        return VectorModule.isThere() && !GradMode.is_enabled() && numbers.is_cpu();
    }

    /// Rows divided by their root mean square (arXiv 1910.07467) and multiplied with a weight.
    ///
    /// @param x `[row n]` float32
    /// @param weight `[n]`
    /// @return `[row n]` in `type`
    public static Tensor normed(Tensor x, Tensor weight, double epsilon, torch.ScalarType type) {
        Rows from = Rows.of(x);
        int n = from.width();
        Rows to = Rows.like(x, type);
        float[] factors = Rows.of(weight).whole();
        float[] row = Vectors.row(n);
        for (long i = 0; i < from.count(); i++) {
            from.read(i, row);
            double mean = Vectors.product(row, row, n) / (double) n;
            Vectors.scale(row, (float) (1 / Math.sqrt(mean + epsilon)), factors);
            to.write(i, row);
        }
        return to.tensor();
    }

    /// Most rows for which [#product] is faster than libtorch, which brings the weights into another order first.
    private static final int FEW = 3;

    /// Whether [#product] is faster than libtorch, and may be used here and now.
    public static boolean isForFew(Tensor x) {
        return x.size(0) <= FEW && x.dim() == 2 && applies(x);
    }

    /// Weight rows that stay in the core's cache while all rows of `x` are multiplied with them.
    private static final int TILE = 64;

    /// Products that are made before another core has been told of them.
    private static final int ALONE = 400_000;

    /// Parts of a loop on several cores.
    private static final int PARTS = 8;

    /// `x·Wᵀ` of few rows: what reading the weights once takes.
    ///
    /// @param x `[row in]`
    /// @param weight `[out in]`, in whatever format
    /// @return `[row out]` in the format of `x`
    public static Tensor product(Tensor x, Tensor weight) {
        Rows from = Rows.of(x);
        Rows weights = Rows.of(weight);
        int rows = Math.toIntExact(from.count());
        int out = Math.toIntExact(weights.count());
        float[][][] asked = new float[rows][][];
        for (int i = 0; i < rows; i++) {
            asked[i] = weights.asked(from, i);
        }
        float[][] products = new float[rows][out];
        int tiles = (out + TILE - 1) / TILE;
        boolean isWorthTelling = (long) out * from.width() > ALONE;
        int parts = isWorthTelling ? Math.min(tiles, PARTS) : 1;
        SideBySide.parts(parts, part -> {
            for (int tile = part * tiles / parts; tile < (part + 1) * tiles / parts; tile++) {
                int first = tile * TILE;
                for (int i = 0; i < rows; i++) {
                    weights.products(first, Math.min(TILE, out - first), asked[i], products[i], first);
                }
            }
        });
        Rows to = Rows.room(x.scalar_type(), rows, out);
        for (int i = 0; i < rows; i++) {
            to.write(i, products[i]);
        }
        return to.tensor();
    }

    /// Adds what a layer found to the residual stream, in place.
    ///
    /// @param x `[row n]` float32, without gaps
    /// @param found `[row n]`
    public static Tensor add(Tensor x, Tensor found) {
        return inPlace(x, found, Vectors::add);
    }

    /// `silu(gate) · up` (arXiv 2002.05202), in place of `gate`.
    ///
    /// @param gate `[row n]`
    /// @param up `[row n]`
    public static Tensor swish(Tensor gate, Tensor up) {
        return inPlace(gate, up, Vectors::swish);
    }

    /// @param step changes a row of the first by that of the second
    private static Tensor inPlace(Tensor first, Tensor second, BiConsumer<float[], float[]> step) {
        Rows to = Rows.of(first);
        Rows from = Rows.of(second);
        float[] row = Vectors.row(to.width());
        float[] other = Vectors.row(to.width());
        for (long i = 0; i < to.count(); i++) {
            to.read(i, row);
            from.read(i, other);
            step.accept(row, other);
            to.write(i, row);
        }
        return to.tensor();
    }

    /// What heads are turned by.
    ///
    /// @param cosine of each place, `[place … half]`
    /// @param sine likewise
    public record Turn(Tensor cosine, Tensor sine) {}

    /// Heads of packed places put into a padded block, a head's places side by side.
    ///
    /// @param packed `[place head·n]`
    /// @param heads how many
    /// @param batch rows of the block
    /// @param places for each cell of the block, row by row, the place in it
    /// @return `[batch head column n]`
    public static Tensor byHead(Tensor packed, int heads, int batch, long[] places) {
        Rows from = Rows.of(packed);
        int n = from.width() / heads;
        int width = places.length / batch;
        Rows to = block(packed, heads, batch, width);
        float[] row = Vectors.row(from.width());
        for (int cell = 0; cell < places.length; cell++) {
            from.read(places[cell], row);
            scatter(row, to, heads, n, cell, width);
        }
        return to.tensor();
    }

    /// The same, every head turned by its place's angles (arXiv 2104.09864) and multiplied with `factor`.
    ///
    /// @param turn of every place; what lies beyond the turned pairs of a head is only multiplied
    public static Tensor turnedByHead(Tensor packed, int heads, int batch, long[] places, Turn turn, double factor) {
        Rows from = Rows.of(packed);
        Rows cosines = Rows.of(turn.cosine());
        Rows sines = Rows.of(turn.sine());
        int n = from.width() / heads;
        int half = cosines.width();
        int width = places.length / batch;
        Rows to = block(packed, heads, batch, width);
        float[] row = Vectors.row(from.width());
        float[] cosine = Vectors.row(half);
        float[] sine = Vectors.row(half);
        for (int cell = 0; cell < places.length; cell++) {
            from.read(places[cell], row);
            cosines.read(places[cell], cosine);
            sines.read(places[cell], sine);
            for (int head = 0; head < heads; head++) {
                Vectors.turn(row, head * n, cosine, sine, half, (float) factor);
                for (int i = head * n + 2 * half; i < (head + 1) * n; i++) {
                    row[i] *= (float) factor;
                }
            }
            scatter(row, to, heads, n, cell, width);
        }
        return to.tensor();
    }

    private static Rows block(Tensor like, int heads, int batch, int width) {
        long n = like.size(1) / heads;
        return Rows.room(like.scalar_type(), batch, heads, width, n);
    }

    private static void scatter(float[] row, Rows to, int heads, int n, int cell, int width) {
        long first = (long) (cell / width) * heads * width + cell % width;
        for (int head = 0; head < heads; head++) {
            to.write(first + (long) head * width, row, head * n);
        }
    }

    /// Back from [#byHead]: every place's heads side by side.
    ///
    /// @param block `[batch head column n]`
    /// @param cells for each place its cell in the block, counted row by row
    /// @return `[place head·n]`
    public static Tensor packed(Tensor block, long[] cells) {
        Rows from = Rows.of(block);
        int heads = Math.toIntExact(block.size(1));
        long width = block.size(2);
        int n = from.width();
        Rows to = Rows.room(block.scalar_type(), cells.length, (long) heads * n);
        float[] piece = Vectors.row(n);
        float[] row = Vectors.row(heads * n);
        for (int place = 0; place < cells.length; place++) {
            long first = cells[place] / width * heads * width + cells[place] % width;
            for (int head = 0; head < heads; head++) {
                from.read(first + head * width, piece);
                System.arraycopy(piece, 0, row, head * n, n);
            }
            to.write(place, row);
        }
        return to.tensor();
    }

    /// Shares of attention, over keys that stand in two tensors.
    ///
    /// @param front `[batch·keyValueHead group·column key]`, the keys all rows share; nothing if there are none
    /// @param own `[batch·keyValueHead group·column key]`, the keys behind them
    public record Shares(Optional<Tensor> front, Tensor own) {}

    /// The softmax over the keys each query sees, in place of the scores.
    ///
    /// @param scores as products of queries and keys left them
    /// @param mask `[batch or 1, 1, column, key]` float32 over all keys: 0 where a query sees a key, −∞ where not
    /// @param rowsPerBatch queries of all heads and columns of a row of the batch
    public static Shares softmax(Shares scores, Tensor mask, long rowsPerBatch) {
        Rows own = Rows.of(scores.own());
        Optional<Rows> front = scores.front().map(Rows::of);
        Rows masks = Rows.of(mask);
        int shared = front.map(Rows::width).orElse(0);
        int keys = shared + own.width();
        int columns = Math.toIntExact(mask.size(2));
        float[] row = Vectors.row(keys);
        float[] piece = Vectors.row(own.width());
        float[] hidden = Vectors.row(keys);
        for (long i = 0; i < own.count(); i++) {
            long sees = (mask.size(0) == 1 ? 0 : i / rowsPerBatch * columns) + i % columns;
            masks.read(sees, hidden);
            if (front.isPresent()) {
                front.get().read(i, row);
                own.read(i, piece);
                System.arraycopy(piece, 0, row, shared, own.width());
            } else {
                own.read(i, row);
            }
            Vectors.add(row, hidden);
            Vectors.softmax(row, keys);
            if (front.isPresent()) {
                front.get().write(i, row, 0);
                own.write(i, row, shared);
            } else {
                own.write(i, row);
            }
        }
        return new Shares(front.map(Rows::tensor), own.tensor());
    }

    /// What one query of each head and row finds, in one reading of the keys and one of the values, which may have
    /// gaps between them.
    ///
    /// @param queries `[batch head 1 n]`, scaled
    /// @param keys `[batch keyValueHead position n]`
    /// @param values likewise
    /// @param mask `[batch or 1, 1, 1, key]` float32: 0 where a query sees a key, −∞ where not
    /// @return `[batch head 1 n]`
    public static Tensor found(Tensor queries, Tensor keys, Tensor values, Tensor mask) {
        Rows asking = Rows.of(queries);
        Rows masks = Rows.of(mask);
        Heads from = Heads.of(keys);
        Heads of = Heads.of(values);
        int heads = Math.toIntExact(keys.size(1));
        int group = Math.toIntExact(queries.size(1)) / heads;
        int seen = masks.width();
        Rows to = Rows.like(asking.tensor(), queries.scalar_type());
        int pieces = Math.toIntExact(keys.size(0)) * heads;
        int parts = (long) pieces * group * seen * from.width() > ALONE ? Math.min(pieces, PARTS) : 1;
        SideBySide.parts(parts, part -> {
            for (int piece = part * pieces / parts; piece < (part + 1) * pieces / parts; piece++) {
                float[] hidden = Vectors.row(seen);
                masks.read(masks.count() == 1 ? 0 : piece / heads, hidden);
                from.found(of, piece, asking, group, hidden, seen, to);
            }
        });
        return to.tensor();
    }
}
