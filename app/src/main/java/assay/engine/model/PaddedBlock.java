package assay.engine.model;

import assay.base.tensor.Device;
import assay.base.tensor.Fused;
import assay.engine.family.Rope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// How places that are packed one after another sit in the padded block `[batch column]` that attention
/// needs.
///
/// Everything but attention works on the packed places, so padding costs nothing there.
///
/// @param batch rows of the block
/// @param width columns of the block
/// @param cells for each place its cell, counted along the rows of the block
/// @param places for each cell the place in it; an unused cell repeats place 0 and must be masked or ignored
record PaddedBlock(int batch, int width, long[] cells, long[] places) {
    /// Puts the places of each row side by side at the left.
    static PaddedBlock of(int batch, Positions positions) {
        int width = positions.widthPerRow();
        long[] cells = positions.slots();
        long[] places = new long[Math.multiplyExact(batch, width)];
        for (int place = 0; place < cells.length; place++) {
            places[Math.toIntExact(cells[place])] = place;
        }
        return new PaddedBlock(batch, width, cells, places);
    }

    /// Whether every cell is used, in order.
    boolean isFull() {
        return cells.length == places.length;
    }

    /// `[place n]` → `[batch column n]`.
    Tensor spread(Tensor packed) {
        Tensor block = isFull() ? packed : packed.index_select(0, Device.longs(packed, places, places.length));
        return block.view(batch, width, packed.size(1));
    }

    /// `[batch column n]` → `[place n]`.
    Tensor gather(Tensor block) {
        Tensor rows = block.reshape((long) batch * width, block.size(2));
        return isFull() ? rows : rows.index_select(0, Device.longs(rows, cells, cells.length));
    }

    /// `[place head·n]` → `[batch head column n]`.
    Tensor byHead(Tensor packed, int heads) {
        if (Fused.applies(packed)) {
            return Fused.byHead(packed, heads, batch, places);
        }
        return heads(spread(packed), heads);
    }

    /// The same, every head turned by its place's angles and multiplied with `factor`.
    Tensor turnedByHead(Tensor packed, int heads, Rope.Angles angles, double factor) {
        if (Fused.applies(packed)) {
            return Fused.turnedByHead(packed, heads, batch, places, angles.turn(), factor);
        }
        Tensor turned = angles.rotate(packed, Math.toIntExact(packed.size(1) / heads));
        return heads(spread(factor == 1 ? turned : turned.mul_(new Scalar(factor))), heads);
    }

    private static Tensor heads(Tensor block, int heads) {
        return block.view(block.size(0), block.size(1), heads, block.size(2) / heads)
                .transpose(1, 2);
    }

    /// `[batch head column n]` → `[place head·n]`.
    Tensor packed(Tensor byHead) {
        if (Fused.applies(byHead)) {
            return Fused.packed(byHead, cells);
        }
        return gather(byHead.transpose(1, 2).reshape(batch, width, byHead.size(1) * byHead.size(3)));
    }
}
