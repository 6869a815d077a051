package assay.lab.scorecard;

import assay.InputException;
import assay.engine.format.JsonFile;
import assay.show.page.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One table of what runs found: claim → number → interval → command → entry of the log, made from the JSON
/// documents that runs leave, so that no number is copied by hand.
///
/// A document stands beside the log as `docs/log/data/<entry>.<name>.json`, and `docs/log/<entry>.md` tells about it.
public final class ResultsTable {
    /// What runs leave, in the order it is told.
    private static final List<String> COMMANDS = List.of("verdict", "explain", "distil", "bake", "cases", "mutation");
    /// What has a page of its own: [PerformancePage].
    static final String PEERS = "bench peers";

    static final String GROWTH = "bench growth";

    private final StringBuilder out = new StringBuilder();

    private ResultsTable() {}

    record Document(String entry, String name, JsonNode json) {
        String command() {
            return text(json, "command");
        }
    }

    /// The page, in Markdown.
    ///
    /// @param data the folder with the documents
    /// @throws InputException if a document is damaged, of an unknown command, or belongs to no entry of the log
    public static String of(Path data) {
        ResultsTable table = new ResultsTable();
        table.out.append("""
                # Results

                Made by `assay bench results` from the documents in [log/data](log/data/README.md); not to be edited. \
                Shares of the KL
                closed are on unseen user turns, foreign contexts, with 95 % intervals over user turns.
                """);
        List<Document> documents = documents(data);
        for (String command : COMMANDS) {
            documents.stream()
                    .filter(document -> document.command().equals(command))
                    .forEach(table::section);
        }
        return table.out.toString();
    }

