package assay.discover.atlas;

import assay.base.sparse.Spectrum;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.measure.probe.SketchMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Makes the atlas of a model: prompts from grammars and from the model itself, a probe, and a sketch of
/// every prompt.
///
/// Everything follows from the model, the sizes and the seed. Sketches are added in portions, so that a
/// build can be interrupted at any time.
public record AtlasBuilder(ChatModel chat) {
    /// Where an entry comes from that the model wrote.
    static final String SAMPLED = "sampled";

    private static final int EXAMPLES = 6;
    private static final int BATCH = 96;
    private static final int MOST_ROUNDS = 400;
    /// Rounds after which it is seen whether all of them would do.
    private static final int LOOK = 2;
    /// Instructions of the grammars from which the probe's user turns are taken if the model writes none.
    private static final int SPARE = 400;

    private static final int DIRECTIONS = 256;

    /// How much an atlas holds.
    ///
    /// @param composed prompts from the grammars
    /// @param sampled prompts written by the model
    /// @param probe user turns of each split
    public record Sizes(int composed, int sampled, ProbeMaker.Sizes probe) {
        /// So many prompts in all, two in five of them written by the model.
        public static Sizes of(int prompts) {
            int sampled = prompts * 2 / 5;
            return new Sizes(prompts - sampled, sampled, ProbeMaker.Sizes.defaults());
        }
    }

    /// Prompts, probe and sketch map, without any sketch yet.
    ///
    /// A model that writes hardly anything readable is not waited for: the atlas is then made of the
    /// grammars alone ([#entries]), and so are the user turns of its probe.
    ///
    /// @param header what else to remember, such as the model's hash
    Atlas plan(List<Atlas.Entry> entries, ProbeMaker.Sizes sizes, long seed, Map<String, String> header) {
        return plan(entries, sizes, seed, header, _ -> {});
    }

