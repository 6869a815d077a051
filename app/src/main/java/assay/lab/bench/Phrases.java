package assay.lab.bench;

import assay.engine.model.ChatModel;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Prompts and conversations to measure with: readable, many, the same every time, and made without a model.
public final class Phrases {
    private static final List<String> KINDS = List.of("""
            strict gentle ancient cheerful gloomy famous lazy curious brave honest nervous patient rude wise young \
            silent proud clumsy modest noisy polite angry sleepy greedy loyal\
            """.split(" "));
    private static final List<String> TRADES = List.of("""
            pirate lawyer cook doctor robot teacher poet farmer sailor judge painter wizard butler pilot nurse \
            gardener monk thief king reporter chemist tailor miner actor baker\
            """.split(" "));
    private static final List<String> HABITS = List.of("""
            answers in one sentence; always cites a source; never uses the letter z; speaks only in rhymes; doubts \
            everything; loves numbers; asks questions back; talks about the weather; hates long words; praises the \
            user; writes lists; apologises a lot; uses old words; mentions food; thinks aloud; keeps secrets\
            """.split("; "));

    private Phrases() {}

    /// The prompt of a number: 10,000 differ.
    public static String prompt(int number) {
        String kind = KINDS.get(number % KINDS.size());
        String trade = TRADES.get(number / KINDS.size() % TRADES.size());
        String habit = HABITS.get(number / (KINDS.size() * TRADES.size()) % HABITS.size());
        return "You are a " + kind + " " + trade + " who " + habit + ".";
    }

    /// Prompts drawn without repetition.
    public static List<String> prompts(int count, long seed) {
        int all = KINDS.size() * TRADES.size() * HABITS.size();
        return new SplittableRandom(seed)
                .ints(0, all)
                .distinct()
                .limit(count)
                .mapToObj(Phrases::prompt)
                .toList();
    }

    /// Exactly so many tokens of running text.
    public static int[] tokens(Tokenizer tokenizer, int count, long seed) {
        int[] tokens = new int[0];
        SplittableRandom random = new SplittableRandom(seed);
        while (tokens.length < count) {
            int[] more = tokenizer.encode(prompt(random.nextInt(10_000)) + " ");
            tokens =
                    IntStream.concat(Arrays.stream(tokens), Arrays.stream(more)).toArray();
        }
        return Arrays.copyOf(tokens, count);
    }

    /// Several of them.
    public static List<int[]> rows(Tokenizer tokenizer, int rows, int tokens, long seed) {
        List<int[]> all = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            all.add(tokens(tokenizer, tokens, seed * 1_000_003L + row));
        }
        return all;
    }

    /// Conversations of 12 tokens of question each, in which an answer's places are compared.
    public static List<Context> contexts(ChatModel chat, int count, int places, long seed) {
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] user = tokens(chat.tokenizer(), 12, seed + i);
            int[] answer = tokens(chat.tokenizer(), places - 1, seed + 10_000 + i);
            contexts.add(new Context(i, chat.slot().tail(user, answer), places));
        }
        return contexts;
    }
}
