package assay.measure.behaviour;

import assay.engine.model.Overlay;
import java.util.ArrayList;
import java.util.List;

/// The base plus weighted hard prompts: `h_mix = h₀ + Σ wᵢ (hᵢ − h₀)`, a log pool of their distributions.
///
/// @param name what to call it in reports
/// @param atoms the prompts and their weights, free in sign
public record Mixture(String name, List<Weighted> atoms) implements Behaviour {
    /// A hard prompt and its weight.
    public record Weighted(HardPrompt prompt, double weight) {}

    /// Keeps its own copy of the list.
    public Mixture {
        atoms = List.copyOf(atoms);
    }

    /// The base first, with coefficient `1 − Σ wᵢ`, then the atoms.
    @Override
    public List<Term> terms() {
        List<Term> terms = new ArrayList<>();
        double total = atoms.stream().mapToDouble(Weighted::weight).sum();
        terms.add(new Term(new Filling.Text(BASE.tokens()), 1 - total));
        atoms.forEach(atom -> terms.add(new Term(new Filling.Text(atom.prompt().tokens()), atom.weight())));
        return terms;
    }

    @Override
    public Overlay overlay() {
        return Overlay.NONE;
    }
}
