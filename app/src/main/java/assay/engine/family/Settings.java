package assay.engine.family;

import java.util.function.IntPredicate;

/// What a configuration says of a model, whichever file it was read from: what a family needs to tell its
/// [Design].
public interface Settings {
    int hidden();

    int layers();

    ModelConfig.Heads heads();

    /// The rope of blocks that see everything; refuses one that rotates a part of a head only.
    Rope rope();

    /// The same, of all or the first numbers of a head.
    Rope partialRope();

    /// The rope of blocks with a window.
    ///
    /// @param theta where the file does not say
    Rope windowRope(double theta);

    /// A number.
    ///
    /// @param json its field in `config.json`
    /// @param gguf its key in GGUF metadata, behind the architecture's name
    double number(String json, String gguf, double otherwise);

    /// What numbers never reach; infinite where the file says 0 or nothing.
    ///
    /// @param otherwise where a GGUF file says nothing
    double cap(String name, double otherwise);

    /// Refuses a number that is not `plain`, by its name: the model would run, but with wrong numbers.
    void requirePlain(String json, String gguf, double plain);

    /// A truth value.
    ///
    /// @param json its field in `config.json`
    /// @param gguf its key in GGUF metadata, behind the architecture's name; empty if such files do not say
    boolean flag(String json, String gguf, boolean otherwise);

    /// Feed-forward layers of which a few are chosen, in families that have them.
    Design.Experts experts();

    /// Refuses a field of `config.json` that is true; GGUF files say nothing of these.
    void requireOff(String json);

    /// Tokens that blocks with a window see.
    Design.Limit window();

    /// Tokens up to which the rope is as it says.
    Design.Limit ropeLimit();

    /// Which blocks have a window.
    ///
    /// @param every where the file does not say, each `every`-th block has none
    IntPredicate windowed(int every);

    /// Which blocks know no positions.
    ///
    /// @param every where the file does not say, each `every`-th block
    IntPredicate unrotated(int every);
}
