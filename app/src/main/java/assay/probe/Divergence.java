package assay.probe;

import assay.behaviour.Context;
import assay.tensor.TensorScope;
import assay.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Exact divergences between behaviours, from their final hidden states: full vocabulary, float32, summed in
/// double.
public final class Divergence {
    private static final int PLACES_PER_CHUNK = 128;

    private Divergence() {}

    /// KL(target ‖ model) at every place, nats.
    ///
    /// @param target hidden states of the target `[place hidden]`
    /// @param model hidden states of what stands in for it `[place hidden]`
    /// @param unembedding W `[vocab hidden]`
    public static double[] kl(Tensor target, Tensor model, Tensor unembedding) {
        return kl(target, List.of(model), unembedding).getFirst();
    }

    /// KL(target ‖ model) at every place for several models, nats; the target's distribution is computed
    /// once per chunk.
    public static List<double[]> kl(Tensor target, List<Tensor> models, Tensor unembedding) {
        int places = Math.toIntExact(target.size(0));
        List<double[]> divergences = new ArrayList<>();
        models.forEach(_ -> divergences.add(new double[places]));
        for (int start = 0; start < places; start += PLACES_PER_CHUNK) {
            int count = Math.min(PLACES_PER_CHUNK, places - start);
            try (TensorScope _ = new TensorScope()) {
                Tensor logTarget = logProbabilities(target.narrow(0, start, count), unembedding);
                Tensor share = logTarget.exp();
                for (int i = 0; i < models.size(); i++) {
                    Tensor logModel = logProbabilities(models.get(i).narrow(0, start, count), unembedding);
                    float[] values =
                            Torch.toFloats(share.mul(logTarget.sub(logModel)).sum(1));
                    for (int place = 0; place < count; place++) {
                        divergences.get(i)[start + place] = values[place];
                    }
                }
            }
        }
        return divergences;
    }

    /// Log-probabilities `[place vocab]` float32 of hidden states `[place hidden]`.
    static Tensor logProbabilities(Tensor hidden, Tensor unembedding) {
        return torch.log_softmax(torch.linear(hidden.to(torch.ScalarType.Float), unembedding), -1);
    }

    /// Sums a value per place over each context's places.
    ///
    /// @return one sum per context, in order
    public static double[] perTurn(double[] perPlace, List<Context> contexts) {
        double[] sums = new double[contexts.size()];
        int at = 0;
        for (int i = 0; i < sums.length; i++) {
            for (int place = 0; place < contexts.get(i).places(); place++) {
                sums[i] += perPlace[at++];
            }
        }
        return sums;
    }
}
