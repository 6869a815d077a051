package assay.measure.judge;

/// How a target was run, so that a wrong template or base is seen at a glance, and that two reports can be told to be
/// about the same.
///
/// @param targetSha256 of the target: an adapter's does not depend on how its matrices are factored; a text's own
/// @param templateSha256 of the chat template
/// @param basePrompt what stood in the prompt's place of the base
/// @param thinking what became of thinking
/// @param dtype the number format the blocks were computed in, and where mixtures were made if logits are capped
/// @param firstContext what the target read in front of its first answer, special tokens as they are written
public record Setup(
        String targetSha256,
        String templateSha256,
        String basePrompt,
        String thinking,
        String dtype,
        String firstContext) {}
