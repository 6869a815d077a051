package assay.engine.text;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where a prompt sits: the literal tokens around the prompt, the user turn and the answer.
///
/// `before | prompt | promptToUser | user | userToAnswer | answer`. Each text is tokenized by itself and
/// the pieces between stay the same whatever the texts are, so that prompts can be exchanged in front of
/// one and the same context. The base is the empty prompt, not the template's default system message.
public final class Slot {
    private static final List<String> SENTINELS =
            List.of("Kestrel's \"Blue\" <lamp> & Øresund", "Marble (7) fox: Árbol & \"Tin\".");
    private static final List<String> USERS = List.of("Walnut? Ça <b>va</b> Ok", "Quartz {x}: \"Jazz\" & Élan.");
    private static final List<String> ANSWERS = List.of("Velvet; \"Crow\" naïve Yes", "Pickle <i> & 'Drum' Ñandú.");

    private static final int LONGEST = 100_000;

    private final int[] before;
    private final int[] promptToUser;
    private final int[] userToAnswer;
    private final int endOfAnswer;
    private final Set<Integer> stopTokens;

    private Slot(int[] before, int[] promptToUser, int[] userToAnswer, int endOfAnswer, Set<Integer> stopTokens) {
        this.before = before;
        this.promptToUser = promptToUser;
        this.userToAnswer = userToAnswer;
        this.endOfAnswer = endOfAnswer;
        this.stopTokens = Set.copyOf(stopTokens);
    }

    /// The system message of a chat template.
    ///
    /// Surrounding spaces of a prompt are kept even if the template would trim them.
    ///
    /// @throws InputException if the template takes no system message, changes the texts, or the tokenizer
    ///     reads them differently inside the conversation than alone
    public static Slot system(ChatTemplate template, Tokenizer tokenizer) {
        Slot first = cut(template, tokenizer, 0);
        Slot second = cut(template, tokenizer, 1);
        boolean same = Arrays.equals(first.before, second.before)
                && Arrays.equals(first.promptToUser, second.promptToUser)
                && Arrays.equals(first.userToAnswer, second.userToAnswer)
                && first.endOfAnswer == second.endOfAnswer;
        if (!same) {
            throw fault("the same tokens around any text", "others around \"" + SENTINELS.get(1) + "\"");
        }
        return first;
    }

    /// A slot and the tokenizer that reads texts as they stand in it.
    public record Placed(Slot slot, Tokenizer tokenizer) {}

    /// The slot of the system message, for a tokenizer that reads texts as they are, else as they stand behind a line
    /// end. The tokenizer found takes the place of the one given.
    ///
    /// @throws InputException as [#system] does
    public static Placed placed(ChatTemplate template, Tokenizer tokenizer) {
        try {
            return new Placed(system(template, tokenizer), tokenizer);
        } catch (InputException reason) {
            Tokenizer behind = tokenizer.behind("\n");
            try {
                return new Placed(system(template, behind), behind);
            } catch (InputException _) {
                throw reason;
            }
        }
    }

    /// The prompt as a bare prefix: nothing stands between prompt, user turn and answer. The model's
    /// beginning token, if it has one, comes first.
    ///
    /// @throws InputException if the tokenizer names no token that ends a text
    public static Slot bare(Tokenizer tokenizer) {
        int[] before = tokenizer.namedId("bos_token").stream().toArray();
        int end = tokenizer
                .namedId("eos_token")
                .orElseThrow(
                        () -> fault("a tokenizer that names an eos_token", "none", "Add it to tokenizer_config.json."));
        return new Slot(before, new int[0], new int[0], end, stops(end, tokenizer));
    }

    private static Slot cut(ChatTemplate template, Tokenizer tokenizer, int variant) {
        Map<String, Object> names = new LinkedHashMap<>(tokenizer.named());
        String prompt = SENTINELS.get(variant);
        String user = USERS.get(variant);
        List<Message> messages = List.of(new Message("system", prompt), new Message("user", user));
        String question = withBeginning(template.render(messages, true, names), tokenizer);
        List<int[]> pieces = pieces(question, List.of(prompt, user), tokenizer);

        String answer = ANSWERS.get(variant);
        List<Message> answered = new ArrayList<>(messages);
        answered.add(new Message("assistant", answer));
        String whole = template.render(answered, false, names);
        int[] after = pieces(whole, List.of(answer), tokenizer).getLast();
        int end = Arrays.stream(after)
                .filter(tokenizer.specialTokens()::contains)
                .findFirst()
                .orElseGet(() -> tokenizer
                        .namedId("eos_token")
                        .orElseThrow(() -> fault(
                                "a token that ends an answer", "none", "Add eos_token to tokenizer_config.json.")));
        return new Slot(pieces.get(0), pieces.get(1), pieces.get(2), end, stops(end, tokenizer));
    }

