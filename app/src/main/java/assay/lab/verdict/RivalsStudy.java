package assay.lab.verdict;

import assay.base.run.Stage;
import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.sparse.Quantiles;
import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.discover.atlas.Screen;
import assay.discover.search.SearchTarget;
import assay.engine.model.ChatModel;
import assay.lab.claims.RivalEvidence;
import assay.lab.matching.BlindMatching;
import assay.lab.matching.MatchCase;
import assay.lab.matching.Phrase;
import assay.lab.matching.Reader;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Sampling;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Judge;
import assay.measure.probe.LogitOffset;
import assay.tasks.session.FinishedParts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/// Other ways to say what a behaviour is, on the readings of a study: which predicts its logits, which
/// names it to a blind reader, in how many seconds.
///
/// - *Contrastive decoding diffing* (arXiv 2605.25902): answers begun by vague words, the difference of
/// the logits
///   amplified. There the chat template is left out; here it stays, as the behaviour is a prompt in it,
/// and the user says
///   nothing.
/// - *Diff mining* (ICLR 2026): the tokens whose logits gain most, counted over places. Without its
/// topics.
record RivalsStudy(SharedContexts arena, ReadingLists lists, Reader reader, FinishedParts rows) {
    private static final long SEED = 0;
    private static final int SINGLES = 8;
    private static final double GAMMA = 1;
    private static final int ANSWER_TOKENS = 24;
    private static final int TOP = 20;
    private static final int WORDS = 24;
    private static final List<String> VAGUE = List.of(
            "The", "I", "It", "This", "In", "A", "We", "There", "My", "One", "When", "So", "You", "As", "Here", "What");
    private static final Pattern WORD = Pattern.compile(" \\p{L}\\p{Ll}{2,}");

    /// What one rival brought for one reading.
    ///
    /// @param closed NaN if it predicts no logits
    /// @param texts none if it says nothing
    record Brought(double closed, List<String> texts, double seconds) {}

    /// What all of them brought, by name.
    record Tried(Map<String, Brought> rivals) {}

    List<RivalEvidence> run(List<StudyFile.Reading> readings) {
        List<FinishedParts.Part<Tried>> parts = readings.stream()
                .map(reading -> new FinishedParts.Part<>("rivals/" + reading.name(), () -> tried(reading)))
                .toList();
        List<Tried> all;
        try (Stage stage = arena.job().stage("rivals on the same targets", parts.size())) {
            all = rows.all(parts, Tried.class, stage);
        }
        return all.isEmpty()
                ? List.of()
                : all.getFirst().rivals().keySet().stream()
                        .map(name -> evidence(
                                name,
                                readings,
                                all.stream()
                                        .map(one -> Objects.requireNonNull(
                                                one.rivals().get(name)))
                                        .toList()))
                        .toList();
    }

    private RivalEvidence evidence(String name, List<StudyFile.Reading> readings, List<Brought> brought) {
        double[] closed = brought.stream().mapToDouble(Brought::closed).toArray();
        Interval mean = Double.isFinite(closed[0])
                ? Bootstrap.defaults(SEED)
                        .of(
                                closed.length,
                                chosen -> Arrays.stream(chosen)
                                        .mapToDouble(i -> closed[i])
                                        .average()
                                        .orElse(Double.NaN))
                : Interval.NONE;
        double[] seconds = brought.stream().mapToDouble(Brought::seconds).toArray();
        return new RivalEvidence(name, brought.size(), mean, right(readings, brought), Quantiles.lowerMedian(seconds));
    }

    private Interval right(List<StudyFile.Reading> readings, List<Brought> brought) {
        if (readings.size() < 2 || brought.stream().allMatch(one -> one.texts().isEmpty())) {
            return Interval.NONE;
        }
        List<MatchCase> cases = new ArrayList<>();
        for (int i = 0; i < brought.size(); i++) {
            StudyFile.Reading reading = readings.get(i);
            cases.add(new MatchCase(
                    reading.name(),
                    reading.prompt(),
                    Phrase.equal(brought.get(i).texts())));
        }
        return BlindMatching.of(reader, cases).right().interval();
    }

