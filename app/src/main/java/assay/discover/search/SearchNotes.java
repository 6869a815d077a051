package assay.discover.search;

import assay.base.run.Job;
import assay.discover.predict.SketchFit;
import java.util.Comparator;
import java.util.List;

/// Tells of a search as it goes, and lets it be interrupted after every prompt.
record SearchNotes(Job job) implements PromptSearch.Listener {
    /// Tells where the search begins.
    static SearchNotes begin(SketchFit start, Job job) {
        job.tell(
                "searching prompts beyond the dictionary; %.0f %% of the target's sketch explained by one prompt, %.0f %% by five",
                100 * start.lack(1).explained(), 100 * start.lack(5).explained());
        return new SearchNotes(job);
    }

    @Override
    public void round(List<PromptSearch.Found> found, SketchFit standing, int screened) {
        job.check();
        PromptSearch.Found best = found.stream()
                .max(Comparator.comparingDouble(PromptSearch.Found::gain))
                .orElseThrow();
        job.tell(
                "  %d looked at, %.0f %% by one, %.0f %% by five; %s: %s",
                screened,
                100 * standing.lack(1).explained(),
                100 * standing.lack(5).explained(),
                best.atom().source().replace("search:", ""),
                best.atom().text());
    }

    @Override
    public void ran() {
        job.check();
    }
}
