package assay.measure.behaviour;

import assay.engine.model.Overlay;
import assay.engine.peft.PeftPrompt;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Trained vectors that stand where a prompt's token embeddings would (prompt tuning, arXiv 2104.08691).
///
/// @param name what to call it in reports
/// @param description what it is: number of tokens, where it sits
/// @param embeddings `[softToken hidden]` float32; they belong to the scope that made them
/// @param place where they sit
public record SoftPrompt(String name, String description, Tensor embeddings, PeftPrompt.Place place)
        implements Behaviour {
    /// Vectors that stand in the slot where a prompt's token embeddings would.
    ///
    /// @param embeddings `[softToken hidden]` float32
    public static SoftPrompt inSlot(String name, Tensor embeddings) {
        return new SoftPrompt(name, embeddings.size(0) + " vectors in the slot", embeddings, PeftPrompt.Place.SYSTEM);
    }

    /// Its length in soft tokens.
    public int length() {
        return Math.toIntExact(embeddings.size(0));
    }

    @Override
    public List<Term> terms() {
        return List.of(new Term(new Filling.Soft(embeddings, place), 1));
    }

    @Override
    public Overlay overlay() {
        return Overlay.NONE;
    }
}
