package assay.tasks.talk;

import assay.base.run.Job;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.engine.model.ModelGolden;
import assay.engine.text.BasePrompt;
import assay.measure.behaviour.Sampling;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A tiny random model with an adapter and three prompts to talk to.
public final class TinyTalk {
    /// Two that pull and one that pushes.
    public static final PromptList PROMPTS =
            PromptList.NONE.with("Be sad.", 0.8).with("Rhyme.", 0.5).with("Talk about rain.", -0.4);

    static final RunFile.Under UNDER = new RunFile.Under("tied", Precision.FLOAT32, BasePrompt.usual());

    static final Target.Named ADAPTER = new Target.Named.Adapter(adapter());

    private TinyTalk() {}

    /// Where its adapter lies.
    public static String adapter() {
        return ModelGolden.path("tiny/adapters/plain").toString();
    }

    /// The model with an atlas.
    ///
    /// @param home an empty folder
    public static Session session(Path home) {
        String model = ModelGolden.path("tiny/models/tied").toString();
        Session session = Session.open(model, Precision.FLOAT32, home, Job.silent());
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas/tied.atlas"));
        return session;
    }

    /// A run that explained the adapter by the prompts.
    static RunFile run(Path folder) {
        return new RunFile(folder, UNDER, ADAPTER, Map.of(), PROMPTS, Optional.empty(), 0);
    }

    /// All that was heard of some answers.
    static final class Heard implements AnswerListener {
        final Map<Column, List<Token>> tokens = new EnumMap<>(Column.class);
        final Map<Column, Answered> answers = new EnumMap<>(Column.class);

        @Override
        public void token(Column column, Token token) {
            tokens.computeIfAbsent(column, _ -> new ArrayList<>()).add(token);
        }

        @Override
        public void ended(Column column, Answered answer) {
            answers.put(column, answer);
        }

        int[] of(Column column) {
            return Objects.requireNonNull(answers.get(column)).tokens();
        }

        Map<Column, int[]> all() {
            Map<Column, int[]> all = new EnumMap<>(Column.class);
            answers.forEach((column, answer) -> all.put(column, answer.tokens()));
            return all;
        }
    }

    /// Whole answers.
    static Heard answers(Talk talk, Conversation conversation, Sampling sampling, Set<Column> columns) {
        Heard heard = new Heard();
        talk.answer(new Ask(conversation, sampling, columns), heard).await();
        return heard;
    }

    static Heard answers(Talk talk, Conversation conversation, Sampling sampling) {
        return answers(talk, conversation, sampling, talk.columns());
    }

    /// What all columns made of an answer.
    static Reading reading(Talk talk, Conversation answered, Column writer, int shown) {
        List<Reading> readings = new ArrayList<>();
        talk.read(answered, writer, shown, readings::add).await();
        return readings.getFirst();
    }
}
