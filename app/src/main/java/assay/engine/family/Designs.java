package assay.engine.family;

/// How each family's blocks are built, from what its files say.
final class Designs {
    private Designs() {}

    static Design plain(Settings said) {
        return plain(said, said.rope());
    }

    static Design plain(Settings said, Rope rope) {
        return Design.plain(said.heads(), rope).within(said.ropeLimit());
    }

    static Design gemma3(Settings said) {
        said.requireOff("use_bidirectional_attention");
        return gemma(said, 62, 0, 0)
                .with(Design.HeadNorms.EACH)
                .with(new Design.Ropes(said.rope(), said.windowRope(10_000), said.windowed(6)));
    }

    /// What Gemma 2 and 3 share.
    ///
    /// @param large layers of the size that divides queries by another number, which GGUF files do not tell
    /// @param attentionCap where a GGUF file says nothing
    /// @param logitCap likewise
    static Design gemma(Settings said, int large, double attentionCap, double logitCap) {
        double otherwise = said.layers() == large
                ? (double) said.hidden() / said.heads().query()
                : said.heads().dimension();
        double asked = said.number("query_pre_attn_scalar", "attention.query_pre_attn_scalar", otherwise);
        Design.Caps caps = new Design.Caps(
                said.cap("attn_logit_softcapping", attentionCap), said.cap("final_logit_softcapping", logitCap));
        return plain(said)
                .normed(Design.Norms.AROUND, 1)
                .activated(Design.Activation.GELU_TANH)
                .with(new Design.Scales(Math.sqrt(said.hidden()), 1, 1 / Math.sqrt(asked), 1, 1, caps))
                .within(said.window());
    }

    static Design mistral(Settings said) {
        said.requirePlain("llama_4_scaling_beta", "attention.temperature_scale", 0);
        return plain(said).within(said.window());
    }

    static Design smollm3(Settings said) {
        Rope still = new Rope(1, new Rope.Scaling.Still());
        return plain(said)
                .with(new Design.Ropes(said.rope(), still, said.unrotated(4)))
                .within(said.window());
    }

    static Design olmo(Settings said) {
        Rope plain = new Rope(said.rope().theta(), new Rope.Scaling.None());
        boolean hasWindow = said.window().tokens() < Integer.MAX_VALUE;
        return plain(said)
                .normed(Design.Norms.AFTER, 0)
                .with(Design.HeadNorms.WHOLE)
                .with(new Design.Ropes(
                        said.rope(),
                        hasWindow ? said.windowRope(plain.theta()) : plain,
                        hasWindow ? said.windowed(4) : _ -> false))
                .within(said.window());
    }

    static Design gpt2(Settings said) {
        said.requireOff("scale_attn_by_inverse_layer_idx");
        said.requireOff("add_cross_attention");
        double scale = said.flag("scale_attn_weights", "", true)
                ? 1 / Math.sqrt(said.heads().dimension())
                : 1;
        return Design.plain(said.heads(), new Rope(1, new Rope.Scaling.Still()))
                .normed(Design.Norms.GPT2, 0)
                .with(Design.Modules.GPT2)
                .activated(Design.Activation.GELU_TANH)
                .with(new Design.Scales(1, 1, scale, 1, 1, Design.Caps.NONE))
                .with(Design.Ropes.table());
    }

    static Design neox(Settings said) {
        boolean isParallel = said.flag("use_parallel_residual", "use_parallel_residual", true);
        return plain(said, said.partialRope())
                .normed(isParallel ? Design.Norms.NEOX_PARALLEL : Design.Norms.NEOX, 0)
                .with(Design.Modules.NEOX)
                .activated(Design.Activation.GELU);
    }

    static Design granite(Settings said) {
        return plain(said)
                .with(new Design.Scales(
                        1,
                        said.number("embedding_multiplier", "embedding_scale", 1),
                        said.number("attention_multiplier", "attention.scale", 1),
                        said.number("residual_multiplier", "residual_scale", 1),
                        1 / said.number("logits_scaling", "logit_scale", 1),
                        Design.Caps.NONE));
    }
}
