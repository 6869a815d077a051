package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.discover.atlas.Atlas;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Runner;
import assay.measure.judge.Explanation.SplitSize;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.train.Teacher;
import assay.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The contexts one teacher's students learn from and are examined on.
///
/// @param foreign user turns with answers others wrote
/// @param own user turns with the teacher's answers
public record Curriculum(Probe foreign, Probe own) {
    /// Fetches the foreign contexts from their shelf and lets the teacher answer.
    public static Curriculum of(ChatModel chat, Optional<Atlas> atlas, Behaviour teacher, long seed, Job job) {
        Probe foreign = TurnShelf.foreign(chat, atlas, job);
        try (Stage stage = job.stage("the teacher answers", 0)) {
            Curriculum curriculum = on(foreign, chat, teacher, seed);
            stage.advance(curriculum.own().turns().size());
            return curriculum;
        }
    }

    /// Fetches the foreign contexts from their shelf, for a teacher whose answers are known.
    public static Curriculum answered(ChatModel chat, Optional<Atlas> atlas, Probe own, Job job) {
        return new Curriculum(TurnShelf.foreign(chat, atlas, job), own);
    }

    /// These contexts, and the teacher's answers to their user turns.
    public static Curriculum on(Probe foreign, ChatModel chat, Behaviour teacher, long seed) {
        return new Curriculum(foreign, new ProbeMaker(chat).ownToLearnFrom(foreign, teacher, seed));
    }

    /// The user turns of examples, answered by the base and by the teacher.
    ///
    /// @param splits seed of their splits
    public static Curriculum ofExamples(ChatModel chat, Examples examples, Behaviour teacher, long splits, long seed) {
        return on(answeredByBase(chat, examples, splits), chat, teacher, seed);
    }

    /// The user turns of examples, answered by the base.
    ///
    /// @param splits seed of their splits
    public static Probe answeredByBase(ChatModel chat, Examples examples, long splits) {
        return new ProbeMaker(chat).of(List.copyOf(examples.answers().keySet()), examples.splits(splits), 0);
    }

    /// Runs the teacher on everything once; tensors belong to the caller's scope.
    public TrainingSet trainingSet(Teacher teacher, ChatModel chat, Job job) {
        Runner runner = new Runner(chat, teacher.acting());
        List<TrainingSet.Lesson> lessons = TrainingSet.lessons(foreign, own, runner);
        try (Stage stage = job.stage("lessons prepared", lessons.size())) {
            return TrainingSet.of(runner, teacher, lessons, foreign, own, done -> {
                job.check();
                stage.advance(done);
            });
        }
    }

    /// Refuses a student that does not fit in front of the longest context.
    ///
    /// @throws InputException if it does not
    public void requireRoom(int tokens, ChatModel chat) {
        int room = chat.model().maxPositions() - longest(chat) - chat.slot().prefix(new int[0]).length;
        if (tokens > room) {
            throw new InputException("--tokens: expected at most " + room + ", found " + tokens + " ("
                    + chat.model().name() + " reads " + chat.model().maxPositions()
                    + " tokens). Take 16 if in doubt.");
        }
    }

    /// What a training on it has to hold.
    Memory.Load load(ChatModel chat) {
        return new Memory.Load(sizes().stream().mapToLong(SplitSize::positions).sum(), longest(chat));
    }

    /// Tokens of the longest context.
    private int longest(ChatModel chat) {
        Runner runner = new Runner(chat);
        return Stream.of(foreign, own)
                .flatMap(probe ->
                        Stream.of(Probe.Split.values()).flatMap(split -> probe.contexts(split, runner).stream()))
                .mapToInt(context -> context.tail().length)
                .max()
                .orElse(0);
    }

    /// How large the splits are.
    public List<SplitSize> sizes() {
        List<SplitSize> sizes = new ArrayList<>();
        for (Probe.Split split : Probe.Split.values()) {
            for (Probe probe : List.of(foreign, own)) {
                sizes.add(new SplitSize(
                        split.name().toLowerCase(Locale.ROOT),
                        probe.name(),
                        probe.turns(split).size(),
                        probe.positions(split)));
            }
        }
        return sizes;
    }
}