    /// The same for somebody who waits.
    ///
    /// @param wrote hears of user turns, as in [ProbeMaker]
    Atlas plan(
            List<Atlas.Entry> entries,
            ProbeMaker.Sizes sizes,
            long seed,
            Map<String, String> header,
            IntConsumer wrote) {
        Runner runner = new Runner(chat);
        List<String> writers = entries.stream().map(Atlas.Entry::text).toList();
        Probe probe = new ProbeMaker(chat, wrote).make(sizes, writers, spare(seed), seed);
        List<Context> contexts = probe.contexts(Probe.Split.SEARCH, runner);
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor base = runner.hidden(Behaviour.BASE, contexts);
            SketchMap map = SketchMap.make(base, chat.model().unembedding(), seed);
            return new Atlas(header, probe, map, entries, QuantisedRows.none(SketchMap.SIZE));
        }
    }

    /// A planned atlas of which only so many prompts are to be run, two in five of them written by the
    /// model if it wrote enough; the others are its reserve.
    static Atlas withReserve(Atlas planned, int run) {
        long written =
                planned.entries().stream().filter(AtlasBuilder::isSampled).count();
        long sampled = Math.min(written, run * 2L / 5);
        long[] left = {run - sampled, sampled};
        List<Atlas.Entry> first = new ArrayList<>();
        List<Atlas.Entry> reserve = new ArrayList<>();
        for (Atlas.Entry entry : planned.entries()) {
            int kind = isSampled(entry) ? 1 : 0;
            (left[kind] > 0 ? first : reserve).add(entry);
            left[kind]--;
        }
        return new Atlas(planned.header(), planned.probe(), planned.map(), first, planned.sketches(), reserve);
    }

    static boolean isSampled(Atlas.Entry entry) {
        return entry.source().equals(SAMPLED);
    }

    /// Instructions that stand for user turns if the model writes too few.
    static List<String> spare(long seed) {
        return Grammar.draw(SPARE, seed + 1).stream().map(Grammar.Phrase::text).toList();
    }

    /// Prompts from the grammars, then those the model writes.
    ///
    /// @param sampled hears how many more prompts the model has written
    static List<Atlas.Entry> entries(Sizes sizes, long seed, Consumer<Integer> sampled, BuildCrew crew) {
        NearDuplicates known = new NearDuplicates();
        List<Atlas.Entry> entries = new ArrayList<>();
        for (Grammar.Phrase phrase : Grammar.draw(sizes.composed(), seed)) {
            if (known.keep(phrase.text())) {
                entries.add(new Atlas.Entry(phrase.text(), "grammar:" + phrase.category()));
            }
        }
        List<String> patterns = entries.stream().map(Atlas.Entry::text).toList();
        SplittableRandom random = new SplittableRandom(seed);
        int written = 0;
        int round = 0;
        while (written < sizes.sampled() && round < MOST_ROUNDS) {
            // Rounds that turn out not to be needed change nothing.
            for (List<String> lines : crew.lines(rounds(round, crew.width(), patterns, random, seed))) {
                int before = written;
                for (String line : written < sizes.sampled() ? lines : List.<String>of()) {
                    String prompt = PromptFilter.readable(line).orElse("");
                    if (written < sizes.sampled() && !prompt.isEmpty() && known.keep(prompt)) {
                        entries.add(new Atlas.Entry(prompt, SAMPLED));
                        written++;
                    }
                }
                sampled.accept(written - before);
                round++;
                if (round == LOOK && (long) written * MOST_ROUNDS < (long) sizes.sampled() * LOOK) {
                    return entries;
                }
            }
        }
        return entries;
    }

    /// The next rounds of writing, each behind examples of its own.
    private static List<BuildCrew.Writing> rounds(
            int from, int count, List<String> patterns, SplittableRandom random, long seed) {
        List<BuildCrew.Writing> rounds = new ArrayList<>();
        for (int round = from; round < Math.min(from + count, MOST_ROUNDS); round++) {
            List<String> examples = random.ints(EXAMPLES, 0, patterns.size())
                    .mapToObj(patterns::get)
                    .toList();
            rounds.add(new BuildCrew.Writing(examples, BATCH, seed * 10_000 + round));
        }
        return rounds;
    }

    /// Sketches of the next prompts of an atlas.
    ///
    /// @param most how many at most
    public Atlas extended(Atlas atlas, int most) {
        int from = atlas.sketches().rows();
        int to = Math.min(from + most, atlas.entries().size());
        return atlas.with(BuildCrew.sketched(atlas, new BuildCrew.Portion(from, to), chat));
    }

    /// Adds the dictionary's spectrum, seen through all sketches, to the header of a finished atlas.
    public static Atlas withSpectrum(Atlas atlas) {
        int rows = atlas.sketches().rows();
        double[] energies;
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor all = Torch.floats(atlas.sketches().decoded()).to(torch.ScalarType.Double);
            // Both products have the same eigenvalues but for zeros; the smaller one costs less.
            Tensor turned = all.transpose(0, 1);
            Tensor product = rows < SketchMap.SIZE ? all.matmul(turned) : turned.matmul(all);
            float[] ascending = Torch.toFloats(torch.linalg_eigvalsh(product));
            energies = new double[SketchMap.SIZE];
            for (int i = 0; i < ascending.length; i++) {
                energies[i] = Math.max(0, ascending[ascending.length - 1 - i]);
            }
        }
        Spectrum spectrum = new Spectrum(energies, new double[0][]);
        String shares = Arrays.stream(spectrum.cumulative())
                .limit(DIRECTIONS)
                .mapToObj(share -> String.format(Locale.ROOT, "%.4f", share))
                .collect(Collectors.joining(" "));
        String exponent = String.format(Locale.ROOT, "%.3f", spectrum.exponent(2, Math.min(DIRECTIONS, rows / 2)));
        return atlas.with(Atlas.ENERGY, shares).with(Atlas.EXPONENT, exponent);
    }
}
