package assay.tasks.explain;

import assay.base.sparse.KlFit;
import assay.base.sparse.KlProblem;
import assay.base.sparse.PlainPursuit;
import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Fluency;
import assay.measure.behaviour.HardPrompt;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Decomposition;
import assay.measure.judge.Judge;
import assay.measure.judge.PlainList;
import assay.measure.judge.PlainList.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Chooses, among lists that close nearly as much on the fit split, the one that says most plainly what the target is:
/// rule and cost of docs/decisions/0031-a-list-that-says-what-it-is.md. The test split only measures the outcome.
///
/// @param known prompts by whose words it is known what a word is
/// @param natural perplexity that nine in ten prompts of the dictionary stay below
public record Plainness(ChatModel chat, List<String> known, double natural) {
    /// What a plainer list may give up of closed, on the fit split.
    static final double COST = 0.01;
    /// Closed alone from which on a prompt says what the target is, and the share of what the best one closes.
    private static final double SAYS = 0.10;

    private static final double SAYS_OF_BEST = 0.25;
    /// Pieces from which on a word that nobody else uses is taken to be none.
    private static final int PIECES = 3;

    private static final Pattern WORD = Pattern.compile("\\p{L}{4,}");

    /// The plainest list near one.
    ///
    /// @param candidates prompts to choose from, run on the fit split before; those of the list among them
    public PlainList near(Decomposition.Step list, List<HardPrompt> candidates, Decomposer decomposer, Judge judge) {
        KlProblem problem = decomposer.problem(candidates);
        double base = problem.value(new int[0], new double[0]);
        double[] alone = alone(problem, base, decomposer.ridge());
        List<String> texts = candidates.stream().map(HardPrompt::text).toList();
        int[] support = list.atoms().stream()
                .mapToInt(atom -> texts.indexOf(atom.text()))
                .toArray();
        KlFit start = KlFit.of(problem, support, list.weights(), decomposer.ridge());
        double most = start.value() + COST * base;
        KlFit plain = new PlainPursuit(problem, burdens(candidates, alone), decomposer.ridge()).from(start, most);
        List<HardPrompt> atoms =
                Arrays.stream(plain.support()).mapToObj(candidates::get).toList();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return new PlainList(
                    prompts(plain, texts, alone),
                    judge.closed(decomposer.left(atoms, plain.weights())),
                    (plain.value() - start.value()) / base);
        }
    }

    private static double[] alone(KlProblem problem, double base, double ridge) {
        List<Integer> atoms = IntStream.range(0, problem.atoms().size()).boxed().toList();
        return SideBySide.map(atoms, atom -> KlFit.of(problem, new int[] {atom}, new double[1], ridge)).stream()
                .mapToDouble(fit -> 1 - fit.value() / base)
                .toArray();
    }

    /// One for being there, one for reading badly, one for a word that is none, and less than one for doing little
    /// alone.
    private double[] burdens(List<HardPrompt> candidates, double[] alone) {
        double best = Arrays.stream(alone).max().orElse(0);
        double[] perplexities = Fluency.perplexities(candidates, chat);
        double[] burdens = new double[alone.length];
        for (int i = 0; i < burdens.length; i++) {
            HardPrompt prompt = candidates.get(i);
            double weakness = best <= 0 ? 1 : Math.clamp(1 - alone[i] / best, 0, 1);
            burdens[i] = 1 + (perplexities[i] > natural ? 1 : 0) + (hasPseudoWord(prompt.text()) ? 1 : 0) + weakness;
        }
        return burdens;
    }

    /// Whether a word stands in no other prompt and has to be spelled in pieces.
    boolean hasPseudoWord(String prompt) {
        return WORD.matcher(prompt).results().map(found -> found.group()).anyMatch(word -> {
            boolean isSpelled = chat.tokenizer().encode("A " + word).length - 1 >= PIECES;
            String small = word.toLowerCase(Locale.ROOT);
            return isSpelled
                    && known.stream()
                            .noneMatch(other -> !other.equals(prompt)
                                    && other.toLowerCase(Locale.ROOT).contains(small));
        });
    }

    private static List<PlainList.Prompt> prompts(KlFit plain, List<String> texts, double[] alone) {
        double best = Arrays.stream(plain.support())
                .mapToDouble(atom -> alone[atom])
                .max()
                .orElse(0);
        double least = Math.max(SAYS, SAYS_OF_BEST * best);
        List<PlainList.Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < plain.weights().length; i++) {
            int atom = plain.support()[i];
            boolean says = plain.weights()[i] > 0 && alone[atom] >= least;
            Part part = says ? Part.WHAT_IT_IS : Part.CORRECTION;
            prompts.add(new PlainList.Prompt(texts.get(atom), plain.weights()[i], alone[atom], part));
        }
        prompts.sort(Comparator.comparing(PlainList.Prompt::part)
                .thenComparingDouble(one -> one.part() == Part.WHAT_IT_IS ? -one.alone() : -Math.abs(one.weight())));
        return prompts;
    }
}
