package assay.search;

import java.util.List;

/// What each round of a search looks for.
@FunctionalInterface
public interface Aim {
    /// Sizes of the mixtures whose lack is searched for, in turn: the whole target, and what is left later.
    List<Integer> SIZES = List.of(0, 1, 3, 0, 8, 2);

    /// What the best mixtures of different sizes leave, in turn.
    Aim MIXTURES = (standing, round) -> standing.lack(SIZES.get(round % SIZES.size()));

    /// What is looked for in a round.
    Standing.Lack of(Standing standing, int round);

    /// The whole target first, then each of the few prompts that name it in turn: what is left if that one alone is
    /// taken out, which is best filled by the prompt it stands for.
    ///
    /// @param count of these prompts
    /// @param alike cosine above which two say the same
    static Aim parts(int count, double alike) {
        return (standing, round) -> {
            if (round == 0) {
                return standing.lack(0);
            }
            Standing.Lack named = standing.lack(count, alike);
            return standing.without(named, (round - 1) % named.atoms().size());
        };
    }
}
