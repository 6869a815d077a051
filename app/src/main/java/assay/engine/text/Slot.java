package assay.engine.text;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import assay.engine.text.Tokenizer.Lead;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Where a prompt sits: the literal tokens around the prompt, the user turn and the answer.
///
/// `before | prompt | promptToUser | user | userToAnswer | answer`. Each text is tokenized by itself and
/// the pieces between stay the same whatever the texts are, so that prompts can be exchanged in front of
/// one and the same context. The base is the empty prompt, not the template's default system message, unless another
/// one is chosen ([#over]).
///
/// The prompt is the system message. Where the template refuses one, it stands at the head of the user
/// turn, a blank line in front of what the user says: `before | prompt | behindPrompt | user | …`, and
/// the base is what the template makes of no prompt, that line and the turn.
///
/// Where the template writes a space in front of a text, tokenizers read it together with the text's first word; the
/// space then belongs to the text, and the empty prompt is that space.
public final class Slot {
    static final List<String> SENTINELS =
            List.of("Kestrel's \"Blue\" <lamp> & Øresund", "Marble (7) fox: Árbol & \"Tin\".");
    static final List<String> USERS = List.of("Walnut? Ça <b>va</b> Ok", "Quartz {x}: \"Jazz\" & Élan.");
    static final List<String> ANSWERS = List.of("Velvet; \"Crow\" naïve Yes", "Pickle <i> & 'Drum' Ñandú.");

    private final Place place;
    private final int[] before;
    private final int[] base;
    private final int[] behindPrompt;
    private final int[] promptToUser;
    private final int[] userToAnswer;
    private final Optional<int[]> answerToUser;
    private final int endOfAnswer;
    private final Set<Integer> stopTokens;
    private final Readers readers;
    private final Optional<Written> source;
    private final BasePrompt basePrompt;

    /// Where in a conversation a prompt stands.
    public enum Place {
        SYSTEM("the system message"),
        USER("the head of the user turn, since the template takes no system message");

        private static final String BLANK_LINE = "\n\n";

        private final String words;

        Place(String words) {
            this.words = words;
        }

        /// For the user.
        public String words() {
            return words;
        }

        List<Message> messages(String prompt, String user) {
            return switch (this) {
                case SYSTEM -> List.of(new Message("system", prompt), new Message("user", user));
                case USER -> List.of(new Message("user", prompt + BLANK_LINE + user));
            };
        }

        /// What a template takes.
        ///
        /// @throws InputException if it takes neither
        private static Place of(Written source) {
            String user = USERS.getFirst();
            try {
                source.asked(SYSTEM.messages(SENTINELS.getFirst(), user));
                return SYSTEM;
            } catch (InputException refused) {
                try {
                    source.asked(USER.messages(SENTINELS.getFirst(), user));
                    return USER;
                } catch (InputException _) {
                    throw refused;
                }
            }
        }
    }

    /// How each of the texts is read.
    private record Readers(Tokenizer prompt, Tokenizer user, Tokenizer answer) {}

    /// @param literals before the prompt, before and with the empty one, behind another prompt, between any prompt
    /// and user, and between user and answer
    /// @param answerToUser between an answer and the next user turn, if that is the same for all texts
    private Slot(
            Place place,
            List<int[]> literals,
            Optional<int[]> answerToUser,
            int endOfAnswer,
            Readers readers,
            Optional<Written> source,
            BasePrompt basePrompt) {
        this.place = place;
        this.before = literals.get(0);
        this.base = literals.get(1);
        this.behindPrompt = literals.get(2);
        this.promptToUser = literals.get(3);
        this.userToAnswer = literals.get(4);
        this.answerToUser = answerToUser;
        this.endOfAnswer = endOfAnswer;
        this.stopTokens = stops(endOfAnswer, readers.prompt());
        this.readers = readers;
        this.source = source;
        this.basePrompt = basePrompt;
    }

    /// The system message of a chat template, or the head of the user turn if it takes none.
    ///
    /// Surrounding spaces of a prompt are kept even if the template would trim them.
    ///
    /// @throws InputException if the template leaves out or changes the texts, or the tokenizer reads
    /// them in a way that depends on the texts beside them
    public static Slot system(ChatTemplate template, Tokenizer tokenizer) {
        Written source = new Written(template, tokenizer);
        Place place = Place.of(source);
        try {
            return in(place, source, _ -> Lead.NONE);
        } catch (InputException _) {
            return in(place, source, Lead::behind);
        }
    }

    /// The same slot with something else in the prompt's place of the base. What other prompts are run in stays the
    /// same, token by token.
    ///
    /// @throws InputException if the template leaves no way to do that
    public Slot over(BasePrompt other) {
        if (!basePrompt.equals(BasePrompt.usual())) {
            throw new IllegalArgumentException("slot: expected the usual base, found " + basePrompt);
        }
        return switch (other) {
            case BasePrompt.Empty _ -> this;
            case BasePrompt.Text(String text) -> opened(other, joined(prefix(prompt(text)), promptToUser));
            case BasePrompt.None _ ->
                source.map(known -> opened(other, new FirstTurn(known, this).bare()))
                        .orElse(this);
            case BasePrompt.Default _ ->
                source.map(known -> opened(other, new FirstTurn(known, this).byItself()))
                        .orElse(this);
        };
    }

