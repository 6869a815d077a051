package assay.lab.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static final List<String> PROMPTS = SameMeaning.spread(MadeUpCases.background(), 800);
    private static final Reader READER = new LexicalReader(MadeUpCases.corpus());

    @Test
    void partsNamedByAtomsOfTheirOwnAreNamed() {
        Parts parts = Parts.of(
                READER,
                List.of("a robot", "unhappy with its job"),
                List.of(
                        new Phrase("You are unhappy with your job.", 0.4),
                        new Phrase("Answer in haste.", 0.2),
                        new Phrase("You are a robot with no legs.", 0.3)),
                PROMPTS);
        assertThat(parts.found()).allMatch(Parts.Found::isNamed);
        assertThat(parts.found().get(0).atom().orElseThrow().text()).contains("robot");
        assertThat(parts.found().get(1).atom().orElseThrow().text()).contains("unhappy");
        assertThat(named(parts)).isEqualTo(2);
    }

    @Test
    void oneAtomNamesOnePartOnly() {
        Phrase both = new Phrase("You are a robot, unhappy with your job.", 1);
        Parts parts = Parts.of(READER, List.of("a robot", "unhappy with its job"), List.of(both), PROMPTS);
        assertThat(parts.found().stream().filter(found -> found.atom().isPresent()))
                .hasSize(1);
        assertThat(named(parts)).isLessThanOrEqualTo(1);
    }

    @Test
    void theAssignmentIsTheBestAsAWhole() {
        // Greedy would give the first part its best atom and leave the second with nothing.
        Reader table = new Reader() {
            @Override
            public String name() {
                return "table";
            }

            @Override
            public double[][] similarities(List<String> texts, List<String> others) {
                return others.size() == 1 ? new double[][] {{0}, {0}} : new double[][] {{0.9, 0.8}, {0.7, 0.1}};
            }
        };
        Parts parts = Parts.of(
                table, List.of("one", "two"), List.of(new Phrase("a", 1), new Phrase("b", 1)), List.of("random"));
        assertThat(parts.found().get(0).atom().orElseThrow().text()).isEqualTo("b");
        assertThat(parts.found().get(1).atom().orElseThrow().text()).isEqualTo("a");
    }

    @Test
    void negativeAtomsNameNothing() {
        Parts parts = Parts.of(READER, List.of("a robot"), List.of(new Phrase("You are a robot.", -0.5)), PROMPTS);
        assertThat(parts.found().getFirst().atom()).isEmpty();
        assertThat(named(parts)).isZero();
    }

    @Test
    void randomAtomsSeldomNameAPartHoweverManyThereAre() {
        List<String> parts = List.of("a robot", "unhappy with its job", "speaks French", "a doctor", "loves the sea");
        SplittableRandom random = new SplittableRandom(2);
        int named = 0;
        int single = 0;
        for (int draw = 0; draw < 8; draw++) {
            List<Phrase> atoms = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                atoms.add(new Phrase(PROMPTS.get(random.nextInt(PROMPTS.size())), 0.1));
            }
            Parts found = Parts.of(READER, parts, atoms, PROMPTS);
            named += (int) named(found);
            single += (int) found.found().stream()
                    .filter(one -> one.likeness() > one.single())
                    .count();
        }
        assertThat(named).isLessThanOrEqualTo(6);
        assertThat(single).isGreaterThan(16);
    }

    @Test
    void moreThanTwelvePartsOrNoRandomPhrasesAreRefused() {
        assertThatThrownBy(() -> Parts.of(READER, List.of("a"), List.of(), List.of()))
                .hasMessageContaining("found 1 and 0");
    }

    private static long named(Parts parts) {
        return parts.found().stream().filter(Parts.Found::isNamed).count();
    }
}
