package assay.show.page;

import assay.base.run.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// What all pages have in common: the document around them, and where the numbers come from.
public final class Page {
    private static final String STYLE = "report.css";
    private static final String SORTING = "sort.js";
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private Page() {}

    /// The whole document, valid as HTML and as XML.
    ///
    /// @param main what stands on the page
    public static String document(String title, Markup main) {
        return document(title, main, "");
    }

    /// The same with tables that a click on a column's name sorts, those of the class `sortable`; only the script that
    /// does it may run. Cells are sorted by their attribute `data-value` as numbers, else by their text.
    public static String sortable(String title, Markup main) {
        return document(title, main, resource(SORTING));
    }

    /// @param script of ours, or nothing
    private static String document(String title, Markup main, String script) {
        Markup out = new Markup();
        out.open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml").open("head");
        out.empty("meta", "charset", "utf-8");
        out.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy(script));
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.empty("meta", "name", "color-scheme", "content", "light dark");
        out.element("title", title + " · Assay");
        out.verbatim("style", resource(STYLE)).closeLine();
        out.open("body").open("main").add(main).close();
        if (!script.isEmpty()) {
            out.verbatim("script", script);
        }
        out.close().close();
        return "<!DOCTYPE html>\n" + out.finished() + "\n";
    }

    /// The command, the weights' hash, and everything else that was recorded.
    public static void provenance(Markup out, Map<String, Object> provenance, String modelSha256) {
        out.section("provenance", "Where the numbers come from");
        Object command = provenance.get("command");
        if (command == null) {
            out.quiet("No command was recorded.");
        } else {
            out.paragraph("Regenerate with").element("pre", command.toString());
        }
        out.element("p", "Model weights, SHA-256 " + modelSha256, "class", "hash");
        out.add(Table.provenance(provenance)).closeLine();
    }

    private static String policy(String script) {
        if (script.isEmpty()) {
            return POLICY;
        }
        byte[] hash = Sha256.digest("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
        return POLICY + "; script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    private static String resource(String name) {
        try (InputStream stream = Page.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("page: expected " + name + " beside the classes, found none.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
