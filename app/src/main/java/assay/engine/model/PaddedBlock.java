package assay.engine.model;

import assay.base.tensor.Torch;
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
/// @param full whether every cell is used, in order
record PaddedBlock(int batch, int width, Tensor cells, Tensor places, boolean full) {
    /// Puts the places of each row side by side at the left.
    static PaddedBlock of(int batch, Positions positions) {
        int width = positions.widthPerRow();
        long[] cells = positions.slots();
        long[] places = new long[Math.multiplyExact(batch, width)];
        for (int place = 0; place < cells.length; place++) {
            places[Math.toIntExact(cells[place])] = place;
        }
        return new PaddedBlock(
                batch,
                width,
                Torch.longs(cells, cells.length),
                Torch.longs(places, places.length),
                cells.length == places.length);
    }

    /// `[place n]` → `[batch column n]`.
    Tensor spread(Tensor packed) {
        Tensor block = full ? packed : packed.index_select(0, places);
        return block.view(batch, width, packed.size(1));
    }

    /// `[batch column n]` → `[place n]`.
    Tensor gather(Tensor block) {
        Tensor rows = block.reshape((long) batch * width, block.size(2));
        return full ? rows : rows.index_select(0, cells);
    }
}
