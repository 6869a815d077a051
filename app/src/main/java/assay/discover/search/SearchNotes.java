package assay.discover.search;

import assay.base.run.Job;
import assay.discover.predict.SketchFit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Tells of a search as it goes, and lets it be interrupted after every prompt.
public record SearchNotes(Job job) implements PromptSearch.Listener {
    /// What a round of a search brought.
    ///
    /// @param screened prompts looked at so far
    /// @param byOne share of the target's sketch that one prompt explains now
    /// @param byFive that five explain
    /// @param strategy that proposed the best of the round
    /// @param prompt the best of the round
    public record Round(int screened, double byOne, double byFive, String strategy, String prompt) {}

    /// Tells where the search begins.
    static SearchNotes begin(SketchFit start, Job job) {
        return begin("searching prompts beyond the dictionary", start, job);
    }

    /// The same of another search.
    static SearchNotes begin(String what, SketchFit start, Job job) {
        job.tell(
                "%s; %.0f %% of the target's sketch explained by one prompt, %.0f %% by five",
                what, 100 * start.lack(1).explained(), 100 * start.lack(5).explained());
        return new SearchNotes(job);
    }

    @Override
    public void round(List<PromptSearch.Found> found, SketchFit standing, int screened) {
        job.check();
        PromptSearch.Found best = found.stream()
                .max(Comparator.comparingDouble(PromptSearch.Found::gain))
                .orElseThrow();
        Round round = new Round(
                screened,
                standing.lack(1).explained(),
                standing.lack(5).explained(),
                best.atom().source().replace("search:", ""),
                best.atom().text());
        String line = String.format(
                Locale.ROOT,
                "  %d looked at, %.0f %% by one, %.0f %% by five; %s: %s",
                round.screened(),
                100 * round.byOne(),
                100 * round.byFive(),
                round.strategy(),
                round.prompt());
        job.note(line, round);
    }

    @Override
    public void ran() {
        job.check();
    }
}
