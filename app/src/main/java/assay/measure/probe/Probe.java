package assay.measure.probe;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The contexts on which behaviours are compared: user turns with the start of an answer, in three splits by
/// user turn.
///
/// @param name what kind of answers it holds: `foreign` (written by the base or under other prompts) or
/// `own` (by the target)
/// @param turns all turns
public record Probe(String name, List<Turn> turns) {
    /// What a turn is used for; a turn belongs to one split only.
    public enum Split {
        /// Choosing which atoms to look at, and when to stop.
        SEARCH,
        /// Choosing among them, and weights.
        FIT,
        /// Reported figures.
        TEST
    }

    /// A user turn and how an answer to it starts.
    ///
    /// @param user what the user says
    /// @param split what it is used for
    /// @param writer the prompt under which the answer was written; empty for the base
    /// @param answer token ids of the answer's start, its end token included if it ended
    public record Turn(String user, Split split, String writer, int[] answer) {}

    /// Refuses a probe whose splits leak into each other.
    ///
    /// @throws IllegalArgumentException if a user turn occurs twice, whatever its case and punctuation
    public Probe {
        turns = List.copyOf(turns);
        Set<String> seen = new HashSet<>();
        for (Turn turn : turns) {
            if (!seen.add(normal(turn.user()))) {
                throw new IllegalArgumentException(
                        "probe: expected every user turn once, found a second \"" + turn.user() + "\" (" + name + ").");
            }
        }
    }

    /// A user turn without case and punctuation: two turns are the same if these are.
    public static String normal(String user) {
        return user.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    /// The turns of one split, in order.
    public List<Turn> turns(Split split) {
        return turns.stream().filter(turn -> turn.split() == split).toList();
    }

    /// The contexts of one split: the last answer token is predicted, not read.
    public List<Context> contexts(Split split, Runner runner) {
        return turns(split).stream()
                .filter(turn -> turn.answer().length > 0)
                .map(turn -> context(turn, runner.chat()))
                .toList();
    }

    private Context context(Turn turn, ChatModel chat) {
        int[] read = Arrays.copyOf(turn.answer(), turn.answer().length - 1);
        int[] tail = chat.slot().tail(chat.slot().user(turn.user()), read);
        return new Context(turns.indexOf(turn), tail, turn.answer().length);
    }

    /// Whether a model with so many tokens can be run on it.
    public boolean isWithin(int rows) {
        return turns.stream()
                .flatMapToInt(turn -> Arrays.stream(turn.answer()))
                .allMatch(token -> token >= 0 && token < rows);
    }

    /// Answer positions in one split.
    public int positions(Split split) {
        return turns(split).stream().mapToInt(turn -> turn.answer().length).sum();
    }

    /// The same turns with other answers, for example the target's own.
    ///
    /// @param answers one per turn, in order
    public Probe withAnswers(String newName, String writer, List<int[]> answers) {
        List<Turn> changed = new java.util.ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            changed.add(new Turn(turns.get(i).user(), turns.get(i).split(), writer, answers.get(i)));
        }
        return new Probe(newName, changed);
    }
}
