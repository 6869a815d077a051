package assay.lab.trials;

import assay.engine.model.ChatModel;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Sampling;
import assay.measure.probe.Probe;
import assay.tasks.distil.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Lets behaviours answer the user turns of examples that were held out from all training.
///
/// @param tokens longest answer
record HeldOutAnswers(ChatModel chat, List<String> users, List<String> expected, int tokens) {
    private static final int MOST_TURNS = 40;
    /// More than [assay.measure.probe.ProbeMaker#ANSWER_TOKENS]: a skill shows in whole answers.
    private static final int LONGEST_ANSWER = 40;

    /// The first [#MOST_TURNS] user turns of the test split, with answers as long as the longest one expected there,
    /// but [#LONGEST_ANSWER] tokens at most.
    ///
    /// @param seed that of the splits
    static HeldOutAnswers of(ChatModel chat, Examples examples, long seed) {
        List<Map.Entry<String, String>> heldOut = examples.on(Probe.Split.TEST, seed);
        List<Map.Entry<String, String>> asked = heldOut.subList(0, Math.min(MOST_TURNS, heldOut.size()));
        Tokenizer tokenizer = chat.tokenizer();
        int longest = asked.stream()
                .mapToInt(example -> tokenizer.encode(example.getValue()).length)
                .max()
                .orElse(1);
        int tokens = Math.min(LONGEST_ANSWER, longest);
        List<String> expected = asked.stream()
                .map(example -> cut(example.getValue(), tokens, tokenizer))
                .toList();
        return new HeldOutAnswers(chat, asked.stream().map(Map.Entry::getKey).toList(), expected, tokens);
    }

    private static String cut(String answer, int tokens, Tokenizer tokenizer) {
        int[] encoded = tokenizer.encode(answer);
        return encoded.length <= tokens ? answer : tokenizer.decode(Arrays.copyOf(encoded, tokens));
    }

    /// Lets the base and both others answer, always with the likeliest token.
    AnswerLikeness skill(Behaviour adapter, Behaviour soft) {
        return AnswerLikeness.of(users, expected, written(Behaviour.BASE), written(adapter), written(soft), tokens);
    }

    /// One answer per user turn.
    List<String> written(Behaviour behaviour) {
        List<int[]> turns = users.stream().map(chat.slot()::user).toList();
        return new Generator(chat)
                .answers(behaviour, turns, Sampling.greedy(tokens)).stream()
                        .map(chat.tokenizer()::decode)
                        .toList();
    }
}
