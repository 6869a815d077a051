package assay.lab.studyfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import assay.InputException;
import assay.base.run.Sha256;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import assay.discover.atlas.NearDuplicates;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.TargetKind;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.judge.Claim;
import assay.measure.judge.Gates;
import assay.tasks.distil.Bake;
import assay.tasks.session.TargetSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Study files: a small one is read whole, each kind of fault is refused with its line, and all faults at once.
class StudyFileTest {
    private static final String COMMAND = "assay verdict";

    /// Seventeen lines; what the tests below replace stands on the line they name.
    private static final String STUDY = """
            {
              "schema_version": 1, "name": "small", "seeds": [0, 1], "sizes": [1, 2, 5],
              "gates": {"closed": 0.8},
              "predictions": [{"claim": "S1", "holds": "no", "why": "steps"}],
              "effort": {"candidates": 10, "search": 4, "pool": 20},
              "targets": [
                {"name": "cook", "class": "prompt", "prompt": "You cook."},
                {"name": "two", "class": "planted", "mixture": [{"prompt": "A", "weight": 1}, {"prompt": "B", "weight": -0.5}]},
                {"name": "lora", "class": "adapter", "adapter": "pirate"}, {"name": "soft", "class": "soft", "distilled": "baked"},
                {"name": "random", "class": "random-soft", "random_tokens": 8, "seed": 3}, {"name": "noise", "class": "null-noise", "prompt": "x"}],
              "adapters": [{"name": "baked", "class": "skill", "predicted": "fails", "why": "new", "data": "data.jsonl", "seeds": 2, "steps": 7}],
              "readings": [{"name": "cook", "prompt": "You cook."}, {"name": "sad", "prompt": "Be sad."}],
              "edits": [{"target": "sad", "words": [{"from": "sad", "to": "happy"}], "towards": "Be happy."}], "contrasted": true,
              "compositions": [{"prompt": "A sad cook.", "parts": ["sad", "a cook"]}],
              "predicates": "predicates.json",
              "quick": {"seeds": [0], "sizes": [1, 5], "effort": {"pool": 5}, "targets": ["cook", "soft"], "adapters": ["baked"], "readings": "all", "edits": 0, "compositions": 1, "predicates": ["states"]}
            }
            """;

