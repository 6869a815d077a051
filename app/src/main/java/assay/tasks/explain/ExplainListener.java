package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.run.Stage;
import assay.discover.atlas.Atlas;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.probe.Probe;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Shows a decomposition as it grows, and lets it be interrupted after every prompt.
public final class ExplainListener implements Decomposer.Listener {
    /// A prompt that was added to the list.
    ///
    /// @param k how many there are now
    /// @param weight with which it came; all weights are fitted again at every step
    /// @param source where the prompt comes from, such as `grammar:style`; may be empty
    public record Added(int k, String prompt, double weight, String source) {}

    /// How well the list does where its weights are fitted, which flatters it: a first glance at the curve.
    ///
    /// @param k how many prompts it has
    /// @param closed on the fit split, over the tokens the fit looks at
    public record Fitted(int k, double closed) {}

    private final Job job;
    private Map<String, String> sources = Map.of();
    private @Nullable Stage stage;

    public ExplainListener(Job job) {
        this.job = job;
    }

    /// Tells where candidates come from, to be shown beside them.
    void candidates(List<Atlas.Entry> entries) {
        sources = entries.stream().collect(Collectors.toMap(Atlas.Entry::text, Atlas.Entry::source, (a, _) -> a));
    }

    /// Begins a stage in which `total` prompts are run.
    void begin(String name, long total) {
        end();
        stage = job.stage(name, total);
    }

    void end() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }

    @Override
    public void ran(Probe.Split split) {
        job.check();
        if (stage != null) {
            stage.advance(1);
        }
    }

    @Override
    public void added(int k, HardPrompt prompt, double weight) {
        job.check();
        if (k == 1) {
            end();
        }
        String source = sources.getOrDefault(prompt.text(), "");
        String line = String.format(
                Locale.ROOT,
                "  %2d  %+.2f  %s%s",
                k,
                weight,
                prompt.text(),
                source.isEmpty() ? "" : "  (" + source + ")");
        job.note(line, new Added(k, prompt.text(), weight, source));
    }

    @Override
    public void fitted(int k, double closed) {
        job.heard(new Fitted(k, closed));
    }

    @Override
    public void measuring(int prompts) {
        begin("chosen prompts run on unseen turns", 2L * prompts);
    }
}
