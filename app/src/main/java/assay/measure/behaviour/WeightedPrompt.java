package assay.measure.behaviour;

/// A prompt as it is written, with its weight.
///
/// @param prompt its text
/// @param weight free in sign: below 0 it is moved away from
public record WeightedPrompt(String prompt, double weight) {}