    /// What is right, what stands in its place, and what is then wrong.
    private static final String FAULTS = """
            "seeds": [0, 1], ¦ "seedz": [0, 1], ¦ line 2: unknown field "seedz"
            "seeds": [0, 1], ¦  ¦ line 1: missing "seeds"
            "schema_version": 1,  ¦  ¦ line 1: missing "schema_version"
            "schema_version": 1, ¦ "schema_version": 2, ¦ line 2: "schema_version": expected a whole number from 1 to 1, found 2
            "name": "small" ¦ "name": 7 ¦ line 2: "name": expected a text, found 7
            "name": "small" ¦ "name": "small", "name": "b" ¦ line 2: "name" twice in one object
            [0, 1] ¦ [1, 1] ¦ line 2: "seeds": expected different seeds, found [1, 1]
            [0, 1] ¦ [] ¦ line 2: "seeds" is empty
            [0, 1] ¦ [0, 1.5] ¦ line 2: "seeds": expected a whole number
            [0, 1] ¦ [0, -1] ¦ line 2: "seeds": expected a whole number
            [1, 2, 5], ¦ [1, 5, 2], ¦ line 2: "sizes": expected ascending sizes, found 2 after 5
            [1, 2, 5], ¦ [0, 2, 5], ¦ line 2: "sizes": expected a whole number from 1 to 500, found 0
            [1, 2, 5], ¦ [1, 5, 501], ¦ line 2: "sizes": expected a whole number from 1 to 500, found 501
            {"closed": 0.8} ¦ {"closed": 0} ¦ line 3: "closed": expected a number above 0 and at most 1, found 0
            {"closed": 0.8} ¦ {"closed": 1.01} ¦ line 3: "closed": expected a number above 0 and at most 1, found 1.01
            {"closed": 0.8} ¦ {"closed": "NaN"} ¦ line 3: "closed": expected a number above 0 and at most 1, found "NaN"
            {"closed": 0.8} ¦ {"open": 0.8} ¦ line 3: unknown field "open", known here: closed, gain
            {"closed": 0.8} ¦ 0.8 ¦ line 3: "gates": expected an object, found 0.8
            "claim": "S1" ¦ "claim": "S7" ¦ line 4: "claim": expected one of S1, S2, S3, S4, S5, S6, found "S7"
            "holds": "no" ¦ "holds": "maybe" ¦ line 4: "holds": expected one of yes, no, undecided
            "why": "steps"} ¦ "why": "steps"}, {"claim": "S1", "holds": "yes", "why": "w"} ¦ line 4: claim S1 predicted twice
            "candidates": 10 ¦ "candidates": 3 ¦ line 5: "search": expected at most the 3 candidates, found 4
            "pool": 20 ¦ "pool": 4 ¦ line 5: "pool": expected at least the largest size, 5, found 4
            "pool": 20 ¦ "pool": 20, "turns": 0 ¦ line 5: "turns": expected a number above 0 and at most 1
            "name": "two" ¦ "name": "cook" ¦ line 8: name "cook" given twice
            "name": "two" ¦ "name": "Big Name" ¦ line 8: "name": expected small letters, digits and hyphens
            "class": "prompt" ¦ "class": "odd" ¦ line 7: "class": expected one of prompt, planted, soft, adapter, random-soft, gibberish, null-shuffled, null-noise, null-untrained, found "odd"
            "adapter": "pirate"} ¦ "adapter": "pirate", "prompt": "x"} ¦ line 9: expected exactly one of
            "class": "planted" ¦ "class": "gibberish" ¦ line 8: class "gibberish": expected "prompt", found "mixture"
            "adapter": "pirate" ¦ "adapter": "nowhere" ¦ line 9: "adapter": expected a PEFT folder
            "distilled": "baked" ¦ "distilled": "raw" ¦ line 9: "distilled": expected a name of "adapters", found "raw"
            , {"prompt": "B", "weight": -0.5} ¦  ¦ line 8: "mixture": expected at least 2 prompts, found 1
            {"prompt": "B" ¦ {"prompt": "A" ¦ line 8: "A" twice in "mixture"
            "weight": -0.5 ¦ "weight": 0 ¦ line 8: "weight" is 0
            "weight": -0.5 ¦ "weight": 1e999 ¦ line 8: "weight": expected a number above -10
            "random_tokens": 8 ¦ "random_tokens": 0 ¦ line 10: "random_tokens": expected a whole number from 1 to 256, found 0
            "class": "skill" ¦ "class": "prompt" ¦ line 11: "class": expected one of elicitation, topic, memorised, skill, broad
            "predicted": "fails" ¦ "predicted": "perhaps" ¦ line 11: "predicted": expected one of works, fails
            "data": "data.jsonl" ¦ "data": "none.jsonl" ¦ line 11: "data": expected a file
            "why": "new" ¦ "why": " " ¦ line 11: "why": expected a text
            "seeds": 2 ¦ "seeds": 3 ¦ line 11: "seeds": expected a whole number from 1 to 2, found 3
            "prompt": "You cook."}, {"name": "sad" ¦ "prompt": "You bake."}, {"name": "sad" ¦ line 12: reading "cook": expected the prompt of the target of that name
            , {"name": "sad", "prompt": "Be sad."} ¦  ¦ line 12: "readings": expected none or at least 2 to tell apart, found 1
            "Be sad." ¦ "You cook." ¦ line 12: prompt of another reading again
            "target": "sad" ¦ "target": "glad" ¦ line 13: "target": expected the name of a reading or target, found "glad"
            "to": "happy" ¦ "to": "sad" ¦ line 13: "to": expected another word than "from"
            "words": [{"from": "sad", "to": "happy"}],  ¦  ¦ line 13: missing "words"
            "contrasted": true ¦ "contrasted": 1 ¦ line 13: "contrasted": expected true or false, found 1
            "contrasted": true, ¦ "contrasted": null, ¦ line 13: "contrasted": expected true or false, found null
            "edits": 0 ¦ "edits": 0, "contrasted": "yes" ¦ line 16: "contrasted": expected true or false
            ["sad", "a cook"] ¦ ["sad"] ¦ line 14: "parts": expected at least 2, found 1
            ["sad", "a cook"] ¦ ["sad", "sad"] ¦ line 14: "sad" twice in "parts"
            ["sad", "a cook"] ¦ "sad" ¦ line 14: "parts": expected a list, found "sad"
            "predicates": "predicates.json" ¦ "predicates": "odd.json" ¦ line 15: "predicates": expected a file
            ["cook", "soft"] ¦ ["cook", "hard"] ¦ line 16: "quick": expected names of "targets", found "hard"
            "adapters": ["baked"] ¦ "adapters": ["raw"] ¦ line 16: "quick": expected names of "adapters", found "raw"
            "adapters": ["baked"] ¦ "adapters": ["raw"] ¦ line 16: "quick": target "soft" is distilled from "baked", which it leaves out
            "seeds": [0] ¦ "seeds": [4] ¦ line 16: "quick": expected some of the study's seeds, found 4
            "sizes": [1, 5] ¦ "sizes": [1, 4] ¦ line 16: "quick": expected some of the study's sizes, found 4
            {"pool": 5} ¦ {"pool": 21} ¦ line 16: "quick": expected no more effort than the whole study's
            "compositions": 1 ¦ "compositions": 2 ¦ line 16: "compositions": expected a whole number from 0 to 1, found 2
            "readings": "all", "edits": 0 ¦ "readings": 1, "edits": 1 ¦ line 16: "quick": an edit needs "sad", which it leaves out
            "quick": { ¦ "quick": {"gates": {"closed": 0.1},  ¦ line 16: unknown field "gates"
            "class": "prompt", "prompt": "You cook." ¦ "class": "prompt", "text": "You cook." ¦ line 7: expected exactly one of "prompt", "mixture", "soft", "random_tokens", "adapter", "distilled", found none
            "class": "prompt", "prompt": "You cook." ¦ "class": "prompt", "text": "You cook." ¦ line 7: unknown field "text"
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @BeforeEach
    void filesTheStudyNames() throws IOException {
        Files.createDirectory(folder.resolve("pirate"));
        Files.writeString(folder.resolve("pirate/adapter_config.json"), "{}");
        Files.writeString(folder.resolve("data.jsonl"), "");
        Files.writeString(folder.resolve("predicates.json"), "{}");
    }

    /// Trainers leave `checkpoint-N`, PEFT a folder of an adapter's name.
    @Test
    void anAdapterIsFoundAsCommandsFindIt() throws IOException {
        Path inner = Files.createDirectories(folder.resolve("trained/checkpoint-40/mine"));
        Files.writeString(inner.resolve("adapter_config.json"), "{}");
        Path weights = Files.writeString(inner.resolve("adapter_model.safetensors"), "");
        assertThat(lora("trained")).isEqualTo(inner.toString());
        assertThat(lora("trained/checkpoint-40")).isEqualTo(inner.toString());
        assertThat(lora("owner/repo")).isEqualTo("owner/repo");
        assertThat(lora("owner/repo@main/part")).isEqualTo("owner/repo@main/part");
        refused("trained/checkpoint-41", "\"adapter\": expected a PEFT folder");
        refused("../nowhere/at-all", "\"adapter\": expected a PEFT folder");
        refused("data.jsonl", "\"adapter\": expected a PEFT folder, found a file");
        Files.delete(weights);
        refused("trained", "\"adapter\": expected adapter_model.safetensors, found none");
        Path other = Files.createDirectories(folder.resolve("trained/checkpoint-80"));
        Files.writeString(other.resolve("adapter_config.json"), "{}");
        refused("trained", "[checkpoint-40/mine/, checkpoint-80/]");
    }

    private String lora(String spec) throws IOException {
        Path file = Files.writeString(
                folder.resolve("study.json"),
                STUDY.replace("\"adapter\": \"pirate\"", "\"adapter\": \"" + spec + "\""));
        return StudyFile.read(file, COMMAND).targets().stream()
                .map(StudyFile.Target::source)
                .filter(StudyFile.Source.Lora.class::isInstance)
                .map(source -> ((StudyFile.Source.Lora) source).folder())
                .findFirst()
                .orElseThrow();
    }

    private void refused(String spec, String told) {
        assertThatThrownBy(() -> lora(spec))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 9: ")
                .hasMessageContaining(told);
    }

    @Test
    void everyFieldIsRead() throws IOException {
        StudyFile study = StudyFile.read(write(STUDY), COMMAND);
        assertThat(study.plan().name()).isEqualTo("small");
        assertThat(study.plan().sha256()).isEqualTo(Sha256.of(folder.resolve("study.json")));
        assertThat(study.plan().seeds()).containsExactly(0L, 1L);
        assertThat(study.plan().gates()).isEqualTo(new Gates(0.8, 0.10, 0.80, 0.90, 0.80, 0.50, 0.90));
        assertThat(study.plan().predictions()).hasSize(1);
        assertThat(study.sizes()).containsExactly(1, 2, 5);
        assertThat(study.effort()).isEqualTo(new StudyFile.Effort(10, 4, 20, 5, 1.0, 100, 60, 6));
        assertThat(study.targets())
                .extracting(StudyFile.Target::source)
                .containsExactly(
                        plain(new TargetSource.Prompt("You cook.")),
                        plain(new TargetSource.Planted(
                                List.of(new WeightedPrompt("A", 1.0), new WeightedPrompt("B", -0.5)), false)),
                        new StudyFile.Source.Lora(folder.resolve("pirate").toString()),
                        new StudyFile.Source.Distilled("baked"),
                        plain(new TargetSource.RandomSoft(8, 3)),
                        plain(new TargetSource.Prompt("x")));
        assertThat(study.adapters())
                .containsExactly(new StudyFile.Adapter(
                        "baked",
                        "skill",
                        false,
                        "new",
                        new StudyFile.Origin.Baked(new Bake.Source.Data(folder.resolve("data.jsonl")), 7),
                        2));
        assertThat(study.tasks().edits())
                .containsExactly(
                        new StudyFile.Edit("sad", List.of(new StudyFile.Replacement("sad", "happy")), "Be happy."));
        assertThat(study.tasks().contrasted()).isTrue();
        assertThat(study.tasks().compositions())
                .containsExactly(new StudyFile.Composition("A sad cook.", List.of("sad", "a cook")));
        assertThat(study.predicates().file()).contains(folder.resolve("predicates.json"));
    }

    @Test
    void quickIsASubsetUnderTheSameGates() throws IOException {
        StudyFile study = StudyFile.read(write(STUDY), COMMAND);
        StudyFile quick = study.quick();
        assertThat(quick.plan().quick()).isTrue();
        assertThat(quick.plan().sha256()).isEqualTo(study.plan().sha256());
        assertThat(quick.plan().gates()).isEqualTo(study.plan().gates());
        assertThat(quick.plan().seeds()).containsExactly(0L);
        assertThat(quick.sizes()).containsExactly(1, 5);
        assertThat(quick.effort()).isEqualTo(new StudyFile.Effort(10, 4, 5, 5, 1.0, 100, 60, 6));
        assertThat(quick.targets()).extracting(StudyFile.Target::name).containsExactly("cook", "soft");
        assertThat(quick.adapters()).extracting(StudyFile.Adapter::seeds).containsExactly(1);
        assertThat(quick.tasks().readings()).isEqualTo(study.tasks().readings());
        assertThat(quick.tasks().edits()).isEmpty();
        assertThat(quick.predicates().names()).containsExactly("states");
    }

    @Test
    void quickOfAStudyWithoutOneIsRefused() throws IOException {
        StudyFile study = StudyFile.read(write(minimal()), COMMAND);
        assertThat(study.plan().gates()).isEqualTo(Gates.defaults());
        assertThatThrownBy(study::quick)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a part \"quick\"");
    }

    static Stream<Arguments> faults() {
        return FAULTS.lines().map(line -> Arguments.of((Object[]) line.split(" ¦ ", -1)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void everyFaultIsNamedWithItsLine(String right, String wrong, String problem) throws IOException {
        assertThat(STUDY).contains(right);
        assertThat(refusal(STUDY.replace(right, wrong))).startsWith(begin()).contains(problem);
    }

    @Test
    void allFaultsAreToldAtOnceInTheOrderOfTheFile() throws IOException {
        String broken = STUDY.replace("\"to\": \"happy\"", "\"tow\": \"happy\"")
                .replace("\"seeds\": [0, 1]", "\"seedz\": [0, 1]")
                .replace("\"class\": \"prompt\"", "\"class\": \"odd\"");
        assertThat(refusal(broken).lines()).hasSize(1);
        assertThat(refusal(broken)).contains("found 5 problems (");
        assertThat(refusal(broken))
                .contains("expected a valid study file, found ")
                .containsSubsequence(
                        "line 1: missing \"seeds\"; ",
                        "line 2: unknown field \"seedz\"",
                        "; line 7: \"class\"",
                        "; line 13: missing \"to\"",
                        "; line 13: unknown field \"tow\"")
                .endsWith(". Correct them.");
    }

    @Test
    void oneFaultIsOneProblem() throws IOException {
        assertThat(refusal(STUDY.replace("{\"closed\": 0.8}", "{\"closed\": 2}")))
                .isEqualTo("study: expected a valid study file, found 1 problem (" + folder.resolve("study.json")
                        + "): line 3: \"closed\": expected a number above 0 and at most 1, found 2. Correct it.");
    }

    @Test
    void noTargetsAreRefused() throws IOException {
        assertThat(refusal(minimal().replaceAll("\\[\\{.*}]", "[]"))).contains("line 1: \"targets\" is empty");
        assertThat(refusal(minimal().replace("targets", "target"))).contains("line 1: missing \"targets\"");
        assertThat(refusal(minimal().replaceAll("\\[\\{.*}]", "null")))
                .contains("line 1: \"targets\": expected a list, found null");
    }

    @Test
    void whatIsNoJsonIsRefusedWithLineAndColumn() throws IOException {
        assertThat(refusal("{\n  \"name\": oops\n}"))
                .startsWith("study: expected JSON, found ")
                .contains("line 2, column 1");
        assertThat(refusal(STUDY.replace("0.8", "NaN")))
                .contains("expected JSON")
                .contains("line 3, column");
        assertThat(refusal("{\n\"a\": [1,\n")).contains("line 3, column 1");
        assertThat(refusal("")).contains("expected JSON, found nothing");
        assertThat(refusal("{}\n{}"))
                .contains("expected one JSON value, found more after its end")
                .contains("line 2, column 1");
        assertThat(refusal("[".repeat(2000))).contains("expected JSON");
        assertThat(refusal("[1]")).contains("line 1: \"study\": expected an object, found a list");
    }

    @Test
    void whatIsNoFileIsRefused() {
        assertThatThrownBy(() -> StudyFile.read(folder.resolve("none.json"), COMMAND))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "study: expected a JSON file, found none (" + folder.resolve("none.json") + "). Correct it.");
        assertThatThrownBy(() -> StudyFile.read(folder, COMMAND))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a JSON file, found a folder");
    }

    @Test
    void shippedStudyIsReadAndItsQuickPartIsHonest() {
        StudyFile study = shipped();
        assertThat(study.plan().gates()).isEqualTo(Gates.defaults());
        assertThat(study.plan().predictions())
                .extracting(StudyEvidence.Prediction::claim)
                .isEqualTo(Claim.STUDIED);
        assertThat(study.plan().seeds()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(study.tasks().readings()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(study.tasks().compositions()).hasSizeGreaterThanOrEqualTo(8);
        StudyFile quick = study.quick();
        assertThat(quick.tasks().readings()).isEqualTo(study.tasks().readings());
        assertThat(quick.tasks().compositions()).hasSizeGreaterThanOrEqualTo(8);
        assertThat(kinds(quick)).isEqualTo(kinds(study));
    }

    @Test
    void noShippedCompositionIsInTheDictionaryNotEvenParaphrased() throws IOException {
        List<String> dictionary = dictionary();
        assertThat(dictionary).contains("Act as a pirate captain.");
        for (StudyFile.Composition composition : shipped().tasks().compositions()) {
            assertThat(dictionary.stream().filter(known -> NearDuplicates.isParaphrase(known, composition.prompt())))
                    .as(composition.prompt())
                    .isEmpty();
        }
    }

    @Test
    void shippedReadingsDifferFromEachOther() {
        List<String> prompts = shipped().tasks().readings().stream()
                .map(StudyFile.Reading::prompt)
                .toList();
        for (String prompt : prompts) {
            assertThat(prompts.stream().filter(other -> NearDuplicates.overlap(prompt, other) > 0.4))
                    .containsExactly(prompt);
        }
    }

    private static StudyFile shipped() {
        return StudyFile.read(Path.of("..", "examples", "verdict", "study.json"), COMMAND);
    }

    private static List<String> dictionary() throws IOException {
        Path atlas = Path.of("..", "atlas", "smollm2-135m.atlas");
        try (InputStream in = Files.newInputStream(atlas)) {
            return AtlasFile.read(in, atlas.toString()).entries().stream()
                    .map(Atlas.Entry::text)
                    .toList();
        }
    }

    private static Set<TargetKind> kinds(StudyFile study) {
        return study.targets().stream().map(StudyFile.Target::kind).collect(Collectors.toSet());
    }

    private static String minimal() {
        return "{\"schema_version\": 1, \"name\": \"m\", \"seeds\": [0], \"sizes\": [1],"
                + " \"targets\": [{\"name\": \"a\", \"class\": \"prompt\", \"prompt\": \"A\"}]}";
    }

    private static StudyFile.Source plain(TargetSource source) {
        return new StudyFile.Source.Plain(source);
    }

    private static String begin() {
        return "study: expected a valid study file, found ";
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("study.json"), text);
    }

    private String refusal(String text) throws IOException {
        Path file = write(text);
        return String.valueOf(catchThrowableOfType(InputException.class, () -> StudyFile.read(file, COMMAND))
                .getMessage());
    }
}