    private Tried tried(StudyFile.Reading reading) {
        arena.job().check();
        SearchTarget sought = lists.sought(reading.prompt());
        Map<String, Brought> rivals = new LinkedHashMap<>();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Decomposer decomposer = arena.towards(sought.target());
            Judge judge = new Judge(decomposer, SEED);
            rivals.put("five prompts", timed(() -> list(sought, judge)));
            rivals.put("best single prompt", timed(() -> single(sought, judge)));
            rivals.put("constant logit offset", timed(() -> offset(decomposer, judge)));
            rivals.put("amplified contrast, vague beginnings", timed(() -> vague(sought.target())));
            rivals.put("top logit differences", timed(() -> differences(decomposer)));
        }
        return new Tried(rivals);
    }

    private interface Trial {
        Brought run();
    }

    private static Brought timed(Trial trial) {
        long start = System.nanoTime();
        Brought brought = trial.run();
        return new Brought(brought.closed(), brought.texts(), (System.nanoTime() - start) / 1e9);
    }

    private Brought list(SearchTarget sought, Judge judge) {
        List<String> texts = lists.of(sought, SEED).stream().map(Phrase::text).toList();
        List<HardPrompt> atoms = texts.stream()
                .map(text -> HardPrompt.of(text, arena.chat().tokenizer()))
                .toList();
        return new Brought(judge.closed(judge.refitted(atoms).left()).value(), texts, 0);
    }

    private Brought single(SearchTarget sought, Judge judge) {
        List<HardPrompt> candidates = Screen.prompts(
                arena.screen()
                        .candidates(sought.sketch(), SINGLES, arena.atlas().indices(sought.forbidden())),
                arena.chat().tokenizer());
        Judge.Fitted best = judge.greedy(candidates, 1);
        return new Brought(
                judge.closed(best.left()).value(),
                List.of(best.atoms().getFirst().text()),
                0);
    }

    private Brought offset(Decomposer decomposer, Judge judge) {
        SplitStates fit = decomposer.fit();
        SplitStates test = decomposer.test();
        LogitOffset offset = LogitOffset.fit(fit.target(), fit.base(), decomposer.unembedding());
        double[] left = offset.kl(test.target(), test.base(), decomposer.unembedding());
        return new Brought(judge.closed(test.sums(left).foreign()).value(), List.of(), 0);
    }

    private Brought vague(Behaviour target) {
        ChatModel chat = arena.chat();
        List<int[]> tails = VAGUE.stream()
                .map(word -> chat.slot().tail(chat.slot().user(""), chat.slot().answer(word)))
                .toList();
        List<int[]> written = new Generator(chat)
                .contrastsBehind(target, Behaviour.BASE, GAMMA, tails, Sampling.defaults(ANSWER_TOKENS, SEED));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            texts.add(VAGUE.get(i) + chat.tokenizer().continued(written.get(i)));
        }
        return new Brought(Double.NaN, texts, 0);
    }

    private Brought differences(Decomposer decomposer) {
        SplitStates fit = decomposer.fit();
        Map<Integer, Integer> counts = new HashMap<>();
        for (long start = 0; start < fit.base().size(0); start += 64) {
            try (TensorScope _ = new TensorScope()) {
                long count = Math.min(64, fit.base().size(0) - start);
                Tensor gain = decomposer
                        .unembedding()
                        .logits(fit.target().narrow(0, start, count))
                        .sub(decomposer.unembedding().logits(fit.base().narrow(0, start, count)));
                for (long token : Torch.toLongs(gain.topk(TOP).get1())) {
                    counts.merge(Math.toIntExact(token), 1, Integer::sum);
                }
            }
        }
        String words = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(one -> arena.chat().tokenizer().continued(new int[] {one.getKey()}))
                .filter(word -> WORD.matcher(word).matches())
                .limit(WORDS)
                .map(String::strip)
                .reduce((first, second) -> first + " " + second)
                .orElse("");
        return new Brought(Double.NaN, List.of(words), 0);
    }
}
