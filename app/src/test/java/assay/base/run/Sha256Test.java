package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Sha256Test {
    @TempDir
    Path folder;

    @Test
    void knownDigests() throws IOException {
        assertThat(Sha256.of(Files.writeString(folder.resolve("abc"), "abc")))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Sha256.of(Files.writeString(folder.resolve("a"), "a".repeat(1_000_000))))
                .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }

    @Test
    void aMissingFileIsRefused() {
        assertThatThrownBy(() -> Sha256.of(folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found none");
    }
}
