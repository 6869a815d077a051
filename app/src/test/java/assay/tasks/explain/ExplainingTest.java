package assay.tasks.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.AtomicFiles;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.run.SavedState;
import assay.base.run.ToldJob;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.search.SearchPast;
import assay.discover.search.TargetSearch;
import assay.engine.text.BasePrompt;
import assay.measure.judge.Noise;
import assay.show.page.Style;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An explanation in its folder, on a tiny random model.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExplainingTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final Explain.Options SEARCHING =
            new Explain.Options(3, 6, 6, 2, new TargetSearch.Budget(Double.POSITIVE_INFINITY, 14), 0);
    private static final Explain.Options SMALL = SEARCHING.within(TargetSearch.Budget.NONE);
    private static final int TOKENS = 2;

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Session session;

    private int folders;

    @BeforeAll
    void open(@TempDir Path place) {
        folder = place;
        Path home = folder.resolve("home");
        String model = GOLDEN.resolve("tiny/models/tied").toString();
        session = Session.open(model, Precision.FLOAT32, home, Job.silent());
        AtlasShelf.write(TinyAtlas.of(session.chat()), home.resolve("atlas/tied.atlas"));
    }

    @AfterAll
    void close() {
        session.close();
    }

    @Test
    void whereverItWasStoppedAnExplanationGoesOnToTheSameDocuments() throws IOException {
        List<Map<String, byte[]>> stops = new ArrayList<>();
        String unbroken = documents(prompt(), SEARCHING, 0, folder("unbroken"), stops);
        assertThat(stops).hasSizeGreaterThan(8);
        for (Map<String, byte[]> stop : stops.subList(2, stops.size())) {
            Path out = folder("stopped");
            leave(prompt(), SEARCHING, 0, stop, out);
            assertThat(documents(prompt(), SEARCHING, 0, out, new ArrayList<>()))
                    .as("%s", stop.keySet())
                    .isEqualTo(unbroken);
        }
    }

    @Test
    void soDoesOneByWayOfASoftPrompt() throws IOException {
        Target adapter = session.adapter(GOLDEN.resolve("tiny/adapters/plain").toString());
        Path out = folder("unbroken");
        String unbroken = both(adapter, out);
        Map<String, byte[]> all = saved(out.resolve(Kept.FILE)).pieces();
        assertThat(all).hasSizeGreaterThan(9);
        for (int count = 1; count <= all.size(); count += 2) {
            Path stopped = folder("stopped");
            Map<String, byte[]> pieces = upTo(count, all).getLast();
            leave(adapter, SMALL, TOKENS, pieces, stopped);
            assertThat(both(adapter, stopped)).as("%s", pieces.keySet()).isEqualTo(unbroken);
        }
    }

    /// Both explanations of an adapter apart from times.
    private String both(Target adapter, Path out) {
        Atlas atlas = session.atlas().atlas();
        Distil.Options distil = Distil.Options.defaults(TOKENS, 0).withSteps(2);
        Curriculum curriculum = Curriculum.on(atlas.probe(), session.chat(), adapter.behaviour(), 0);
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            Kept kept = Kept.in(into, explaining(session).run(adapter, List.of(), SMALL, TOKENS), session.job());
            BySoftPrompt.Both both = new BySoftPrompt(session.chat(), atlas, session.job())
                    .run(adapter, List.of(), curriculum, SMALL, distil, kept);
            Explained explained =
                    new Explained(both.explanation(), Optional.of(both.chain()), Optional.of(both.soft()), Map.of(), 0);
            return timeless(explained.json()) + Arrays.deepToString(both.soft().numbers());
        }
    }

    @Test
    void whatAnotherExplanationLeftIsRefused() throws IOException {
        Path out = folder("other");
        leave(prompt(), SMALL, 0, Map.of(), out);
        assertThatThrownBy(() -> documents(session.prompt("Be sad."), SMALL, 0, out, new ArrayList<>()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("checkpoint: expected one of this run (name Be sad.)");
        assertThatThrownBy(() -> documents(prompt(), SEARCHING, 0, out, new ArrayList<>()))
                .hasMessageContaining("(options ")
                .hasMessageContaining("Name another --out, or give the options it was begun with.");
        Files.delete(out.resolve(Kept.FILE));
        leave(prompt(), SMALL, 0, Map.of(), Map.of("version", "0.0"), out);
        assertThatThrownBy(() -> documents(prompt(), SMALL, 0, out, new ArrayList<>()))
                .hasMessageContaining("(version 0.0)");
    }

    @Test
    void aDamagedStateIsSetAsideAndEverythingBeginsAnew() throws IOException {
        List<Map<String, byte[]>> stops = new ArrayList<>();
        String unbroken = documents(prompt(), SMALL, 0, folder("unbroken"), stops);
        Path out = folder("damaged");
        leave(prompt(), SMALL, 0, stops.getLast(), out);
        byte[] bytes = Files.readAllBytes(out.resolve(Kept.FILE));
        bytes[bytes.length - 20] ^= 1;
        Files.write(out.resolve(Kept.FILE), bytes);
        assertThat(documents(prompt(), SMALL, 0, out, new ArrayList<>())).isEqualTo(unbroken);
        assertThat(out.resolve("explanation.assay.damaged")).hasBinaryContent(bytes);
    }

    @Test
    void whereverTheStateIsDamagedItIsToldOfAndTheDocumentsAreTheSame() throws IOException {
        List<Map<String, byte[]>> stops = new ArrayList<>();
        String unbroken = documents(prompt(), SMALL, 0, folder("unbroken"), stops);
        Path whole = folder("whole");
        leave(prompt(), SMALL, 0, stops.getLast(), whole);
        byte[] bytes = Files.readAllBytes(whole.resolve(Kept.FILE));
        for (int place : new int[] {0, 12, 40, bytes.length / 2, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[place] ^= 1;
            for (byte[] damaged : List.of(changed, Arrays.copyOf(bytes, place))) {
                Path out = folder("damaged");
                AtomicFiles.write(out.resolve(Kept.FILE), damaged);
                ToldJob told = new ToldJob();
                try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
                    explaining(session.doing(told.job()))
                            .explain(prompt(), List.of(), SMALL, 0, into)
                            .write(into, "report");
                }
                assertThat(timeless(Files.readString(out.resolve("report.json"))))
                        .isEqualTo(unbroken);
                assertThat(told.damages())
                        .singleElement()
                        .asString()
                        .contains("What it kept begins anew. The damaged file is kept as explanation.assay.damaged.");
            }
        }
    }

    @Test
    void siblingsAreMeasuredSaidInEveryFormAndPartOfWhatARunIs() throws IOException {
        List<Target> siblings = List.of(session.prompt("Be glad."), session.prompt("Be merry."));
        assertThat(explaining(session).run(prompt(), siblings, SMALL, 0))
                .isNotEqualTo(explaining(session).run(prompt(), siblings.subList(0, 1), SMALL, 0));
        Path out = folder("siblings");
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            Explained explained = explaining(session).explain(prompt(), siblings, SMALL, 0, into);
            explained.write(into, "report");
            Noise noise = explained.explanation().comparison().noise().orElseThrow();
            assertThat(noise.foreign().ceiling().siblings()).isEqualTo(2);
            assertThat(explained.text(new Style(100, false)))
                    .contains("Second training runs", "A second run, mean of 2", "Without noise", "On own contexts");
        }
        assertThat(Files.readString(out.resolve("report.json")))
                .contains("\"noise\" : {", "\"foreign\" : {", "\"siblings\" : 2", "\"share\" :");
        assertThat(Files.readString(out.resolve("report.html"))).contains("What a second training run would reach");
    }

    @Test
    void anotherBaseIsAnotherRunAndSaidInEveryForm() throws IOException {
        String model = GOLDEN.resolve("tiny/models/tied").toString();
        Path out = folder("usual");
        leave(prompt(), SMALL, 0, Map.of(), out);
        String usual = documents(prompt(), SMALL, 0, folder("fresh"), new ArrayList<>());
        BasePrompt base = new BasePrompt.Text("Be sad.");
        try (Session sad = Session.open(model, Precision.FLOAT32, base, folder.resolve("home"), Job.silent())) {
            Target target = sad.prompt(prompt().name());
            assertThatThrownBy(() -> {
                        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
                            explaining(sad).explain(target, List.of(), SMALL, 0, into);
                        }
                    })
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("(base_prompt empty)");
            try (RunFolder into = Explaining.folder(Optional.of(folder("sad")), "x")) {
                Explained explained = explaining(sad).explain(target, List.of(), SMALL, 0, into);
                assertThat(explained.text(new Style(100, false))).contains("“Be sad.” · thinking none");
                assertThat(explained.html()).contains("base prompt “Be sad.”", "What the target read first");
                assertThat(timeless(explained.json())).contains("“Be sad.”").isNotEqualTo(usual);
                double nats = explained.explanation().divergence().foreign();
                assertThat(nats).isPositive();
                assertThat(usual).doesNotContain("\"kl_base\" : " + nats);
            }
        }
    }

    @Test
    void onlyTheFolderOfTheSameContentIsGoneOnWith() throws IOException {
        Path out = folder("begun");
        Map<String, String> run = explaining(session).run(prompt(), List.of(), SMALL, 0);
        Path file = out.resolve(Kept.FILE);
        leave(prompt(), SMALL, 0, Map.of("x", new byte[100]), out);
        assertThat(Kept.isOf(file, run)).isTrue();
        assertThat(Kept.isDamaged(file)).isFalse();
        assertThat(Kept.isOf(file, explaining(session).run(prompt(), List.of(), SEARCHING, 0)))
                .isFalse();
        // The same command with an adapter that was trained on since: only its hash differs.
        leave(prompt(), SMALL, 0, Map.of(), Map.of("target", "f".repeat(64)), out);
        assertThat(Kept.isOf(file, run)).isFalse();
        assertThat(Kept.isDamaged(file)).isFalse();
    }

    @Test
    void aDamagedStateIsStillKnownByItsHeadAndElseBelongsToNobody() throws IOException {
        Path out = folder("head");
        Map<String, String> run = explaining(session).run(prompt(), List.of(), SMALL, 0);
        leave(prompt(), SMALL, 0, Map.of("x", new byte[100]), out);
        Path file = out.resolve(Kept.FILE);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 50));
        assertThat(Kept.isOf(file, run)).isTrue();
        Files.write(file, Arrays.copyOf(bytes, 50));
        assertThat(Kept.isOf(file, run)).isFalse();
        assertThat(Kept.isDamaged(file)).isTrue();
        assertThat(Kept.isDamaged(out.resolve("nothing"))).isFalse();
    }

    @Test
    void anInterruptedExplanationKeepsWhatItHas() throws IOException {
        Path out = folder("interrupted");
        Job stopped = Job.silent();
        stopped.interruption().request();
        Session stopping = session.doing(stopped);
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            assertThatThrownBy(() -> explaining(stopping).explain(prompt(), List.of(), SMALL, 0, into))
                    .isInstanceOf(InterruptedRunException.class);
        }
        assertThat(out).isDirectoryContaining(file -> file.endsWith(Kept.FILE));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full is a disk without room, elsewhere there is none")
    void aFullDiskLeavesNoHalfOfAReportAndDoesNotBlockTheNextTry() throws IOException {
        Path out = folder("full");
        leave(prompt(), SMALL, 0, Map.of(), out);
        Path page = Files.createSymbolicLink(out.resolve("report.html"), Path.of("/dev/full"));
        assertThatThrownBy(() -> documents(prompt(), SMALL, 0, out, new ArrayList<>()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("No space left on device");
        assertThat(out.resolve("report.json")).doesNotExist();
        Files.delete(page);
        assertThat(documents(prompt(), SMALL, 0, out, new ArrayList<>()))
                .isEqualTo(documents(prompt(), SMALL, 0, folder("unbroken"), new ArrayList<>()));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full is a disk without room, elsewhere there is none")
    void aDiskThatKeepsNothingDoesNotEndAnExplanation() throws IOException {
        Path out = folder("nothing-kept");
        try (RunFolder into = RunFolder.create(Optional.of(out), "x")) {
            Files.createSymbolicLink(out.resolve(Kept.FILE), Path.of("/dev/full"));
            Explained explained = explaining(session).explain(prompt(), List.of(), SMALL, 0, into);
            assertThat(explained.explanation().mixture()).isNotEmpty();
            explained.write(into, "report");
        }
        assertThat(out.resolve(Kept.FILE)).doesNotExist();
        assertThat(out.resolve("report.json")).isRegularFile();
    }

    private Target prompt() {
        return session.prompt("You are a sad cook.");
    }

    private Path folder(String name) {
        folders++;
        return folder.resolve(name + "-" + folders);
    }

    private static Explaining explaining(Session session) {
        return new Explaining(session, session.atlas());
    }

    /// All documents of an explanation apart from times.
    ///
    /// @param stops is added every state a stop could have left, the later behind the earlier
    private String documents(
            Target target, Explain.Options options, int tokens, Path out, List<Map<String, byte[]>> stops)
            throws IOException {
        try (RunFolder into = Explaining.folder(Optional.of(out), "x")) {
            Explained explained = explaining(session).explain(target, List.of(), options, tokens, into);
            Map<String, byte[]> all = saved(out.resolve(Kept.FILE)).pieces();
            for (int count = 0; count <= all.size(); count++) {
                stops.addAll(upTo(count, all));
            }
            explained.write(into, "report");
        }
        assertThat(out).isDirectoryNotContaining(file -> file.endsWith(Kept.FILE) || file.endsWith("training.assay"));
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        return timeless(Files.readString(out.resolve("report.json")));
    }

    /// The states in which so many pieces are there: several if the last is a search, one for each of its rounds.
    private static List<Map<String, byte[]>> upTo(int count, Map<String, byte[]> all) {
        Map<String, byte[]> pieces = new LinkedHashMap<>();
        all.entrySet().stream().limit(count).forEach(piece -> pieces.put(piece.getKey(), piece.getValue()));
        List<Map<String, byte[]>> states = new ArrayList<>();
        if (count > 0 && new ArrayList<>(pieces.keySet()).getLast().endsWith(".search")) {
            String name = new ArrayList<>(pieces.keySet()).getLast();
            SearchPast past = JsonMapper.shared().readValue(pieces.get(name), SearchPast.class);
            for (int rounds = 1; rounds <= past.rounds().size(); rounds++) {
                SearchPast part = new SearchPast(past.rounds().subList(0, rounds), 1, false);
                Map<String, byte[]> earlier = new LinkedHashMap<>(pieces);
                earlier.put(name, JsonMapper.shared().writeValueAsBytes(part));
                states.add(earlier);
            }
        }
        states.add(pieces);
        return states;
    }

    private static String timeless(String report) {
        ObjectNode document = (ObjectNode) JsonMapper.shared().readTree(report);
        document.remove("seconds");
        document.remove("provenance");
        document.findParents("seconds").forEach(parent -> ((ObjectNode) parent).remove("seconds"));
        return document.toPrettyString();
    }

    /// Leaves what a stopped explanation would have left.
    private void leave(Target target, Explain.Options options, int tokens, Map<String, byte[]> pieces, Path out)
            throws IOException {
        leave(target, options, tokens, pieces, Map.of(), out);
    }

    private void leave(
            Target target,
            Explain.Options options,
            int tokens,
            Map<String, byte[]> pieces,
            Map<String, String> other,
            Path out)
            throws IOException {
        Map<String, String> head = new TreeMap<>(explaining(session).run(target, List.of(), options, tokens));
        head.putAll(other);
        AtomicFiles.write(
                out.resolve(Kept.FILE),
                file -> SavedState.write(file, Kept.MAGIC, head, to -> {
                    to.writeInt(pieces.size());
                    for (Map.Entry<String, byte[]> piece : pieces.entrySet()) {
                        to.writeUTF(piece.getKey());
                        to.writeInt(piece.getValue().length);
                        to.write(piece.getValue());
                    }
                }));
    }

    private record Saved(Map<String, byte[]> pieces) {}

    private static Saved saved(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new Saved(Map.of());
        }
        try (InputStream in = Files.newInputStream(file)) {
            return SavedState.read(in, Kept.MAGIC, Map.of(), Kept.WORDING, "test", from -> {
                Map<String, byte[]> pieces = new LinkedHashMap<>();
                for (int left = from.count(1000); left > 0; left--) {
                    pieces.put(from.readUTF(), from.bytes(from.count(1 << 29)));
                }
                return new Saved(pieces);
            });
        }
    }
}
