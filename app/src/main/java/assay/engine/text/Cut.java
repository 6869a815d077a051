package assay.engine.text;

import assay.InputException;
import assay.engine.text.ChatTemplate.Message;
import assay.engine.text.Tokenizer.Lead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A conversation taken apart.
///
/// @param literals tokens as the slot keeps them
/// @param leads what prompt, user turn and answer are read behind
record Cut(List<int[]> literals, List<Lead> leads, int endOfAnswer) {
    static Cut of(Slot.Place place, Written source, Function<String, Lead> leads, int variant) {
        Tokenizer tokenizer = source.tokenizer();
        String prompt = Slot.SENTINELS.get(variant);
        String user = Slot.USERS.get(variant);
        List<Message> messages = place.messages(prompt, user);
        String question = source.asked(messages);
        Pieces asked = Pieces.of(question, List.of(prompt, user), tokenizer, leads);

        String answer = Slot.ANSWERS.get(variant);
        List<Message> answered = new ArrayList<>(messages);
        answered.add(new Message("assistant", answer));
        String whole = source.told(answered);
        Pieces told = Pieces.of(whole, List.of(answer), tokenizer, leads);
        int end = Arrays.stream(told.tokens().getLast())
                .filter(tokenizer.specialTokens()::contains)
                .findFirst()
                .orElseGet(() -> tokenizer
                        .namedId("eos_token")
                        .orElseThrow(() -> Slot.fault(
                                "a token that ends an answer", "none", "Add eos_token to tokenizer_config.json.")));
        String opened = question.substring(question.indexOf(user) + user.length());
        List<Lead> all = new ArrayList<>(asked.leads());
        all.add(answers(told.leads().getFirst(), opened, answer, tokenizer));
        String base =
                place == Slot.Place.SYSTEM ? question.replace(prompt, "") : source.asked(place.messages("", user));
        int[] between = asked.tokens().get(1);
        int[] behindPrompt = place == Slot.Place.SYSTEM ? new int[0] : between;
        int[] promptToUser = place == Slot.Place.SYSTEM ? between : new int[0];
        int[] userTokens = tokenizer.behind(asked.leads().get(1)).encode(user);
        int[] back = Slot.joined(promptToUser, userTokens, asked.tokens().get(2));
        int[] before = asked.tokens().getFirst();
        int[] emptyPrompt = emptyPrompt(base, tokenizer.behind(all.getFirst()), before, behindPrompt, back);
        List<int[]> literals = List.of(
                before,
                Slot.joined(before, emptyPrompt),
                behindPrompt,
                promptToUser,
                asked.tokens().get(2));
        return new Cut(literals, all, end);
    }

    /// What stands between an answer and the next user turn; nothing where that depends on what is said, or where the
    /// template writes earlier answers in another way.
    static Optional<int[]> next(Slot.Place place, Written source, Function<String, Lead> leads) {
        try {
            int[] first = next(place, source, leads, 0);
            return Arrays.equals(first, next(place, source, leads, 1)) ? Optional.of(first) : Optional.empty();
        } catch (InputException _) {
            return Optional.empty();
        }
    }

    private static int[] next(Slot.Place place, Written source, Function<String, Lead> leads, int variant) {
        List<Message> messages = new ArrayList<>(place.messages(Slot.SENTINELS.get(variant), Slot.USERS.get(variant)));
        messages.add(new Message("assistant", Slot.ANSWERS.get(variant)));
        messages.add(new Message("user", Slot.USERS.get(1 - variant)));
        List<String> texts = List.of(Slot.USERS.get(variant), Slot.ANSWERS.get(variant), Slot.USERS.get(1 - variant));
        return Pieces.of(source.asked(messages), texts, source.tokenizer(), leads)
                .tokens()
                .get(2);
    }

    /// What is left of a prompt without a letter: nothing, or the space in front of it. As the whole conversation is
    /// read, if its other tokens stay the same; else as it reads alone.
    private static int[] emptyPrompt(String base, Tokenizer tokenizer, int[] before, int[] behindPrompt, int[] back) {
        int[] whole = tokenizer.encodeWithPlaces(base).ids();
        int length = whole.length - before.length - back.length;
        if (length >= 0) {
            int[] empty = Arrays.copyOfRange(whole, before.length, before.length + length);
            if (Arrays.equals(whole, Slot.joined(before, empty, back))) {
                return empty;
            }
        }
        return Slot.joined(tokenizer.encode(""), behindPrompt);
    }

    /// What answers are read behind: the opened answer, and the spaces that the template writes in front of an answer
    /// once it is given.
    ///
    /// @param given what the answer stands behind once it is given
    /// @param opened literal text between the user turn and an answer to come
    private static Lead answers(Lead given, String opened, String answer, Tokenizer tokenizer) {
        if (given.equals(Lead.NONE)) {
            return given;
        }
        String spaces = given.text().substring(given.border());
        boolean continues = given.text().endsWith(opened + spaces);
        Lead lead = new Lead(continues ? opened + spaces : opened, opened.length());
        if (continues
                && !Pieces.reads(
                        tokenizer.behind(lead), answer, tokenizer.behind(given).encode(answer))) {
            throw Pieces.otherReading(answer);
        }
        return lead;
    }
}
