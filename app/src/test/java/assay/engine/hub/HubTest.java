package assay.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.Progress;
import assay.base.run.Sha256;
import assay.base.run.UserFolders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
    private static final byte[] WEIGHTS = randomBytes(300_000);
    private static final String INDEX =
            "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}";

    @TempDir
    Path folder;

    private final FakeHub fake;

    HubTest() throws IOException {
        fake = new FakeHub();
    }

    @BeforeEach
    void model() {
        fake.small("config.json", "{}")
                .small("tokenizer.json", "{\"t\":1}")
                .small("chat_template.jinja", "{{ 1 }}")
                .small("README.md", "# Tiny");
    }

    @AfterEach
    void close() {
        fake.close();
    }

    @Test
    void modelIsFetchedIntoTheLayoutPythonReads() throws IOException {
        fake.large("model.safetensors", WEIGHTS)
                .large("pytorch_model.bin", WEIGHTS)
                .small("tokenizer_config.json", "{}");
        ModelStore.Located located = store("").locate("ada/tiny", Progress.silent());
        Path repository = folder.resolve("hub/models--ada--tiny");
        assertThat(located.name()).isEqualTo("ada/tiny");
        assertThat(located.path()).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(namesIn(located.path()))
                .containsExactly(
                        "chat_template.jinja",
                        "config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json");
        assertThat(located.path().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        assertThat(repository.resolve("blobs").resolve(Sha256.of(WEIGHTS))).hasBinaryContent(WEIGHTS);
        assertThat(namesIn(repository.resolve("blobs"))).noneMatch(name -> name.endsWith(".incomplete"));
    }

    @Test
    void whatIsInTheCacheNeedsNoNetwork() {
        fake.large("model.safetensors", WEIGHTS);
        Path first = store("").locate("ada/tiny", Progress.silent()).path();
        fake.close();
        assertThat(store("").locate("ada/tiny", Progress.silent()).path()).isEqualTo(first);
        assertThat(offline()
                        .locate("ada/tiny@" + FakeHub.COMMIT, Progress.silent())
                        .path())
                .isEqualTo(first);
    }

    @Test
    void brokenOffDownloadGoesOnWhereItStopped() {
        fake.large("model.safetensors", WEIGHTS).breakOff(1);
        Path path = store("").locate("ada/tiny", Progress.silent()).path();
        assertThat(path.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(fake.requests()).anyMatch(request -> request.matches("storage /model.safetensors bytes=\\d+- "));
    }

    @Test
    void laterRunGoesOnWithWhatAnEarlierOneLeft() throws IOException {
        fake.large("model.safetensors", WEIGHTS);
        Path blobs = Files.createDirectories(folder.resolve("hub/models--ada--tiny/blobs"));
        Files.write(blobs.resolve(Sha256.of(WEIGHTS) + ".incomplete"), java.util.Arrays.copyOf(WEIGHTS, 100_000));
        Path path = store("").locate("ada/tiny", Progress.silent()).path();
        assertThat(path.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(fake.requests()).contains("storage /model.safetensors bytes=100000- ");
    }

    @Test
    void damagedContentIsRefusedAndRemoved() throws IOException {
        fake.large("model.safetensors", WEIGHTS).damage();
        assertThatThrownBy(() -> store("").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("found a wrong hash of 300000 bytes");
        assertThat(namesIn(folder.resolve("hub/models--ada--tiny/blobs")))
                .doesNotContain(Sha256.of(WEIGHTS) + ".incomplete");
    }

    @Test
    void tokenGoesToTheHubAndNowhereElse() {
        fake.large("model.safetensors", WEIGHTS).demand("secret");
        store("secret").locate("ada/tiny", Progress.silent());
        assertThat(fake.requests())
                .filteredOn(request -> request.startsWith("hub"))
                .allMatch(r -> r.endsWith("Bearer secret"));
        assertThat(fake.requests())
                .filteredOn(request -> request.startsWith("storage"))
                .isNotEmpty()
                .noneMatch(r -> r.contains("secret"));
    }

    @Test
    void closedRepositoryIsRefusedWithAdvice() {
        fake.demand("secret");
        assertThatThrownBy(() -> store("").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HTTP 401")
                .hasMessageContaining("hf auth login (or set HF_TOKEN)");
        assertThatThrownBy(() -> store("wrong").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Check that your token may read it")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void missingRepositoryIsRefused() {
        assertThatThrownBy(() -> store("").locate("ada/none", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ada/none: expected it on the hub, found nothing (HTTP 404 from 127.0.0.1)");
    }

    @Test
    void offlineIsSaidAndNothingIsAsked() {
        assertThatThrownBy(() -> offline().locate("ada/tiny", Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("HF_HUB_OFFLINE is set");
        assertThat(fake.requests()).isEmpty();
    }

    @Test
    void unreachableHubIsSaid() {
        fake.close();
        assertThatThrownBy(() -> store("").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("ada/tiny: expected to fetch it from http://127.0.0.1:");
    }

    @Test
    void shardsAreThoseOfTheIndex() throws IOException {
        fake.small("model.safetensors.index.json", INDEX)
                .large("model-1.safetensors", randomBytes(10))
                .large("model-2.safetensors", randomBytes(20))
                .large("consolidated.safetensors", WEIGHTS);
        Path path = store("").locate("ada/tiny", Progress.silent()).path();
        assertThat(namesIn(path))
                .contains("model-1.safetensors", "model-2.safetensors")
                .doesNotContain("consolidated.safetensors");
        Files.delete(path.resolve("model-2.safetensors"));
        assertThatThrownBy(() -> offline().locate("ada/tiny", Progress.silent()))
                .isInstanceOf(ResourceException.class);
    }

    @Test
    void subfolderRevisionAndGgufFileAreFound() {
        fake.small("part/config.json", "{}")
                .small("part/tokenizer.json", "{}")
                .large("part/model.safetensors", WEIGHTS);
        fake.large("tiny.Q4_1.gguf", WEIGHTS);
        ModelStore.Located part = store("").locate("ada/tiny@v1/part", Progress.silent());
        assertThat(part.name()).isEqualTo("ada/tiny@v1/part");
        assertThat(part.path()).hasFileName("part").isDirectoryContaining("glob:**model.safetensors");
        assertThat(folder.resolve("hub/models--ada--tiny/refs/v1")).hasContent(FakeHub.COMMIT);
        assertThat(store("")
                        .locate("ada/tiny/tiny.Q4_1.gguf", Progress.silent())
                        .path())
                .hasBinaryContent(WEIGHTS);
    }

    @Test
    void adapterIsFetchedWithItsTwoFilesOnly() throws IOException {
        fake.small("adapter_config.json", "{}").large("adapter_model.safetensors", WEIGHTS);
        Path path = store("").locateAdapter("ada/tiny", Progress.silent()).path();
        assertThat(namesIn(path)).containsExactly("adapter_config.json", "adapter_model.safetensors");
    }

    @Test
    void anAdapterByMlxIsFetchedUnderItsOwnName() throws IOException {
        fake.small("adapter_config.json", "{}")
                .large("adapters.safetensors", WEIGHTS)
                .large("0000100_adapters.safetensors", WEIGHTS);
        Path path = store("").locateAdapter("ada/tiny", Progress.silent()).path();
        assertThat(namesIn(path)).containsExactly("adapter_config.json", "adapters.safetensors");
    }

    @Test
    void otherFormsAreRefusedBeforeAnythingLargeIsFetched() {
        fake.large("pytorch_model.bin", WEIGHTS);
        assertThatThrownBy(() -> store("").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected model.safetensors, found README.md, chat_template.jinja, config.json")
                .hasMessageContaining("convert it first");
        assertThat(fake.requests()).noneMatch(request -> request.startsWith("storage"));
    }

    @Test
    void adapterGivenAsModelIsTold() throws IOException {
        try (FakeHub other = new FakeHub()) {
            other.small("adapter_config.json", "{}").large("adapter_model.safetensors", WEIGHTS);
            assertThatThrownBy(() -> store(other.endpoint(), "", false).locate("ada/tiny", Progress.silent()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("This is an adapter: pass it with --adapter");
        }
    }

    @Test
    void pathsThatLeaveTheFolderAreNotFollowed() {
        fake.large("../../escape.safetensors", WEIGHTS)
                .small("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"../../escape.safetensors\"}}");
        assertThatThrownBy(() -> store("").locate("ada/tiny", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected names of files in weight_map");
        assertThatThrownBy(() -> HubId.parse("ada/tiny/../../x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Remove empty parts");
    }

    @Test
    void addressesAreReadInAllTheirForms() {
        assertThat(HubId.parse("a/b")).contains(new HubId("a/b", "main", ""));
        assertThat(HubId.parse("a/b@v1.0")).contains(new HubId("a/b", "v1.0", ""));
        assertThat(HubId.parse("a/b@refs/pr/3/sub")).contains(new HubId("a/b", "refs/pr/3", "sub"));
        assertThat(HubId.parse("a/b/sub/deep/")).contains(new HubId("a/b", "main", "sub/deep"));
        assertThat(HubId.parse("https://hub.example/a/b")).contains(new HubId("a/b", "main", ""));
        assertThat(HubId.parse("https://hub.example/a/b/tree/v2/sub?x=1")).contains(new HubId("a/b", "v2", "sub"));
        assertThat(HubId.parse("https://hub.example/a/b/blob/main/M.GGUF").orElseThrow())
                .matches(HubId::isGguf);
        assertThat(HubId.parse("a")).isEmpty();
        assertThat(HubId.parse("a b/c")).isEmpty();
        assertThat(HubId.parse("a/b@v1/sub").orElseThrow()).hasToString("a/b@v1/sub");
    }

    @Test
    void environmentIsThatOfThePythonLibraries() {
        HubAccess usual = HubAccess.of(Map.of(), folder);
        assertThat(usual.endpoint()).hasScheme("https");
        assertThat(usual.offline()).isFalse();
        assertThat(HubAccess.of(
                        Map.of("HF_ENDPOINT", "http://mirror:8080/", "HF_HUB_OFFLINE", "ON", "HF_TOKEN", " t\n"),
                        folder))
                .isEqualTo(new HubAccess(URI.create("http://mirror:8080"), "t", true))
                .asString()
                .doesNotContain("t\n");
        assertThatThrownBy(() -> HubAccess.of(Map.of("HF_ENDPOINT", "ftp//x y"), folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HF_ENDPOINT: expected a web address, found ftp//x y");
    }

    @Test
    void theTokenIsTheFirstOfThoseThePythonLibrariesLookFor() throws IOException {
        Files.writeString(folder.resolve("token"), "logged-in\n");
        Path other = Files.writeString(folder.resolve("other"), "by-path");
        assertThat(token(Map.of())).isEqualTo("logged-in");
        assertThat(token(Map.of("HF_TOKEN_PATH", other.toString()))).isEqualTo("by-path");
        assertThat(token(Map.of("HUGGING_FACE_HUB_TOKEN", "old"))).isEqualTo("old");
        assertThat(token(Map.of("HUGGING_FACE_HUB_TOKEN", "old", "HF_TOKEN", "new")))
                .isEqualTo("new");
        assertThat(token(Map.of("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"))).isEmpty();
    }

    @Test
    void secretsNeverStandInAMessage() {
        for (Map<String, String> environment : List.of(
                Map.of("HF_TOKEN", "hf_s3cret\u00e9"),
                Map.of("HF_TOKEN", "hf_s3cret\nX-Other: 1"),
                Map.of("HF_ENDPOINT", "https://me:s3cret@mirror"),
                Map.of("HF_ENDPOINT", "https://me:s3cret@mir ror"))) {
            assertThatThrownBy(() -> token(environment))
                    .isInstanceOf(InputException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void aCachedModelWithoutItsTemplateIsCompleted() throws IOException {
        fake.large("model.safetensors", WEIGHTS);
        Path place = store("").locate("ada/tiny", Progress.silent()).path();
        Files.delete(place.resolve("chat_template.jinja"));
        assertThatThrownBy(() -> offline().locate("ada/tiny", Progress.silent()))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("found it incomplete: it lacks chat_template.jinja");
        store("").locate("ada/tiny", Progress.silent());
        assertThat(place.resolve("chat_template.jinja")).hasContent("{{ 1 }}");
    }

    @Test
    void aMistypedFolderIsToldFromARepository() throws IOException {
        Files.createDirectories(folder.resolve("adapters/pirate"));
        String typed = folder + "/adapters/piarte";
        assertThatThrownBy(() -> store("").locateAdapter(typed, Progress.silent()))
                .hasMessageContaining("found nothing of that name")
                .hasMessageContaining("adapters/pirate");
        assertThatThrownBy(() -> store("").locateAdapter("adapters/piarte", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found no folder adapters/piarte here")
                .hasMessageContaining("On the hub, ");
    }

    private String token(Map<String, String> environment) {
        return HubAccess.of(environment, folder).token();
    }

    private ModelStore store(String token) {
        return store(fake.endpoint(), token, false);
    }

    private ModelStore offline() {
        return store(fake.endpoint(), "", true);
    }

    private ModelStore store(URI endpoint, String token, boolean offline) {
        UserFolders folders = new UserFolders(folder.resolve("cache"), folder.resolve("hub"), folder);
        return new ModelStore(folders, new Pip(List.of()), new HubAccess(endpoint, token, offline));
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (var inside = Files.list(folder)) {
            return inside.map(path -> path.toFile().getName()).sorted().toList();
        }
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Test
    void allPartsOfASplitGgufFileAreFetchedWhenOneIsNamed() throws IOException {
        for (int part = 1; part <= 3; part++) {
            fake.large("quantised/tiny-0000" + part + "-of-00003.gguf", WEIGHTS);
        }
        String second = "ada/tiny/quantised/tiny-00002-of-00003.gguf";
        Path path = store("").pull(second, Progress.silent()).path();
        assertThat(path).hasFileName("tiny-00002-of-00003.gguf");
        assertThat(namesIn(path.resolveSibling(".").normalize()))
                .containsExactly("tiny-00001-of-00003.gguf", "tiny-00002-of-00003.gguf", "tiny-00003-of-00003.gguf");
        Files.delete(path.resolveSibling("tiny-00003-of-00003.gguf"));
        assertThatThrownBy(() -> offline().pull(second, Progress.silent()))
                .hasMessageContaining("incomplete: it lacks quantised/tiny-00003-of-00003.gguf");
    }

    @Test
    void onlyAddressesArePulled() {
        assertThatThrownBy(() -> store("").pull("./here", Progress.silent()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model pull: expected owner/repo")
                .hasMessageContaining("found ./here");
        assertThatThrownBy(() -> store("").pull("alone", Progress.silent())).hasMessageContaining("found alone");
    }

    @Test
    void modelsOfTheCacheAreListedWithWhatTheyLack() throws IOException {
        fake.large("model.safetensors", WEIGHTS)
                .large("q/tiny-00001-of-00002.gguf", WEIGHTS)
                .large("q/tiny-00002-of-00002.gguf", WEIGHTS);
        assertThat(offline().known()).isEmpty();
        store("").pull("ada/tiny", Progress.silent());
        store("").pull("ada/tiny/q/tiny-00001-of-00002.gguf", Progress.silent());
        assertThat(offline().known())
                .extracting(known -> known.located().name() + known.missing().orElse(""))
                .containsExactly("ada/tiny", "ada/tiny/q/tiny-00001-of-00002.gguf");
        Path snapshot = folder.resolve("hub/models--ada--tiny/snapshots").resolve(FakeHub.COMMIT);
        Files.delete(snapshot.resolve("q/tiny-00002-of-00002.gguf"));
        Files.delete(snapshot.resolve("model.safetensors"));
        Files.createDirectories(folder.resolve("hub/models--ada--tiny/refs/pr"));
        Files.createDirectories(folder.resolve("hub/datasets--ada--tiny"));
        assertThat(offline().known())
                .extracting(known ->
                        known.located().name() + " lacks " + known.missing().orElseThrow())
                .containsExactly(
                        "ada/tiny lacks model.safetensors",
                        "ada/tiny/q/tiny-00001-of-00002.gguf lacks q/tiny-00002-of-00002.gguf");
    }
}
