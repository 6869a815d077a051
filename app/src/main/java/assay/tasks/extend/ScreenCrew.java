package assay.tasks.extend;

import java.util.List;

/// Who looks at candidates: this process, or many machines. A batch says the same wherever it is
/// looked at.
public interface ScreenCrew extends AutoCloseable {
    /// How many batches are looked at at once.
    int width();

    /// Looks at batches.
    ///
    /// @param least novelty that is of interest
    /// @return of each batch, in order, those of at least that novelty, in order
    List<List<Shortlist.Kept>> look(List<List<Candidate>> batches, double least);

    @Override
    void close();
}
