package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ProvenanceTest {
    @TempDir
    Path folder;

    @Test
    void provenanceSurvivesJson() {
        Provenance provenance =
                Provenance.current(Map.of("sampling", 7L), Map.of("model", "abc"), Map.of("libtorch", "2.10.0"));
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readValue(json.writeValueAsString(provenance), Provenance.class))
                .isEqualTo(provenance);
    }

    @Test
    void codeHashIsThatOfTheRunningClasses() {
        Provenance first = Provenance.current(Map.of(), Map.of(), Map.of());
        assertThat(first.code()).matches("[0-9a-f]{64}");
        assertThat(Provenance.current(Map.of(), Map.of(), Map.of()).code()).isEqualTo(first.code());
        assertThat(first.version()).isNotEmpty();
        assertThat(first.machine().threads()).isPositive();
        assertThat(first.machine().memoryBytes()).isPositive();
    }

    @Test
    void hashesAreThoseOfTheStandard() throws IOException {
        String ofNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        String ofAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(Sha256.of(new byte[0])).isEqualTo(ofNothing);
        assertThat(Sha256.of(file)).isEqualTo(ofAbc);
    }

    @Test
    void folderHashFollowsNamesAndContents() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "1");
        String before = Sha256.of(folder);
        Files.writeString(file, "2");
        String changed = Sha256.of(folder);
        Files.move(file, folder.resolve("b"));
        assertThat(List.of(before, changed, Sha256.of(folder))).doesNotHaveDuplicates();
        Files.move(folder.resolve("b"), file);
        Files.writeString(file, "1");
        assertThat(Sha256.of(folder)).isEqualTo(before);
    }

    @Test
    void processorIsReadFromTheKernelsDescription() {
        List<String> intel = List.of(
                "processor\t: 0",
                "model name\t: Intel(R) Xeon(R) Platinum",
                "flags\t\t: fpu vme avx2 amx_bf16 avx512_bf16 avx2",
                "",
                "processor\t: 1",
                "model name\t: other");
        assertThat(Machine.cpuName(intel)).isEqualTo("Intel(R) Xeon(R) Platinum");
        assertThat(Machine.features(intel)).containsExactly("amx_bf16", "avx2", "avx512_bf16");
        assertThat(Machine.features(List.of("Features\t: fp asimd bf16"))).containsExactly("asimd", "bf16");
        assertThat(Machine.cpuName(List.of())).isEmpty();
        assertThat(Machine.features(List.of())).isEmpty();
    }
}
