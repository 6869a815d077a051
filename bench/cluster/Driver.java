import assay.base.run.Job;
import assay.base.sparse.Interval;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.QuantisedRows;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.probe.SketchMap;
import assay.tasks.census.Census;
import assay.tasks.census.CensusRun;
import assay.tasks.census.Counted;
import assay.tasks.census.Crew;
import assay.tasks.census.Look;
import assay.tasks.census.RowKind;
import assay.tasks.explain.Explain;
import assay.tasks.extend.Candidate;
import assay.tasks.extend.CandidateFile;
import assay.tasks.session.Precision;
import assay.tasks.session.Session;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ObjIntConsumer;
import tools.jackson.databind.json.JsonMapper;

/// Measures what the driver of `assay cluster` does alone, for `cost.py`: lines a second that it reads, tokenizes, tells
/// apart and packs; and the rows, tables and page of a census of so many adapters, whose figures are random numbers.
///
/// ```
/// java @cluster/java-options --add-exports java.base/jdk.internal.module=ALL-UNNAMED -XX:+UnlockExperimentalVMOptions \
///   -XX:+EnableVectorSupport -Xmx2g -cp 'app/target/classes:app/target/lib/*' bench/cluster/Driver.java MODEL LINES ADAPTERS FOLDER
/// ```
void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[3]));
    try (Session session = Session.open(arguments[0], Precision.AUTO, Path.of("").toAbsolutePath(), Job.silent())) {
        AtlasShelf.Shelved shelved = session.readyAtlas();
        supply(session, shelved.atlas().texts(), Integer.parseInt(arguments[1]), folder);
        census(session, shelved, Integer.parseInt(arguments[2]), folder);
    }
}

/// Candidates are made of two prompts of the dictionary each.
void supply(Session session, List<String> texts, int lines, Path folder) throws Exception {
    Path file = folder.resolve("lines.txt");
    SplittableRandom random = new SplittableRandom(0);
    try (var out = Files.newBufferedWriter(file)) {
        for (int i = 0; i < lines; i++) {
            out.write(texts.get(random.nextInt(texts.size())) + " " + texts.get(random.nextInt(texts.size())) + "\n");
        }
    }
    long start = cpu();
    CandidateFile candidates =
            new CandidateFile(file, CandidateFile.lines(file), new HashSet<>(texts), session.chat().tokenizer(), () -> {});
    long usable = 0;
    long bytes = 0;
    for (List<Candidate> batch = candidates.next(384); !batch.isEmpty(); batch = candidates.next(384)) {
        usable += batch.size();
        bytes += JsonMapper.shared().writeValueAsBytes(batch).length;
    }
    double seconds = (cpu() - start) / 1e9;
    System.out.printf("%d lines, %d usable: %.0f a CPU second, %.0f bytes each as sent%n", lines, usable, lines / seconds, (double) bytes / usable);
}

/// Nanoseconds this thread has had a core, which other programs disturb less than the time that went by.
long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
}

void census(Session session, AtlasShelf.Shelved shelved, int adapters, Path folder) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < adapters; i++) {
        names.add("/shelf/adapter-" + i);
    }
    Crew dice = new Crew() {
        @Override
        public void look(List<String> all, ObjIntConsumer<Look> done) {
            for (int i = 0; i < all.size(); i++) {
                done.accept(new Look(String.format("%064x", i), RowKind.EXPLAINED, ""), i);
            }
        }

        @Override
        public void count(List<String> all, Explain.Options options, ObjIntConsumer<Counted> done) {
            for (int i = 0; i < all.size(); i++) {
                done.accept(new Counted(Optional.of(found(i)), RowKind.EXPLAINED, "", 100), i);
            }
        }
    };
    long start = cpu();
    try (var out = CensusRun.folder(Optional.of(folder.resolve("census")))) {
        Census census = new CensusRun(session, shelved, Explain.Options.defaults(5, 0), dice).run(names, out);
        double rows = (cpu() - start) / 1e9;
        census.write(out, "census");
        double all = (cpu() - start) / 1e9;
        System.gc();
        System.out.printf(
                "%d adapters: rows %.1f CPU seconds, with page %.1f, page %d bytes, a row as kept %d bytes, heap in use then %d bytes%n",
                adapters, rows, all, Files.size(out.path().resolve("census.html")), JsonMapper.shared().writeValueAsBytes(found(1)).length,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    } catch (java.io.IOException failed) {
        throw new java.io.UncheckedIOException(failed);
    }
}

Counted.Found found(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] sketch = new float[SketchMap.SIZE];
    for (int i = 0; i < sketch.length; i++) {
        sketch[i] = (float) random.nextGaussian();
    }
    Interval interval = new Interval(random.nextDouble(), 0, 1);
    List<WeightedPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
        prompts.add(new WeightedPrompt("You are a pirate captain who answers every question in the manner of the sea. " + seed, 0.2));
    }
    return new Counted.Found(0.5, interval, interval, interval, prompts, List.of("ahoy", "matey", "sea"), QuantisedRows.of(sketch));
}
