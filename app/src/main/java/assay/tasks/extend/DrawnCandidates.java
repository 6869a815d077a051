package assay.tasks.extend;

import assay.InputException;
import assay.discover.atlas.Grammar;
import assay.discover.atlas.PromptFilter;
import assay.discover.atlas.PromptSampler;
import assay.engine.model.ChatModel;
import assay.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Prompts composed from the grammars, draw after draw, with lines written by the model in between: one in
/// [#ONE_IN], since writing one takes far longer than looking at it.
///
/// Which text comes n-th follows from n, the seed and the atlas. It ends before its time when a whole draw of the
/// grammars brings fewer than one new phrase in a hundred. What is held: one draw (50,000 phrases, 10 MB), one batch of
/// written lines, the hashes ([SeenTexts]) and 8 bytes for every written prompt.
public final class DrawnCandidates implements Candidates {
    /// One text in so many is written by the model.
    public static final int ONE_IN = 50;

    private static final int LINES = 96;
    private static final int EXAMPLES = 6;
    private static final int BREATH = 4_096;
    /// Stands in a position for the count of fresh phrases once there are too few.
    private static final long DRY = -1;
    private static final long SEEDS_APART = 1_000_003L;
    /// So that the first draw is not that of an atlas of the same seed.
    private static final long SEED_OFFSET = 7_919L;

    private final long wanted;
    private final long seed;
    private final List<String> patterns;
    private final Writer writer;
    private final Sieve sieve;
    private final Runnable breath;
    private final int perStep;
    private Tally tally = new Tally();
    private long taken;
    private long fresh;
    private boolean dry;
    private long[] written = new long[0];
    private long drawn = -1;
    private List<Grammar.Phrase> phrases = List.of();
    private long sampled = -1;
    private List<String> lines = List.of();

    /// Lets a model write lines, as [PromptSampler] does.
    interface Writer {
        /// So many lines.
        ///
        /// @param examples prompts to show as a pattern
        List<String> lines(List<String> examples, int count, long seed);
    }

    /// A stream of new prompts.
    ///
    /// @param wanted how many usable ones
    /// @param known prompts of the atlas, some of which are shown to the model as examples
    /// @param breath called every few thousand texts; may throw to stop
    public DrawnCandidates(long wanted, long seed, List<String> known, ChatModel chat, Runnable breath) {
        this(wanted, seed, known, chat.tokenizer(), new PromptSampler(chat)::lines, breath);
    }

    DrawnCandidates(long wanted, long seed, List<String> known, Tokenizer tokenizer, Writer writer, Runnable breath) {
        this.wanted = wanted;
        this.seed = seed * SEEDS_APART + SEED_OFFSET;
        this.patterns = List.copyOf(known);
        this.writer = writer;
        this.sieve = new Sieve(Set.copyOf(known), new SeenTexts(wanted), tokenizer);
        this.breath = breath;
        this.perStep = (int) Math.min(LINES, wanted / ONE_IN);
    }

    /// @throws InputException if the grammars hold nothing that the atlas does not hold
    @Override
    public List<Candidate> next(int count) {
        List<Candidate> batch = new ArrayList<>();
        while (batch.size() < count && tally.usable() < wanted && !dry) {
            long place = place(taken);
            if (place < 0) {
                composed(-1 - place).ifPresent(batch::add);
            } else {
                writtenLine(place).ifPresent(batch::add);
            }
            advance();
        }
        if (batch.isEmpty() && tally.usable() == 0) {
            throw new InputException("candidates: expected new prompts from the grammars, found the atlas to hold all "
                    + "that were drawn. Give another --seed or more --candidates.");
        }
        return batch;
    }

    @Override
    public Position position() {
        return new Position(taken, dry ? DRY : fresh, written, tally.copy());
    }

    @Override
    public void resume(Position position) {
        while (taken < position.items()) {
            long place = place(taken);
            if (place < 0) {
                sieve.refusal(phrase(-1 - place).text());
            }
            advance();
        }
        written = position.written().clone();
        sieve.remember(written);
        fresh = position.fresh();
        dry = fresh == DRY;
        tally = position.tally().copy();
    }

    @Override
    public long total() {
        return wanted;
    }

    @Override
    public long done() {
        return tally.usable();
    }

    /// Whether it ended because the grammars bring hardly anything new.
    public boolean isDry() {
        return dry;
    }

    @Override
    public void close() {}

    /// Which line of the model's the n-th text is; of a phrase, −1 − its number.
    private long place(long item) {
        if (perStep == 0) {
            return -1 - item;
        }
        long size = (long) perStep * ONE_IN;
        long step = item / size;
        long within = item % size;
        return within < perStep ? step * perStep + within : -1 - (step * (size - perStep) + within - perStep);
    }

    private Optional<Candidate> composed(long number) {
        Grammar.Phrase phrase = phrase(number);
        Optional<Candidate> found = sieve.kept(phrase.text(), "grammar:" + phrase.category(), tally);
        fresh += found.isPresent() ? 1 : 0;
        if (number % Grammar.MOST == Grammar.MOST - 1L) {
            dry = fresh < Grammar.MOST / 100.0;
            fresh = 0;
        }
        return found;
    }

    private Grammar.Phrase phrase(long number) {
        long draw = number / Grammar.MOST;
        if (draw != drawn) {
            phrases = Grammar.draw(Grammar.MOST, seed + draw);
            drawn = draw;
        }
        return phrases.get((int) (number % Grammar.MOST));
    }

    private Optional<Candidate> writtenLine(long number) {
        long step = number / perStep;
        if (step != sampled) {
            breath.run();
            SplittableRandom random = new SplittableRandom(seed + step);
            List<String> examples = random.ints(EXAMPLES, 0, patterns.size())
                    .mapToObj(patterns::get)
                    .toList();
            lines = writer.lines(examples, perStep, seed + step);
            sampled = step;
        }
        Optional<String> prompt = PromptFilter.readable(lines.get((int) (number % perStep)));
        if (prompt.isEmpty()) {
            tally.count(Dropped.UNREADABLE);
            return Optional.empty();
        }
        Optional<Candidate> found = sieve.kept(prompt.get(), "sampled", tally);
        if (found.isPresent()) {
            written = Arrays.copyOf(written, written.length + 1);
            written[written.length - 1] = SeenTexts.hash(prompt.get());
        }
        return found;
    }

    private void advance() {
        if (++taken % BREATH == 0) {
            breath.run();
        }
    }
}
