package assay.fuzz;

import static assay.fuzz.Workshop.CASES;

import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.ProcessLock;
import assay.base.run.Progress;
import assay.base.run.RememberedHash;
import assay.base.run.RunFingerprint;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.base.run.ToldJob;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import assay.discover.atlas.AtlasShelf;
import assay.discover.atlas.TinyAtlas;
import assay.discover.predict.ReadingsBorder;
import assay.engine.model.ChatModel;
import assay.tasks.distil.TrainingBorder;
import assay.tasks.explain.KeptBorder;
import assay.tasks.extend.CandidateFile;
import assay.tasks.extend.ScreeningBorder;
import assay.tasks.session.FinishedParts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Readers of what Assay itself leaves behind: atlases, checkpoints, caches, locks.
final class StateReaders {
    private StateReaders() {}

    static List<Reader> all(Workshop at, ChatModel tied) {
        try {
            Atlas atlas = TinyAtlas.of(tied);
            return List.of(
                    atlas(at, atlas, tied),
                    at.alone(
                            "user turns",
                            "x.turns",
                            Mutation.BYTES,
                            List.of(AtlasFile.bytes(atlas.probe())),
                            600,
                            file -> TrainingBorder.turns(file, tied)),
                    at.alone("readings", "x.readings", Mutation.BYTES, List.of(readings()), 200, ReadingsBorder::read),
                    training(at),
                    explanation(at),
                    part(at),
                    new Reader(
                            "screening of candidates",
                            Mutation.SAVED,
                            List.of(ScreeningBorder.sample()),
                            1_200,
                            ScreeningBorder::read),
                    fingerprint(at),
                    hash(at),
                    lock(at),
                    candidates(at, tied));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Reader atlas(Workshop at, Atlas atlas, ChatModel chat) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtlasFile.write(atlas, out);
        Path nowhere = at.room("no-atlases");
        AtlasShelf shelf = new AtlasShelf(nowhere, nowhere, "m");
        return at.alone("atlas", "x.atlas", Mutation.SAVED, List.of(out.toByteArray()), 300, file -> {
            Atlas read = shelf.required(file, chat);
            read.energy();
            read.sketches().decoded();
        });
    }

    private static byte[] readings() {
        return new byte[2 * ReadingsBorder.ROWS * ReadingsBorder.WIDTH];
    }

    private static Reader training(Workshop at) throws IOException {
        Path home = at.room("training");
        return new Reader(
                "checkpoint of a training",
                Mutation.SAVED,
                List.of(TrainingBorder.sample()),
                400,
                file -> TrainingBorder.resume(home, file));
    }

    private static Reader explanation(Workshop at) throws IOException {
        Path home = at.room("explanation");
        return new Reader(
                "checkpoint of an explanation",
                Mutation.BYTES,
                List.of(KeptBorder.sample(home)),
                300,
                file -> KeptBorder.read(home, file));
    }

    /// A finished part is what was written, or made again.
    private static Reader part(Workshop at) throws IOException {
        Path home = at.room("parts");
        Figures made = new Figures("cook", List.of(0.5, 1 / 3.0, -2e-9), 7);
        new FinishedParts(home, Job.silent()).get("part", Figures.class, () -> made);
        byte[] sample = Files.readAllBytes(home.resolve("part.json"));
        return new Reader("finished part with its checksum", Mutation.TEXT, List.of(sample), 300, damaged -> {
            Files.write(home.resolve("part.json"), damaged);
            ToldJob told = new ToldJob();
            FinishedParts parts = new FinishedParts(home, told.job());
            boolean isThere = parts.has("part", Figures.class);
            Figures read = parts.get("part", Figures.class, () -> made);
            Files.deleteIfExists(home.resolve("part.json.damaged"));
            if (!read.equals(made)) {
                throw new IllegalStateException("other figures than were written");
            }
            if (!isThere) {
                throw told.damage();
            }
        });
    }

    private record Figures(String name, List<Double> values, int count) {}

    private static Reader fingerprint(Workshop at) throws IOException {
        Map<String, String> run = Map.of("model", "a".repeat(64), "seed", "3", "gates", "Gates[closed=0.9]");
        Path file = at.room("sample").resolve("begun.json");
        RunFingerprint.require(file, run, "Take a new folder.", Job.silent());
        return at.alone(
                "what a folder was begun with",
                "begun.json",
                Mutation.TEXT,
                List.of(Files.readAllBytes(file)),
                800,
                read -> RunFingerprint.require(read, run, "Take a new folder.", Job.silent()));
    }

    private static Reader hash(Workshop at) throws IOException {
        Path home = at.room("hashed");
        Path large = home.resolve("large.bin");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(17L << 20);
        }
        Files.setLastModifiedTime(large, FileTime.fromMillis(System.currentTimeMillis() - 60_000));
        String hash = RememberedHash.of(large, home);
        Path note = home.resolve(Sha256.ofText(large.toRealPath().toString()));
        return new Reader("remembered hash", Mutation.TEXT, List.of(Files.readAllBytes(note)), 1, damaged -> {
            Files.write(note, damaged);
            if (!RememberedHash.of(large, home).equals(hash)) {
                throw new IllegalStateException("another hash than the file's");
            }
        });
    }

    private static Reader lock(Workshop at) throws IOException {
        Path home = at.room("locked");
        byte[] sample = "4711 somebody's lock\n".getBytes(StandardCharsets.UTF_8);
        return new Reader("lock", Mutation.BYTES, List.of(sample), 30, damaged -> {
            Files.write(home.resolve(".running"), damaged);
            AtomicFiles.write(home.resolve("state"), damaged);
            RunFolder.resumable(Optional.of(home), "x", "state").close();
            Files.write(home.resolve(".lock"), damaged);
            ProcessLock.take(home.resolve(".lock"), Progress.silent()).close();
        });
    }

    private static Reader candidates(Workshop at, ChatModel chat) {
        byte[] lines = "Be kind.\nYou are a cook.\r\nAnswer in rhyme.\n\n\u00bfQu\u00e9?\nSay no \ud83d\ude00.\n"
                .getBytes(StandardCharsets.UTF_8);
        List<byte[]> samples =
                List.of(lines, Workshop.bytes(CASES.resolve("24-bom-jsonl").resolve("bom.jsonl")));
        return at.alone("candidates", "x.txt", Mutation.TEXT, samples, 300, file -> {
            long count = CandidateFile.lines(file);
            try (CandidateFile read = new CandidateFile(file, count, Set.of("Be kind."), chat.tokenizer(), () -> {})) {
                while (!read.next(50).isEmpty()) {
                    read.position();
                }
            }
        });
    }
}
