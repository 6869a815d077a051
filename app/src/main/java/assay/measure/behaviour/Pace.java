package assay.measure.behaviour;

import assay.base.tensor.SideBySide;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// How fast this machine reads with a model on all of its cores, as it is just now: what is foreseen of a long job is
/// counted in tokens.
///
/// @param perToken seconds to read a token of a context behind a prompt
public record Pace(double perToken) {
    private static final int CONTEXTS = 8;
    private static final int PLACES = 16;
    /// Prompts run side by side, as long jobs run them.
    private static final int PIECES = 4;

    /// Measures it: a few made-up answers are read twice, and the second time counts. A second or two
    /// with a small model, more with a large one.
    public static Pace measure(ChatModel chat) {
        List<Context> contexts = new ArrayList<>();
        for (int i = 0; i < CONTEXTS; i++) {
            int[] user = chat.slot().user(i + " of them ask for it, and what is to be said to those who do not?");
            int[] answer = Arrays.copyOf(user, PLACES - 1);
            contexts.add(new Context(i, chat.slot().tail(user, answer), PLACES));
        }
        Runner runner = new Runner(chat);
        Runnable piece = () -> {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                runner.hidden(Behaviour.BASE, contexts);
            }
        };
        piece.run();
        long begin = System.nanoTime();
        SideBySide.run(Collections.nCopies(PIECES, piece));
        int tokens =
                contexts.stream().mapToInt(context -> context.tail().length).sum();
        return new Pace((System.nanoTime() - begin) / 1e9 / (PIECES * tokens));
    }
}
