package assay.lab.claims;

import assay.base.sparse.Interval;

/// One way to say what a behaviour is, tried on all of a study's readings: who predicts the logits, who
/// names the behaviour, at what cost. Compared only; no claim is judged by it.
///
/// @param name what it is
/// @param targets how many it was tried on
/// @param closed of the KL on foreign test contexts, the mean over targets with an interval over them;
/// not measured of what predicts no logits
/// @param right share of targets that a blind reader told from its texts alone; not measured of what
/// has none
/// @param seconds for one target, the median
public record RivalEvidence(String name, int targets, Interval closed, Interval right, double seconds) {}
