package assay.measure.behaviour;

import assay.engine.model.Overlay;
import java.util.ArrayList;
import java.util.List;

/// A behaviour moved by weighted hard prompts: `h_mix = h_g + Σ wᵢ (hᵢ − h₀)`. On the base's ground, h_g = h₀, it is a
/// log pool of their distributions.
///
/// @param name what to call it in reports
/// @param ground what is moved
/// @param atoms the prompts and their weights, free in sign; what each does is measured on the base
public record Mixture(String name, Behaviour ground, List<Weighted> atoms) implements Behaviour {
    /// A hard prompt and its weight.
    public record Weighted(HardPrompt prompt, double weight) {}

    /// Keeps its own copy of the list.
    public Mixture {
        atoms = List.copyOf(atoms);
    }

    /// The base moved by prompts.
    public Mixture(String name, List<Weighted> atoms) {
        this(name, BASE, atoms);
    }

    /// The same prompts on another ground.
    public Mixture over(Behaviour other) {
        return new Mixture(name, other, atoms);
    }

    /// The base first, with coefficient `1 − Σ wᵢ`, then the atoms; in front of it the ground, if that is another.
    @Override
    public List<Term> terms() {
        boolean isOnBase = ground.equals(BASE);
        List<Term> terms = new ArrayList<>(isOnBase ? List.of() : ground.terms());
        double total = atoms.stream().mapToDouble(Weighted::weight).sum();
        terms.add(new Term(new Filling.Text(BASE.tokens()), (isOnBase ? 1 : 0) - total));
        atoms.forEach(atom -> terms.add(new Term(new Filling.Text(atom.prompt().tokens()), atom.weight())));
        return terms;
    }

    @Override
    public Overlay overlay() {
        return terms().getFirst().overlay();
    }
}
