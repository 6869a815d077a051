package assay.measure.judge;

import assay.base.sparse.Interval;
import java.util.List;

/// Which part of a target what stands in for it still lacks: the KL that is left on unseen turns, split
/// by kind of token, by how common the token is, and by position in the answer. The parts of each split
/// add up to the whole.
///
/// @param sides foreign contexts, then own ones if there are any
/// @param examples the places with most left by the first model, one for each answer, the worst first
public record Lacking(List<Side> sides, List<Example> examples) {
    /// Nothing was measured.
    public static final Lacking NONE = new Lacking(List.of(), List.of());

    /// Keeps its own copies.
    public Lacking {
        sides = List.copyOf(sides);
        examples = List.copyOf(examples);
    }

    /// One kind of contexts.
    ///
    /// @param contexts `foreign` or `own`
    /// @param models what each model leaves; the one the explanation is about first, the base last
    public record Side(String contexts, List<Left> models) {}

    /// What one model leaves.
    ///
    /// @param model what it is called
    /// @param left KL(target ‖ model), nats per token
    /// @param alike correlation, over places, of what it leaves with what the first model leaves:
    /// whether the same is lacking
    /// @param parts in every way of splitting it
    public record Left(String model, Interval left, double alike, List<Part> parts) {
        /// The parts of one way of splitting.
        public List<Part> by(String way) {
            return parts.stream().filter(part -> part.by().equals(way)).toList();
        }
    }

    /// Part of what is left.
    ///
    /// @param by `kind`, `frequency` or `position`
    /// @param part which
    /// @param left nats per token of all places, not of this part's alone
    public record Part(String by, String part, Interval left) {}

    /// A place where much is left.
    ///
    /// @param user the user turn
    /// @param contexts `foreign` or `own`
    /// @param before the answer so far, as it reads
    /// @param base KL(target ‖ base) there, nats
    /// @param left KL(target ‖ model) there, nats
    /// @param wanted tokens the target makes likelier than the model does, largest loss first
    public record Example(String user, String contexts, String before, double base, double left, List<Wanted> wanted) {}

    /// A token with its probabilities under target and model.
    public record Wanted(String token, double target, double model) {}
}