    /// All documents, by their names.
    static List<Document> documents(Path data) {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .map(ResultsTable::document)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The documents of one command in the order in which they were begun.
    static List<Document> documents(Path data, String command) {
        return documents(data).stream()
                .filter(document -> document.command().equals(command))
                .sorted(Comparator.comparing(document ->
                        document.json().path("provenance").path("started").asString("")))
                .toList();
    }

    private static Document document(Path file) {
        String[] parts = String.valueOf(file.getFileName()).split("\\.", -1);
        Path entry = file.resolveSibling("../" + parts[0] + ".md").normalize();
        if (parts.length != 3 || !Files.isRegularFile(entry)) {
            throw new InputException(
                    "result: expected an entry of the log, docs/log/<entry>.md, for <entry>.<name>.json, found"
                            + " none (" + file + "). Write the entry.");
        }
        Document document = new Document(parts[0], parts[1], JsonFile.readObject(file));
        String command = document.command();
        if (!COMMANDS.contains(command) && !command.equals(PEERS) && !command.equals(GROWTH)) {
            throw new InputException("result: expected a document of " + String.join(", ", COMMANDS) + ", " + PEERS
                    + ", " + GROWTH + ", found \""
                    + document.command() + "\" (" + file + "). Keep what the command printed with --json.");
        }
        return document;
    }

    private void section(Document document) {
        JsonNode json = document.json();
        switch (document.command()) {
            case "verdict" -> verdict(document);
            case "explain" -> explained(document);
            case "distil", "bake" -> distilled(document);
            case "cases" -> cases(document);
            default -> mutation(document);
        }
        JsonNode provenance = json.path("provenance");
        String version = provenance.path("code").asString(text(json, "commit"));
        line("");
        line("`" + provenance.path("command").asString(text(json, "how")) + "`"
                + (version.isEmpty() ? "" : ", code " + version.substring(0, Math.min(12, version.length())))
                + "; [entry](log/" + document.entry() + ".md).");
    }

    private void verdict(Document document) {
        JsonNode claims = document.json().path("verdict");
        String which = document.name().replace("verdict", "");
        title("The verdict", text(document.json().path("study"), "name") + which);
        head("claim", "holds", "why");
        for (JsonNode claim : claims) {
            row(text(claim, "claim") + ": " + text(claim, "statement"), text(claim, "holds"), text(claim, "because"));
        }
        line("");
        head("claim", "what", "figure", "gate", "command");
        for (JsonNode claim : claims) {
            for (JsonNode figure : claim.path("evidence")) {
                String command = "`" + text(figure, "command") + "`";
                row(text(claim, "claim"), text(figure, "name"), text(figure, "value"), text(figure, "gate"), command);
            }
        }
    }

    private void explained(Document document) {
        JsonNode json = document.json();
        title("Explained", target(json));
        head("claim", "prompts", "closed", "as many random ones", "excess", "own contexts", "holds");
        JsonNode finding = json.path("verdict").path(0);
        for (JsonNode step : json.path("curve")) {
            boolean isChosen = text(step, "k").equals(text(json, "chosen_k"));
            row(
                    text(finding, "claim"),
                    text(step, "k") + (isChosen ? " (chosen)" : ""),
                    share(step, "closed"),
                    share(step, "null"),
                    share(step, "excess"),
                    share(step, "own"),
                    isChosen ? text(finding, "holds") : "");
        }
        JsonNode controls = json.path("controls");
        line("");
        line("Dense: " + share(json.path("ceiling"), "dense") + "; best single prompt: "
                + share(controls.path("best_single"), "closed") + "; constant offset: "
                + share(controls.path("constant_offset"), "closed") + "; " + nats(json) + ".");
    }

    private void distilled(Document document) {
        JsonNode json = document.json();
        JsonNode distil = json.path("distil");
        JsonNode finding = json.path("verdict").path(0);
        title(document.command().equals("bake") ? "Baked" : "Distilled", target(json));
        head("claim", "student", "closed", "own contexts", "untrained", "best prompt", "holds");
        row(
                finding.path("claim").asString(Figures.NOTHING),
                text(distil, "student"),
                share(distil, "closed"),
                share(distil, "own"),
                share(distil, "untrained"),
                share(distil, "best_prompt"),
                finding.path("holds").asString(Figures.NOTHING));
        line("");
        line(nats(json) + ".");
    }

    private void cases(Document document) {
        title("Cases", "files made after public reports of wrong numbers and useless refusals");
        head("case", "before", "now", "test");
        for (JsonNode one : document.json().path("cases")) {
            row(text(one, "case"), text(one, "before"), text(one, "now"), text(one, "test"));
        }
    }

    private void mutation(Document document) {
        title("Mutation testing", "what a wrong line of code changes in the unit tests of its room");
        head("package", "mutants", "killed", "share", "at commit");
        document.json().path("packages").properties().forEach(one -> {
            JsonNode found = one.getValue();
            String score = number(found.path("score"));
            row("`" + one.getKey() + "`", text(found, "mutants"), text(found, "killed"), score, text(found, "commit"));
        });
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    private static String target(JsonNode json) {
        return text(json.path("target"), "name") + " (" + text(json.path("target"), "kind") + ")";
    }

    private static String nats(JsonNode json) {
        return number(json.path("kl_base")) + " nats per token from the base";
    }

    private static String share(JsonNode node, String value) {
        JsonNode interval = node.path(value.equals("closed") ? "ci" : value + "_ci");
        String number = number(node.path(value));
        return interval.isArray() && interval.path(0).isNumber()
                ? number + " [" + number(interval.path(0)) + ", " + number(interval.path(1)) + "]"
                : number;
    }

    private static String number(JsonNode node) {
        return node.isNumber()
                ? String.format(Locale.ROOT, "%.3f", node.numberValue().doubleValue())
                : Figures.NOTHING;
    }

    private void title(String what, String which) {
        line("");
        line("## " + what + ": " + cell(which));
        line("");
    }

    private void head(String... names) {
        row(names);
        line("|" + "---|".repeat(names.length));
    }

    private void row(String... cells) {
        line("| " + String.join(" | ", Stream.of(cells).map(ResultsTable::cell).toList()) + " |");
    }

    /// Bars would end a cell, line breaks the row.
    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
