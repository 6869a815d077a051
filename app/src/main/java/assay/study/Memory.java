package assay.study;

import assay.ResourceException;
import assay.model.ChatModel;
import assay.run.Machine;

/// Says before anything starts whether a training fits into this machine.
final class Memory {
    /// Bytes of saved activations per token, block and unit of width: 58 to 90 were seen on the default model,
    /// with 8 to 32 user turns in a step.
    private static final long BYTES_PER_UNIT = 100;
    /// Tokens a user turn with its contexts and its question takes.
    private static final long TOKENS_PER_TURN = 64;

    private static final double USABLE = 0.85;

    private Memory() {}

    /// The longest student asked for, soft tokens.
    static int longest(Distil.Options options) {
        return options.sweep().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /// Bytes a training needs besides the open model: the graph of one step, the vocabulary's logits of one
    /// chunk, and what the lessons keep.
    static long forecast(int tokens, int turnsPerStep, ChatModel chat) {
        long width = chat.model().hidden();
        long stepTokens = turnsPerStep * TOKENS_PER_TURN + tokens + 32L;
        long graph = stepTokens * chat.model().layers() * width * BYTES_PER_UNIT;
        long logits = 256L * chat.model().vocabulary() * 12
                + 2L * width * chat.model().vocabulary();
        long lessons = (TurnShelf.MORE_TURNS + 92L) * 32 * (width + 1) * 4;
        return graph + logits + lessons;
    }

    /// What a training will take, for the user to read.
    ///
    /// @throws ResourceException if it would not fit
    static String require(Distil.Options options, ChatModel chat) {
        int tokens = Math.max(options.tokens(), longest(options));
        long needed = forecast(tokens, options.training().turnsPerStep(), chat);
        long weights = chat.model().tensorShapes().values().stream()
                .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact)
                        * chat.model().dtype().bytes())
                .sum();
        long there = (long) (Machine.current().memoryBytes() * USABLE);
        if (needed + weights > there) {
            throw new ResourceException(
                    "memory: expected " + gigabytes(needed + weights) + " GB for the model and its training, found "
                            + gigabytes(there)
                            + " GB usable. Take fewer --tokens or a smaller model.");
        }
        return "memory: about " + gigabytes(needed + weights) + " GB for the model and its training, of "
                + gigabytes(there) + " GB usable";
    }

    private static String gigabytes(long bytes) {
        return String.format(java.util.Locale.ROOT, "%.1f", bytes / 1e9);
    }
}
