package assay.tasks.extend;

import java.util.List;

/// A stream of different prompts, none of them in the atlas, that gives the same ones whenever it is read.
public sealed interface Candidates extends AutoCloseable permits CandidateFile, DrawnCandidates {
    /// The next prompts; fewer than `count` only at the end.
    List<Candidate> next(int count);

    /// How far it is.
    Position position();

    /// Goes on at a position an earlier stream over the same was at; texts in front of it are seen again, not run.
    void resume(Position position);

    /// How much there is in all, in the unit of [#done()].
    long total();

    /// How much has been taken.
    long done();

    @Override
    void close();
}
