package assay.engine.hub;

import assay.base.run.Progress;
import assay.base.run.Sha256;
import assay.fuzz.Mutation;
import assay.fuzz.Reader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Readers of what a hub answers and of what lies in its cache.
public final class HubBorder {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final HubAccess OFFLINE = new HubAccess(URI.create("https://localhost"), "", true);
    private static final HubId ID = HubId.parse("ada/tiny").orElseThrow();

    private HubBorder() {}

    /// All of them.
    ///
    /// @param folder an empty one, in which they lie
    public static List<Reader> all(Path folder) throws IOException {
        return List.of(listing(), reference(folder), index(folder), token(folder), wheel(folder), marker(folder));
    }

    private static Reader listing() {
        String json = "{\"sha\": \"" + COMMIT + "\", \"siblings\": [{\"rfilename\": \"config.json\", \"size\": 12,"
                + " \"blobId\": \"" + COMMIT + "\"}, {\"rfilename\": \"tokenizer.json\", \"size\": 9, \"blobId\": \""
                + COMMIT + "\"}, {\"rfilename\": \"model.safetensors\", \"size\": 7, \"blobId\": \"" + COMMIT
                + "\", \"lfs\": {\"sha256\": \"" + "ab".repeat(32) + "\", \"size\": 7}}]}";
        return new Reader("list of a hub's files", Mutation.TEXT, samples(json), 800, file -> {
            HubListing listing = HubListing.read(file, "hub");
            HubKind.MODEL.described(ID, listing);
            HubKind.MODEL.weights(ID, listing, Path.of("nowhere"));
        });
    }

    /// A repository in the cache, whose parts are damaged one at a time.
    private static Path cached(Path cache) throws IOException {
        Path repository = cache.resolve(ID.folder());
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        for (String file : List.of("config.json", "tokenizer.json", "chat_template.jinja", "a.safetensors")) {
            Files.writeString(snapshot.resolve(file), "{}");
        }
        Files.writeString(snapshot.resolve("model.safetensors.index.json"), INDEX);
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs").resolve("main"), COMMIT);
        return repository;
    }

    private static final String INDEX = "{\"metadata\": {}, \"weight_map\": {\"x\": \"a.safetensors\"}}";

    private static Reader reference(Path folder) throws IOException {
        Path cache = folder.resolve("referred");
        Path main = cached(cache).resolve("refs").resolve("main");
        Hub hub = new Hub(cache, OFFLINE);
        return new Reader("a cache's reference", Mutation.BYTES, samples(COMMIT), 200, file -> {
            Files.write(main, file);
            hub.locate(ID, HubKind.MODEL, Progress.silent());
        });
    }

    private static Reader index(Path folder) throws IOException {
        Path cache = folder.resolve("indexed");
        Path index = cached(cache).resolve("snapshots").resolve(COMMIT).resolve("model.safetensors.index.json");
        Hub hub = new Hub(cache, OFFLINE);
        return new Reader("a cache's index of weights", Mutation.TEXT, samples(INDEX), 200, file -> {
            Files.write(index, file);
            hub.locate(ID, HubKind.MODEL, Progress.silent());
        });
    }

    private static Reader token(Path folder) throws IOException {
        Path file = Files.createDirectories(folder.resolve("home")).resolve("token");
        return new Reader("token of a login", Mutation.BYTES, samples("hf_0123456789abcdefghij\n"), 300, damaged -> {
            Files.write(file, damaged);
            HubAccess.of(Map.of(), folder.resolve("home"));
        });
    }

    private static final byte[] MODEL = "what the model would be ".repeat(40).getBytes(StandardCharsets.UTF_8);

    private static DefaultModel small(long wheelBytes) {
        return new DefaultModel("m.gguf", MODEL.length, Sha256.of(MODEL), "m==1", "m.whl", wheelBytes, "m/m.gguf");
    }

    private static byte[] zipped() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : List.of("m/__init__.py", "m/m.gguf")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(name.endsWith("py") ? new byte[9] : MODEL);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Reader wheel(Path folder) throws IOException {
        byte[] sample = zipped();
        Path home = folder.resolve("wheel");
        Path models = home.resolve("models").resolve(DefaultModel.NAME);
        Path staging = models.resolve("staging");
        DefaultModel model = small(sample.length);
        return new Reader("package of the default model", Mutation.BYTES, List.of(sample), 10, damaged -> {
            Files.deleteIfExists(models.resolve("m.gguf"));
            Files.createDirectories(staging);
            Files.write(staging.resolve("m.whl"), damaged);
            Path found = model.locate(home, Pip.usual(), Progress.silent());
            if (!Sha256.of(found).equals(model.sha256())) {
                throw new IllegalStateException("another model");
            }
        });
    }

    private static Reader marker(Path folder) throws IOException {
        Path home = folder.resolve("marked");
        Path models = Files.createDirectories(home.resolve("models").resolve(DefaultModel.NAME));
        Files.write(models.resolve("m.gguf"), MODEL);
        DefaultModel model = small(100);
        model.locate(home, Pip.usual(), Progress.silent());
        Path marker = models.resolve("m.gguf.verified");
        return new Reader(
                "marker of the default model", Mutation.BYTES, List.of(Files.readAllBytes(marker)), 20, damaged -> {
                    Files.write(marker, damaged);
                    model.locate(home, Pip.usual(), Progress.silent());
                });
    }

    private static List<byte[]> samples(String text) {
        return List.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
