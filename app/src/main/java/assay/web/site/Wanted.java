package assay.web.site;

import assay.base.run.ShellWord;
import assay.base.tensor.Dtype;
import assay.discover.search.TargetSearch;
import assay.tasks.explain.Explain;
import assay.tasks.session.Forecast;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import assay.web.http.Refused;
import org.jspecify.annotations.Nullable;

/// An explanation the page asks for.
///
/// @param spec a folder, a name on a hub, or the text of a prompt
/// @param atoms most prompts; 20 if absent
/// @param search prompts run exactly beyond the dictionary; 48 if absent, 0 for none
/// @param tokens of the soft prompt an adapter is also explained by way of; 0, also if absent, for none
/// @param seed of every random choice; 0 if absent
record Wanted(
        Kind kind,
        String spec,
        @Nullable Integer atoms,
        @Nullable Integer search,
        @Nullable Integer tokens,
        @Nullable Long seed) {
    private static final int MOST_ATOMS = 200;
    private static final int MOST_SEARCH = 10_000;
    private static final int MOST_TOKENS = 256;
    private static final int MOST_LETTERS = 20_000;

    /// What kind of behaviour.
    enum Kind {
        /// A LoRA adapter.
        ADAPTER,
        /// A soft prompt.
        SOFT,
        /// A system prompt.
        PROMPT
    }

    /// Fills in what is absent.
    ///
    /// @throws Refused if a number is out of bounds
    @SuppressWarnings("ConstantValue") // JSON may leave any field out
    Wanted {
        if (kind == null || spec == null || spec.isBlank() || spec.length() > MOST_LETTERS) {
            throw new Refused(
                    400,
                    "explain: expected what to explain, found nothing or more than " + MOST_LETTERS
                            + " letters. Name a folder, or write a prompt.");
        }
        spec = spec.strip();
        atoms = within("prompts", atoms, 20, 1, MOST_ATOMS);
        search = within("search", search, 48, 0, MOST_SEARCH);
        tokens = within("soft tokens", tokens, 0, 0, MOST_TOKENS);
        seed = seed == null ? 0 : seed;
    }

    private static int within(String what, @Nullable Integer given, int usual, int least, int most) {
        int value = given == null ? usual : given;
        if (value < least || value > most) {
            throw new Refused(
                    400,
                    what + ": expected " + least + " to " + most + ", found " + value + ". Take " + usual
                            + " if in doubt.");
        }
        return value;
    }

    int mostAtoms() {
        return atoms == null ? 0 : atoms;
    }

    int searched() {
        return search == null ? 0 : search;
    }

    /// Length of the soft prompt on the way; 0 for none.
    int softTokens() {
        return kind == Kind.ADAPTER && tokens != null ? tokens : 0;
    }

    Explain.Options options() {
        TargetSearch.Budget budget = searched() == 0
                ? TargetSearch.Budget.NONE
                : new TargetSearch.Budget(Double.POSITIVE_INFINITY, searched());
        return Explain.Options.defaults(mostAtoms(), seed == null ? 0 : seed).within(budget);
    }

    /// What has to be run for it.
    Forecast.Work work() {
        return options().work(softTokens() > 0);
    }

    /// The same as a command.
    ///
    /// @param named the target, where it was found
    String command(Target.Named named, Session session) {
        StringBuilder command =
                new StringBuilder("assay explain").append(model(session)).append(words(named));
        command.append(mostAtoms() == 20 ? "" : " --atoms " + mostAtoms());
        command.append(searched() == 48 ? "" : searched() == 0 ? " --no-search" : " --budget " + searched());
        if (kind == Kind.ADAPTER) {
            command.append(softTokens() == 0 ? " --direct" : softTokens() == 16 ? "" : " --tokens " + softTokens());
        }
        return command.append(seed == null || seed == 0 ? "" : " --seed " + seed)
                .toString();
    }

    /// The model as options of a command, with a space before them.
    static String model(Session session) {
        Dtype dtype = session.chat().model().dtype();
        return " --model " + ShellWord.of(session.source())
                + (dtype == Precision.AUTO.dtype() ? "" : " --dtype " + dtype.name());
    }

    /// A target as an option of a command, with a space before it.
    static String words(Target.Named named) {
        return switch (named) {
            case Target.Named.Adapter(String where, var _) -> " --adapter " + ShellWord.of(where);
            case Target.Named.Soft(String where) -> " --soft " + ShellWord.of(where);
            case Target.Named.Prompt(String text) -> " --prompt " + ShellWord.of(text);
            case Target.Named.Against _ ->
                throw new IllegalArgumentException("explain: expected a target beside the base, found " + named);
        };
    }
}
