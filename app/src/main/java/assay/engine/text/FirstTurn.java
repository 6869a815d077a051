package assay.engine.text;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a template writes in front of the first user turn where there is no system message.
///
/// @param source writes the conversations
/// @param slot of the template, over an empty system message
record FirstTurn(Written source, Slot slot) {
    private static final String PROMPT = "Kestrel's \"Blue\" <lamp> & Øresund";
    private static final List<String> USERS = List.of("Walnut? Ça <b>va</b> Ok", "Quartz {x}: \"Jazz\" & Élan.");
    private static final String ANSWER = "Velvet; \"Crow\" naïve Yes";

    /// What stands in front of a user turn, as text.
    ///
    /// @param rest the user turn and what is behind it
    private record Cut(String front, String rest) {
        static Cut at(String user, String written) {
            int at = written.indexOf(user);
            if (at < 0) {
                throw Slot.fault("a template that writes the user's turn unchanged", "\"" + user + "\" altered");
            }
            return new Cut(written.substring(0, at), written.substring(at));
        }
    }

    private Cut byItself(String user) {
        return Cut.at(user, source.asked(List.of(new Message("user", user))));
    }

    /// The system message that the template inserts by itself, if it does.
    Optional<String> inserted() {
        String front = byItself(USERS.getFirst()).front();
        return systemTurn(front)
                .map(system -> {
                    String behind = front.substring(system.before().length());
                    boolean isClosed = behind.endsWith(system.behind());
                    return isClosed
                            ? behind.substring(
                                    0, behind.length() - system.behind().length())
                            : behind;
                })
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    /// What stands around a system message.
    private record Around(String before, String behind) {}

    /// What stands around a system message if the template opens one without being asked.
    private Optional<Around> systemTurn(String front) {
        if (slot.place() == Slot.Place.USER) {
            return Optional.empty();
        }
        String user = USERS.getFirst();
        String asked = Cut.at(user, source.asked(Slot.Place.SYSTEM.messages(PROMPT, user)))
                .front();
        int at = asked.indexOf(PROMPT);
        Around around = new Around(asked.substring(0, at), asked.substring(at + PROMPT.length()));
        boolean isOpened = front.startsWith(around.before())
                && front.length() > around.before().length();
        return Optional.of(around).filter(_ -> isOpened);
    }

    /// The tokens in front of a user turn, with what the template inserts.
    ///
    /// @throws InputException if they depend on the user's turn, or the other way round
    int[] byItself() {
        return tokens(false);
    }

    /// The tokens in front of a user turn where nothing is inserted.
    ///
    /// @throws InputException if the template leaves no way to do that
    int[] bare() {
        return tokens(systemTurn(byItself(USERS.getFirst()).front()).isPresent());
    }

    private int[] tokens(boolean isCutOut) {
        int[] first = tokens(USERS.getFirst(), isCutOut);
        if (!Arrays.equals(first, tokens(USERS.getLast(), isCutOut))) {
            throw unlike("other tokens in front of another one");
        }
        return first;
    }

    private int[] tokens(String user, boolean isCutOut) {
        Cut cut = byItself(user);
        String front = isCutOut ? beginning(cut.front()) + laterTurn(cut.front()) : cut.front();
        int[] whole = source.tokenizer().encodeWithPlaces(front + cut.rest()).ids();
        int[] back = Slot.joined(slot.user(user), slot.betweenUserAndAnswer());
        int border = whole.length - back.length;
        if (border < 0 || !Arrays.equals(Arrays.copyOfRange(whole, border, whole.length), back)) {
            throw unlike("another reading of it");
        }
        return Arrays.copyOf(whole, border);
    }

    private String beginning(String front) {
        return front.startsWith(source.beginning()) ? source.beginning() : "";
    }

    /// How the template opens a user turn behind an answer.
    private String laterTurn(String front) {
        List<Message> told = List.of(new Message("user", USERS.getFirst()), new Message("assistant", ANSWER));
        List<Message> again = List.of(told.getFirst(), told.getLast(), new Message("user", USERS.getLast()));
        String closing = behindAnswer(source.told(told));
        String between =
                Cut.at(USERS.getLast(), behindAnswer(source.told(again))).front();
        String opening = between.startsWith(closing) ? between.substring(closing.length()) : "";
        if (opening.isEmpty() || !front.endsWith(opening)) {
            throw new InputException("--base-prompt: expected none to be possible, found a chat template that inserts a"
                    + " system message and opens the first user turn in a way of its own. Take empty, or the text of a"
                    + " system prompt.");
        }
        return opening;
    }

    private static String behindAnswer(String told) {
        return told.substring(told.lastIndexOf(ANSWER) + ANSWER.length());
    }

    private static InputException unlike(String found) {
        return new InputException("--base-prompt: expected a user turn that is read alike with and without a system"
                + " message, found " + found + ". Take empty, or the text of a system prompt.");
    }
}
