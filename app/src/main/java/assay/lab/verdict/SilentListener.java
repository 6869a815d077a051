package assay.lab.verdict;

import assay.base.run.Interruption;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.probe.Probe;

/// Shows nothing of a decomposition and lets it be interrupted after every prompt; several threads may share it.
record SilentListener(Interruption interruption) implements Decomposer.Listener {
    @Override
    public void ran(Probe.Split split) {
        interruption.check();
    }

    @Override
    public void added(int k, HardPrompt prompt, double weight) {
        interruption.check();
    }

    @Override
    public void measuring(int prompts) {
        interruption.check();
    }
}
