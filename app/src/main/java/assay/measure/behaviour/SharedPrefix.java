package assay.measure.behaviour;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Contexts cut where they begin to differ, so that nothing is read twice: the tokens all share, the
/// distinct questions behind them, and each context's answer behind its question.
///
/// @param shared tokens with which every tail begins
/// @param questions what follows, up to the first compared place; one per distinct question
/// @param questionOf the question of each context
record SharedPrefix(int[] shared, List<int[]> questions, int[] questionOf) {
    static SharedPrefix of(List<Context> contexts) {
        int common = common(contexts);
        Map<List<Integer>, Integer> known = new LinkedHashMap<>();
        List<int[]> questions = new ArrayList<>();
        int[] questionOf = new int[contexts.size()];
        for (int i = 0; i < questionOf.length; i++) {
            Context context = contexts.get(i);
            int[] question = Arrays.copyOfRange(context.tail(), common, context.tail().length - context.places());
            List<Integer> key = Arrays.stream(question).boxed().toList();
            questionOf[i] = known.computeIfAbsent(key, _ -> {
                questions.add(question);
                return questions.size() - 1;
            });
        }
        return new SharedPrefix(Arrays.copyOf(contexts.getFirst().tail(), common), List.copyOf(questions), questionOf);
    }

    /// Whether several contexts ask the same question, and every question holds a token to read.
    boolean isForked() {
        return questions.size() < questionOf.length && questions.stream().allMatch(question -> question.length > 0);
    }

    /// Length of the longest common beginning that leaves every context a token in front of its places.
    private static int common(List<Context> contexts) {
        int[] first = contexts.getFirst().tail();
        int common = first.length;
        for (Context context : contexts) {
            int most = Math.min(common, context.tail().length - context.places() - 1);
            common = 0;
            while (common < most && context.tail()[common] == first[common]) {
                common++;
            }
        }
        return Math.max(0, common);
    }
}
