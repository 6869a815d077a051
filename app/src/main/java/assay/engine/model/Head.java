package assay.engine.model;

import assay.base.tensor.Device;
import assay.base.tensor.Dtype;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Unembedding;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// From final hidden states to logits and to the likeliest tokens.
///
/// @param exact W as exact as it is known
/// @param rough W in the format of the blocks
/// @param dtype that format
record Head(Unembedding exact, Tensor rough, Dtype dtype) {
    /// Tokens looked at beyond those asked for: bfloat16 misjudges a logit by a tenth at most.
    private static final int SHORTLIST = 64;

    /// Logits in front of the cap, as [LanguageModel#products].
    Tensor products(Tensor hidden, Overlay overlay) {
        try (TensorScope scope = new TensorScope()) {
            @Nullable Tensor replaced = overlay.replaced().get("lm_head.weight");
            Tensor wide = hidden.to(torch.ScalarType.Float);
            Tensor logits =
                    replaced == null ? exact.products(wide) : torch.linear(wide, replaced.to(torch.ScalarType.Float));
            @Nullable Tensor gain = overlay.gains().get("lm_head");
            logits = gain == null ? logits : logits.mul(gain);
            Overlay.LowRank delta = overlay.linear().get("lm_head");
            if (delta != null) {
                Tensor low = torch.linear(wide, delta.a().to(torch.ScalarType.Float));
                Tensor high = torch.linear(low, delta.b().to(torch.ScalarType.Float));
                logits = logits.add(high.mul(new Scalar(delta.scale())));
            }
            return scope.keep(logits);
        }
    }

    /// As [LanguageModel#likeliest].
    LanguageModel.Likeliest likeliest(Tensor hidden, Overlay overlay, int count, double temperature) {
        try (TensorScope scope = new TensorScope()) {
            int most = (int) Math.min(count, exact.tokens());
            boolean isExact =
                    dtype == Dtype.FLOAT32 || most + SHORTLIST >= exact.tokens() || overlay.changesUnembedding();
            LanguageModel.Likeliest best = isExact
                    ? of(products(hidden, overlay), most, temperature)
                    : shortlisted(hidden.to(torch.ScalarType.Float), most, new Scalar(temperature));
            return new LanguageModel.Likeliest(scope.keep(best.shares()), scope.keep(best.tokens()));
        }
    }

    /// As [LanguageModel#likeliestOf].
    LanguageModel.Likeliest of(Tensor products, int count, double temperature) {
        try (TensorScope scope = new TensorScope()) {
            int most = (int) Math.min(count, products.size(1));
            Tensor logits = exact.capped(products);
            LanguageModel.Likeliest best = largest(torch.softmax(logits.div_(new Scalar(temperature)), -1), most);
            return new LanguageModel.Likeliest(scope.keep(best.shares()), scope.keep(best.tokens()));
        }
    }

    private LanguageModel.Likeliest shortlisted(Tensor hidden, int count, Scalar divisor) {
        Tensor asking = Device.beside(rough, hidden.to(dtype.scalarType()));
        Tensor all = exact.capped(Linear.product(asking, rough, null).to(torch.ScalarType.Float));
        Tensor found = all.topk(count + SHORTLIST, -1, true, false).get1();
        Tensor listed = Device.home(found);
        Tensor rows = exact.rows(listed.reshape(-1));
        Tensor logits = exact.capped(rows.view(listed.size(0), listed.size(1), rows.size(1))
                .bmm(hidden.unsqueeze(2))
                .squeeze(2));
        Tensor told = all.scatter_(1, found, Device.beside(rough, logits)).div_(divisor);
        Tensor partition = Device.home(torch.logsumexp(told, new long[] {1}, true));
        LanguageModel.Likeliest best =
                largest(logits.div_(divisor).sub_(partition).exp_(), count);
        return new LanguageModel.Likeliest(best.shares(), listed.gather(1, best.tokens()));
    }

    /// The largest of each row; detached from the pair, which they would otherwise point into.
    private static LanguageModel.Likeliest largest(Tensor shares, int count) {
        T_TensorTensor_T top = shares.topk(count);
        return new LanguageModel.Likeliest(top.get0().detach(), top.get1().detach());
    }
}
