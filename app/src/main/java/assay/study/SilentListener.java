package assay.study;

import assay.behaviour.HardPrompt;
import assay.decompose.Decomposer;
import assay.probe.Probe;
import assay.run.Interruption;

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