    private static Set<Integer> stops(int end, Tokenizer tokenizer) {
        Set<Integer> stops = new HashSet<>(tokenizer.endings());
        stops.add(end);
        tokenizer.namedId("eos_token").ifPresent(stops::add);
        return stops;
    }

    /// The rendered text with the beginning token in front exactly once, if the tokenizer wants it there.
    private static String withBeginning(String rendered, Tokenizer tokenizer) {
        String beginning = tokenizer.named().getOrDefault("bos_token", "");
        if (beginning.isEmpty()) {
            return rendered;
        }
        if (rendered.startsWith(beginning + beginning)) {
            throw fault("the beginning token " + beginning + " once", "it twice");
        }
        return !rendered.startsWith(beginning) && tokenizer.addsBeginning() ? beginning + rendered : rendered;
    }

    /// The tokens before, between and after `texts` in `rendered`.
    private static List<int[]> pieces(String rendered, List<String> texts, Tokenizer tokenizer) {
        if (rendered.length() > LONGEST) {
            throw fault(
                    "a template that writes at most " + LONGEST + " characters around two short messages",
                    String.valueOf(rendered.length()));
        }
        Tokenizer.Encoded encoded = tokenizer.encodeWithPlaces(rendered);
        List<int[]> pieces = new ArrayList<>();
        int token = 0;
        int behind = 0;
        for (String text : texts) {
            int at = rendered.indexOf(text);
            if (at < 0 || rendered.indexOf(text, at + 1) >= 0) {
                throw fault(
                        "a template that writes system, user and assistant messages once and unchanged",
                        at < 0 ? "\"" + text + "\" left out or altered" : "\"" + text + "\" more than once");
            }
            if (at < behind) {
                throw fault("the system message in front of the user's", "it behind");
            }
            behind = at + text.length();
            int from = rendered.codePointCount(0, at);
            int to = from + text.codePointCount(0, text.length());
            int start = token;
            while (start < encoded.ids().length && encoded.ends()[start] <= from) {
                start++;
            }
            int stop = start;
            while (stop < encoded.ids().length && encoded.starts()[stop] < to) {
                stop++;
            }
            int[] inside = Arrays.copyOfRange(encoded.ids(), start, stop);
            if (start < token || !Arrays.equals(inside, tokenizer.encode(text))) {
                throw fault(
                        "a tokenizer that reads a text alone as it reads it inside the conversation",
                        "another reading of \"" + text + "\"",
                        "This version cannot exchange prompts with this tokenizer; use another model.");
            }
            pieces.add(Arrays.copyOfRange(encoded.ids(), token, start));
            token = stop;
        }
        pieces.add(Arrays.copyOfRange(encoded.ids(), token, encoded.ids().length));
        return pieces;
    }

    /// Tokens up to the prompt and the prompt itself.
    public int[] prefix(int[] prompt) {
        return joined(before, prompt);
    }

    /// Everything after the prompt, up to and with the start of an answer.
    public int[] tail(int[] user, int[] answerStart) {
        return joined(promptToUser, user, userToAnswer, answerStart);
    }

    /// [#prefix] and [#tail]: a whole context.
    public int[] context(int[] prompt, int[] user, int[] answerStart) {
        return joined(before, prompt, promptToUser, user, userToAnswer, answerStart);
    }

    /// The literal tokens between a prompt and the user turn.
    public int[] betweenPromptAndUser() {
        return promptToUser.clone();
    }

    /// The literal tokens between a user turn and the answer to it.
    public int[] betweenUserAndAnswer() {
        return userToAnswer.clone();
    }

    /// Tokens at which an answer is over.
    public Set<Integer> stopTokens() {
        return stopTokens;
    }

    /// The token the template puts behind an answer.
    public int endOfAnswer() {
        return endOfAnswer;
    }

    private static int[] joined(int[]... pieces) {
        return Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
    }

    private static InputException fault(String expected, String found) {
        return fault(expected, found, "Use a model whose template takes a system message.");
    }

    private static InputException fault(String expected, String found, String next) {
        return new InputException(
                "chat template: expected " + expected + ", found " + found + " (trying the prompt's slot). " + next);
    }
}
