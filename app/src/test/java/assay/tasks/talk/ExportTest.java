package assay.tasks.talk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import assay.engine.model.ModelGolden;
import assay.tasks.session.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is exported says the same elsewhere. `bench/golden/mixture.py` ran the program with transformers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportTest {
    @SuppressWarnings("NullAway.Init")
    private Session session;

    @SuppressWarnings("NullAway.Init")
    private WorkQueue queue;

    @SuppressWarnings("NullAway.Init")
    private Talk talk;

    @BeforeAll
    void open(@TempDir Path home) {
        session = TinyTalk.session(home);
        queue = new WorkQueue();
        talk = Talk.open(session, queue, TinyTalk.run(home));
    }

    @AfterAll
    void close() {
        talk.close();
        queue.close();
        session.close();
    }

    @Test
    void thePythonProgramIsTheOneThatTransformersRan() throws Exception {
        assertThat(Export.python(talk.chat(), "tied", "plain", TinyTalk.PROMPTS))
                .isEqualTo(Files.readString(ModelGolden.path("mixture/mixture.py")));
    }

    @Test
    void thePythonProgramGivesTheLogitsOfTheTalk() {
        for (JsonNode answer : ModelGolden.json("mixture/expected.json")) {
            int[] tokens = new int[answer.path("tokens").size()];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = answer.path("tokens").get(i).asInt();
            }
            Conversation asked = Conversation.of(answer.path("user").asString());
            Reading reading = TinyTalk.reading(talk, asked.begun(tokens), Column.MIXTURE, 272);
            for (Reading.Place place : reading.places()) {
                JsonNode logits = answer.path("logits").get(place.place());
                double level = Double.NaN;
                for (Reading.Choice choice : Objects.requireNonNull(
                                place.columns().get(Column.MIXTURE))
                        .likeliest()) {
                    double logit = logits.get(choice.token()).asDouble();
                    level = Double.isNaN(level) ? logit - Math.log(choice.probability()) : level;
                    assertThat(Math.log(choice.probability()) + level).isCloseTo(logit, within(2e-3));
                }
            }
        }
    }

    @Test
    void textNamesTheHeaviestFirstAndLeavesOutWhatIsOff() {
        assertThat(Export.text(TinyTalk.PROMPTS.switched(1, false)))
                .isEqualTo("+0.800 Be sad.\n-0.400 Talk about rain.\n");
    }
}
