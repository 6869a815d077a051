package assay.discover.atlas;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Sketcher;
import java.util.List;
import java.util.stream.IntStream;

/// Who does the pieces of a build: this process, or many machines. A piece says the same wherever
/// it is done, and the atlas is the same whoever did them.
public interface BuildCrew {
    /// How many pieces are done at once.
    int width();

    /// A piece of writing.
    ///
    /// @param examples prompts to show as a pattern
    /// @param count lines wanted
    record Writing(List<String> examples, int count, long seed) {}

    /// Lines the model writes, piece by piece in order.
    List<List<String>> lines(List<Writing> pieces);

    /// Some prompts of an atlas.
    ///
    /// @param to the first that is not among them
    record Portion(int from, int to) {}

    /// Sketches of prompts, portion by portion in order.
    ///
    /// @param planned an atlas, finished or not
    List<QuantisedRows> sketches(Atlas planned, List<Portion> portions);

    /// The same for somebody who waits.
    ///
    /// @param ran is called for every prompt that was run, on any thread; may throw to stop
    default List<QuantisedRows> sketches(Atlas planned, List<Portion> portions, Runnable ran) {
        List<QuantisedRows> all = sketches(planned, portions);
        all.forEach(rows -> IntStream.range(0, rows.rows()).forEach(_ -> ran.run()));
        return all;
    }

    /// This process alone.
    static BuildCrew alone(ChatModel chat) {
        return new BuildCrew() {
            @Override
            public int width() {
                return 1;
            }

            @Override
            public List<List<String>> lines(List<Writing> pieces) {
                return pieces.stream().map(piece -> written(piece, chat)).toList();
            }

            @Override
            public List<QuantisedRows> sketches(Atlas planned, List<Portion> portions) {
                return sketches(planned, portions, () -> {});
            }

            @Override
            public List<QuantisedRows> sketches(Atlas planned, List<Portion> portions, Runnable ran) {
                return portions.stream()
                        .map(portion -> sketched(planned, portion, chat, ran))
                        .toList();
            }
        };
    }

    /// Writes one piece.
    static List<String> written(Writing piece, ChatModel chat) {
        return new PromptSampler(chat).lines(piece.examples(), piece.count(), piece.seed());
    }

    /// Sketches of one portion.
    static QuantisedRows sketched(Atlas planned, Portion portion, ChatModel chat) {
        return sketched(planned, portion, chat, () -> {});
    }

    private static QuantisedRows sketched(Atlas planned, Portion portion, ChatModel chat, Runnable ran) {
        List<HardPrompt> prompts =
                Screen.prompts(planned.entries().subList(portion.from(), portion.to()), chat.tokenizer());
        try (Sketcher sketcher = new Sketcher(new Runner(chat), planned.probe(), planned.map())) {
            return QuantisedRows.of(sketcher.sketches(prompts, _ -> ran.run()));
        }
    }
}
