package assay.lab.verdict;

import assay.base.run.Job;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.probe.Probe;

/// Shows nothing of a decomposition and lets it be interrupted after every prompt; several threads may share it.
record SilentListener(Job job) implements Decomposer.Listener {
    @Override
    public void ran(Probe.Split split) {
        job.check();
    }

    @Override
    public void added(int k, HardPrompt prompt, double weight) {
        job.check();
    }

    @Override
    public void measuring(int prompts) {
        job.check();
    }
}