    /// @param opening tokens of the base in front of a user turn: what its end has in common with those of other
    /// prompts belongs to the turn
    private Slot opened(BasePrompt other, int[] opening) {
        int common = 0;
        while (common < Math.min(opening.length, promptToUser.length)
                && opening[opening.length - 1 - common] == promptToUser[promptToUser.length - 1 - common]) {
            common++;
        }
        int border = promptToUser.length - common;
        List<int[]> literals = List.of(
                before,
                Arrays.copyOf(opening, opening.length - common),
                joined(behindPrompt, Arrays.copyOf(promptToUser, border)),
                Arrays.copyOfRange(promptToUser, border, promptToUser.length),
                userToAnswer);
        return new Slot(place, literals, answerToUser, endOfAnswer, readers, source, other);
    }

    /// @param leads what a text is read behind, by the literal in front of it
    private static Slot in(Place place, Written source, Function<String, Lead> leads) {
        Cut first = Cut.of(place, source, leads, 0);
        Cut second = Cut.of(place, source, leads, 1);
        boolean same = first.leads().equals(second.leads()) && first.endOfAnswer() == second.endOfAnswer();
        for (int i = 0; i < first.literals().size(); i++) {
            same &= Arrays.equals(first.literals().get(i), second.literals().get(i));
        }
        if (!same) {
            throw fault("the same tokens around any text", "others around \"" + SENTINELS.get(1) + "\"");
        }
        List<Tokenizer> readers =
                first.leads().stream().map(source.tokenizer()::behind).toList();
        return new Slot(
                place,
                first.literals(),
                Cut.next(place, source, leads),
                first.endOfAnswer(),
                new Readers(readers.get(0), readers.get(1), readers.get(2)),
                Optional.of(source),
                BasePrompt.usual());
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
        int[] none = new int[0];
        return new Slot(
                Place.SYSTEM,
                List.of(before, before, none, none, none),
                Optional.empty(),
                end,
                new Readers(tokenizer, tokenizer, tokenizer),
                Optional.empty(),
                BasePrompt.usual());
    }

    private static Set<Integer> stops(int end, Tokenizer tokenizer) {
        Set<Integer> stops = new HashSet<>(tokenizer.endings());
        stops.add(end);
        tokenizer.namedId("eos_token").ifPresent(stops::add);
        return stops;
    }

    /// Token ids of a prompt as it stands in the slot.
    public int[] prompt(String text) {
        return readers.prompt.encode(text);
    }

    /// Token ids of a user turn as it stands in the slot.
    public int[] user(String text) {
        return readers.user.encode(text);
    }

    /// Token ids of an answer, or of its beginning, as the model would write it.
    public int[] answer(String text) {
        return text.isEmpty() ? new int[0] : readers.answer.encode(text);
    }

    /// Reads prompts.
    public Tokenizer prompts() {
        return readers.prompt;
    }

    /// What stands in front of a text that is no conversation: the beginning token, where the tokenizer wants one.
    public int[] beginning() {
        return readers.prompt.addsBeginning()
                ? readers.prompt.namedId("bos_token").stream().toArray()
                : new int[0];
    }

    /// Where in a conversation the prompt stands.
    public Place place() {
        return place;
    }

    /// What stands in the prompt's place of the base.
    public BasePrompt basePrompt() {
        return basePrompt;
    }

    /// The system message that the template inserts by itself where there is none, if it does.
    public Optional<String> inserted() {
        return source.flatMap(known -> new FirstTurn(known, this).inserted());
    }

    /// What becomes of thinking.
    public Thinking thinking() {
        return source.map(known -> known.thinking(place.messages(SENTINELS.getFirst(), USERS.getFirst())))
                .orElse(Thinking.NONE);
    }

    /// The literal tokens in front of a prompt.
    public int[] before() {
        return before.clone();
    }

    /// Tokens up to the prompt, the prompt itself, and what stands behind it; the empty prompt stands for the base.
    public int[] prefix(int[] prompt) {
        return prompt.length == 0 ? base.clone() : joined(before, prompt, behindPrompt);
    }

    /// The literal tokens of [#prefix] behind a prompt.
    public int[] behindPrompt() {
        return behindPrompt.clone();
    }

    /// Everything after the prefix, up to and with the start of an answer.
    public int[] tail(int[] user, int[] answerStart) {
        return joined(promptToUser, user, userToAnswer, answerStart);
    }

    /// [#prefix] and [#tail]: a whole context.
    public int[] context(int[] prompt, int[] user, int[] answerStart) {
        return joined(prefix(prompt), tail(user, answerStart));
    }

    /// The literal tokens between a prompt and the user turn.
    public int[] betweenPromptAndUser() {
        return joined(behindPrompt, promptToUser);
    }

    /// The literal tokens between a user turn and the answer to it.
    public int[] betweenUserAndAnswer() {
        return userToAnswer.clone();
    }

    /// The literal tokens between an answer and the next user turn, the end of the answer included; nothing where the
    /// template writes a longer conversation in another way.
    public Optional<int[]> betweenAnswerAndUser() {
        return answerToUser.map(int[]::clone);
    }

    /// Tokens at which an answer is over.
    public Set<Integer> stopTokens() {
        return stopTokens;
    }

    /// The token the template puts behind an answer.
    public int endOfAnswer() {
        return endOfAnswer;
    }

    static int[] joined(int[]... pieces) {
        return Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
    }

    static InputException fault(String expected, String found) {
        return fault(expected, found, "Use a model whose template leaves messages as they are.");
    }

    static InputException fault(String expected, String found, String next) {
        return new InputException(
                "chat template: expected " + expected + ", found " + found + " (trying the prompt's slot). " + next);
    }
}
