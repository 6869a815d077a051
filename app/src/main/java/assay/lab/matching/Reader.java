package assay.lab.matching;

import java.util.List;

/// Says how alike two texts are in meaning. The same texts always get the same numbers.
public interface Reader {
    /// What the records call this reader, with whatever another version of it would change.
    String name();

    /// How alike each text is to each other text: 1 for the same words, about 0 for texts that have
    /// nothing in common.
    ///
    /// @param texts any texts, also empty ones, which are like nothing
    /// @param others the texts to compare them with
    /// @return [text other]
    double[][] similarities(List<String> texts, List<String> others);

    /// How well each description fits weighted texts: the likeness of each text, counted by its weight
    /// with its sign.
    ///
    /// @param phrases the atoms of a mixture; none fit every description equally
    /// @return one score per description; only their order and differences mean anything
    default double[] scores(List<Phrase> phrases, List<String> descriptions) {
        double[][] alike = similarities(Phrase.texts(phrases), descriptions);
        double[] scores = new double[descriptions.size()];
        for (int atom = 0; atom < phrases.size(); atom++) {
            for (int i = 0; i < scores.length; i++) {
                scores[i] += phrases.get(atom).weight() * alike[atom][i];
            }
        }
        return scores;
    }
}
