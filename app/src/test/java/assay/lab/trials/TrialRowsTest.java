package assay.lab.trials;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TrialRowsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aRowWithoutAFigureForEverySizeIsDamaged() throws IOException {
        ObjectNode row = JsonMapper.shared().valueToTree(TrialRows.tournament());
        keep(row);
        TrialRows.tournament(folder);
        ((ArrayNode) row.path("closed")).remove(0);
        keep(row);
        assertThatThrownBy(() -> TrialRows.tournament(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a finished part, found it damaged");
    }

    private void keep(ObjectNode row) throws IOException {
        Files.write(folder.resolve("row.json"), JsonMapper.shared().writeValueAsBytes(row));
    }
}
