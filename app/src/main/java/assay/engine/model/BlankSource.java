package assay.engine.model;

import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.family.WeightSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Weights as they are before training: matrices drawn from a Gaussian with the spread of the trained ones, norms of
/// ones, biases of zeros.
///
/// @param trained where shapes and spreads come from
/// @param seed of the draws; every tensor has a stream of its own
record BlankSource(WeightSource trained, long seed) implements WeightSource {
    @Override
    public Map<String, List<Long>> shapes() {
        return trained.shapes();
    }

    @Override
    public Tensor read(String name, Dtype dtype) {
        try (TensorScope scope = new TensorScope()) {
            Tensor known = trained.read(name, dtype).to(torch.ScalarType.Float);
            if (known.dim() < 2) {
                Tensor blank = name.endsWith(".bias") ? torch.zeros_like(known) : torch.ones_like(known);
                return scope.keep(blank.to(dtype.scalarType()));
            }
            int size = Math.toIntExact(known.numel());
            SplittableRandom random = new SplittableRandom(seed * 1_000_003L + name.hashCode());
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.nextGaussian();
            }
            double spread = known.std().item_double();
            Tensor drawn = Torch.floats(values, size).view(known.sizes()).mul(new Scalar(spread));
            return scope.keep(drawn.to(dtype.scalarType()));
        }
    }

    /// Weights of a shape that no file has, to measure with: matrices drawn so that what goes through them keeps its
    /// length, norms of ones.
    record OfShapes(Map<String, List<Long>> shapes, long seed) implements WeightSource {
        @Override
        public Tensor read(String name, Dtype dtype) {
            long[] shape = shapes.getOrDefault(name, List.of()).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            if (shape.length < 2) {
                Arrays.fill(values, 1);
            } else {
                SplittableRandom random = new SplittableRandom(seed * 1_000_003L + name.hashCode());
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (random.nextGaussian() / Math.sqrt((double) shape[1]));
                }
            }
            try (TensorScope scope = new TensorScope()) {
                return scope.keep(Torch.floats(values, shape).to(dtype.scalarType()));
            }
        }
    }
}
