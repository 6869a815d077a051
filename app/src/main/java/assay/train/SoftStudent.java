package assay.train;

import assay.engine.peft.PeftPrompt;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.SoftPrompt;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/// A soft prompt in training: one block `[softToken hidden]`.
///
/// @param length soft tokens
/// @param hidden width of the model
/// @param place where it sits
public record SoftStudent(int length, int hidden, PeftPrompt.Place place) implements Student {
    @Override
    public List<long[]> shapes() {
        return List.of(new long[] {length, hidden});
    }

    @Override
    public String description() {
        return length + " soft tokens, " + place.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Behaviour behaviour(List<Tensor> tensors) {
        return new SoftPrompt("soft prompt", description(), tensors.getFirst(), place);
    }
}
