package assay.tasks.extend;

/// A prompt to look at.
///
/// @param source where it came from: `file`, `grammar:<category>` or `sampled`
/// @param tokens its token ids, at least one
public record Candidate(String text, String source, int[] tokens) {}
