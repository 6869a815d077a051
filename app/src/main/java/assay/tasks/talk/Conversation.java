package assay.tasks.talk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What is to be answered.
///
/// @param system what stands in the system message behind each column's own prompt, a blank line between; empty for
/// none. With none, columns are exactly what explanations measure
/// @param past earlier exchanges, each column with its own answers
/// @param user the message to answer; without a template, the text to go on with
/// @param begun token ids every answer begins with: a prefill, or an answer up to where it branches off
/// @param isRaw whether no chat template is put around it: then there are no turns, and prompts stand in front of the
/// text, a blank line between
public record Conversation(String system, List<Exchange> past, String user, int[] begun, boolean isRaw) {
    /// A message and the answers to it.
    ///
    /// @param answers token ids, the end of the answer left out; a column without one goes on from the first that
    /// is there
    public record Exchange(String user, Map<Column, int[]> answers) {
        /// Keeps its own copy.
        public Exchange {
            answers = Map.copyOf(answers);
        }

        int[] answer(Column column) {
            int[] own = answers.get(column);
            if (own != null) {
                return own;
            }
            return Arrays.stream(Column.values())
                    .filter(answers::containsKey)
                    .findFirst()
                    .map(answers::get)
                    .orElse(new int[0]);
        }
    }

    /// Keeps its own copy.
    public Conversation {
        past = List.copyOf(past);
    }

    /// A first message.
    public static Conversation of(String user) {
        return new Conversation("", List.of(), user, new int[0], false);
    }

    /// The same with answers that begin so.
    public Conversation begun(int[] tokens) {
        return new Conversation(system, past, user, tokens, isRaw);
    }

    /// What follows when it has been answered.
    ///
    /// @param answers whole answers, what they were begun with included
    public Conversation then(Map<Column, int[]> answers, String next) {
        List<Exchange> longer = new ArrayList<>(past);
        longer.add(new Exchange(user, answers));
        return new Conversation(system, longer, next, new int[0], isRaw);
    }
}
