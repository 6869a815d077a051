package assay.tasks.distil;

import assay.ResourceException;
import assay.base.run.Machine;
import assay.engine.model.ChatModel;
import assay.train.SoftStudent;
import assay.train.Student;
import java.util.Arrays;

/// Says before anything starts whether a training fits into this machine.
final class Memory {
    /// Bytes of saved activations per token, block and unit of width: 58 to 90 were seen on the default model,
    /// with 8 to 32 user turns in a step.
    private static final long BYTES_PER_UNIT = 100;
    /// Copies of a student's numbers, four bytes each: itself, its start, its best, its slope, two moments.
    private static final long BYTES_PER_NUMBER = 24;

    private static final double USABLE = 0.85;

    private Memory() {}

    /// What is learnt from.
    ///
    /// @param places at which the teacher is heard
    /// @param tokensPerTurn that a user turn with its contexts and its question takes
    record Load(long places, long tokensPerTurn) {
        /// The shelf's user turns, each answered twice.
        static final Load SHELF = new Load((TurnShelf.MORE_TURNS + 92L) * 32, 64);
    }

    /// Bytes a training needs besides the open model: the graph of one step, the vocabulary's logits of one
    /// chunk, what the lessons keep, and the student.
    static long forecast(Student student, int turnsPerStep, Load load, ChatModel chat) {
        long width = chat.model().hidden();
        long tokens = student instanceof SoftStudent soft ? soft.length() : 0;
        long stepTokens = turnsPerStep * load.tokensPerTurn() + tokens + 32L;
        long graph = stepTokens * chat.model().layers() * width * BYTES_PER_UNIT;
        long logits = 256L * chat.model().vocabulary() * 12
                + 2L * width * chat.model().vocabulary();
        long lessons = load.places() * (width + 1) * 4;
        long numbers = student.shapes().stream()
                .mapToLong(shape -> Arrays.stream(shape).reduce(1, Math::multiplyExact))
                .sum();
        return graph + logits + lessons + numbers * BYTES_PER_NUMBER;
    }

    /// What a training will take, for the user to read.
    ///
    /// @param student the largest that is trained
    /// @throws ResourceException if it would not fit
    static String require(Student student, int turnsPerStep, Load load, ChatModel chat) {
        long needed = forecast(student, turnsPerStep, load, chat);
        long weights = chat.model().tensorShapes().values().stream()
                .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact)
                        * chat.model().dtype().bytes())
                .sum();
        long there = (long) (Machine.current().memoryBytes() * USABLE);
        if (needed + weights > there) {
            throw new ResourceException(
                    "memory: expected " + gigabytes(needed + weights) + " GB for the model and its training, found "
                            + gigabytes(there)
                            + " GB usable. Take "
                            + (student instanceof SoftStudent ? "fewer --tokens" : "a lower --rank")
                            + " or a smaller model.");
        }
        return "memory: about " + gigabytes(needed + weights) + " GB for the model and its training, of "
                + gigabytes(there) + " GB usable";
    }

    private static String gigabytes(long bytes) {
        return String.format(java.util.Locale.ROOT, "%.1f", bytes / 1e9);
    }
}
