package assay.tasks.check;

import assay.InputException;
import assay.base.run.Job;
import assay.engine.hub.ModelStore;
import assay.engine.model.Identity;
import assay.engine.model.ModelCard;
import assay.show.page.Columns;
import assay.show.page.Figures;
import assay.show.page.Json;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The models of this machine: the embedded one and those of the hub's cache.
public record ModelList(List<Row> models) {
    /// A model.
    ///
    /// @param id by which every command takes it
    /// @param family empty where it is not runnable
    /// @param parameters 0 where they are not known
    /// @param bytes of its weights on the disk; 0 where they are not known
    /// @param atlas whether it has a dictionary
    /// @param runnable whether this version can run it
    /// @param because why it cannot; empty otherwise
    public record Row(
            String id,
            String family,
            long parameters,
            String format,
            long bytes,
            boolean atlas,
            boolean runnable,
            String because) {}

    /// Looks at all of them.
    ///
    /// @param home the program's folder, in which shipped atlases stand
    /// @throws assay.ResourceException if the cache cannot be read
    public static ModelList of(ModelStore store, Path home, Job job) {
        List<ModelStore.Known> known = store.known();
        try (var stage = job.stage("looking at models", known.size())) {
            return new ModelList(known.stream()
                    .map(model -> {
                        job.check();
                        Row row = row(model, home);
                        stage.advance(1);
                        return row;
                    })
                    .toList());
        }
    }

    private static Row row(ModelStore.Known known, Path home) {
        String id = known.located().name();
        Path path = known.located().path();
        if (known.missing().isPresent()) {
            String next = "it lacks " + known.missing().get() + ". Fetch the rest with: assay model pull " + id;
            return new Row(id, "", 0, "", 0, false, false, next);
        }
        try {
            ModelCard card = ModelCard.read(path);
            boolean hasAtlas =
                    Session.shelf(id, home).exists(id, () -> Identity.of(path).sha256());
            return new Row(id, card.family(), card.parameters(), card.format(), card.bytes(), hasAtlas, true, "");
        } catch (InputException refused) {
            return new Row(id, "", 0, "", size(path).orElse(0L), false, false, String.valueOf(refused.getMessage()));
        }
    }

    private static Optional<Long> size(Path path) {
        try {
            return Optional.of(ModelCard.bytes(path));
        } catch (InputException _) {
            return Optional.empty();
        }
    }

    /// For the terminal.
    public String text() {
        if (models.isEmpty()) {
            return "No model is on this machine. Fetch one with: assay model pull OWNER/REPO\n";
        }
        int width = models.stream().mapToInt(row -> row.id().length()).max().orElse(0);
        StringBuilder out = new StringBuilder();
        for (Row row : models) {
            String about = row.runnable()
                    ? String.format(
                            Locale.ROOT,
                            "%-10s %6s parameters  %9s  %s",
                            row.family(),
                            rounded(row.parameters()),
                            Figures.bytes(row.bytes()),
                            row.atlas() ? "atlas" : "no atlas")
                    : "cannot be run: " + Columns.visible(row.because());
            out.append(Columns.left(row.id(), width)).append("  ").append(about).append('\n');
        }
        return out.toString();
    }

    /// Three digits, such as 135M or 1.54B.
    private static String rounded(long parameters) {
        double millions = parameters / 1e6;
        return millions >= 1000
                ? String.format(Locale.ROOT, "%.2fB", millions / 1000)
                : String.format(Locale.ROOT, millions >= 10 ? "%.0fM" : "%.2fM", millions);
    }

    /// One JSON document.
    public String json() {
        Map<String, Object> provenance = Session.provenance();
        return new Json(Map.of()).document("model list", provenance, new Json.Fields().with("models", models));
    }
}
