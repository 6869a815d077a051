package assay.engine.model;

import assay.base.tensor.Device;
import assay.base.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Feed-forward layers of which a router chooses a few for every place: what they say is added up with the router's
/// shares. An expert runs on the places that chose it, and not at all without any.
///
/// @param router one output for each expert
/// @param experts all of them
/// @param used how many a place gets
/// @param isNormed whether their shares are made to sum to one
record Experts(Linear router, List<Block.FeedForward> experts, int used, boolean isNormed) implements Block.PerPlace {
    @Override
    public Tensor apply(Tensor x, Overlay overlay) {
        Tensor asked = router.apply(x, overlay).to(torch.ScalarType.Float);
        T_TensorTensor_T top = torch.softmax(asked, -1).topk(used);
        Tensor shares = top.get0();
        if (isNormed) {
            shares = shares.div(shares.sum(new long[] {-1}, true, new ScalarTypeOptional()));
        }
        Tensor flat = shares.to(x.scalar_type()).reshape(-1, 1);
        long[] chosen = Torch.toLongs(top.get1());
        Tensor sum = torch.zeros_like(x);
        for (int expert = 0; expert < experts.size(); expert++) {
            long[] cells = cells(chosen, expert);
            if (cells.length == 0) {
                continue;
            }
            long[] rows = Arrays.stream(cells).map(cell -> cell / used).toArray();
            Tensor at = Device.longs(x, rows, rows.length);
            Tensor found = experts.get(expert).apply(x.index_select(0, at), over(rows, overlay));
            Tensor share = flat.index_select(0, Device.longs(x, cells, cells.length));
            sum = sum.index_add(0, at, found.mul(share));
        }
        return sum;
    }

    /// Where an expert was chosen, counted over places and ranks.
    private static long[] cells(long[] chosen, int expert) {
        long[] cells = new long[chosen.length];
        int count = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] == expert) {
                cells[count++] = i;
            }
        }
        return Arrays.copyOf(cells, count);
    }

    /// What is laid over the first places only is laid over those of them that are here.
    private static Overlay over(long[] rows, Overlay overlay) {
        if (overlay.places() == Overlay.EVERYWHERE) {
            return overlay;
        }
        int first =
                (int) Arrays.stream(rows).filter(row -> row < overlay.places()).count();
        return first == 0 ? Overlay.NONE : overlay.onFirst(first);
    }
}
