package assay.show.page;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/// How much room there is and whether colours may be used.
///
/// @param width terminal cells in a line; fewer than 30 are taken as 30
/// @param colour whether ANSI colours are understood
public record Style(int width, boolean colour) {
    /// The narrowest layout.
    public static final int NARROWEST = 30;

    private static final int USUAL_WIDTH = 80;

    /// Takes widths below the narrowest as the narrowest.
    public Style {
        width = Math.max(NARROWEST, width);
    }

    /// The style of the terminal this program runs in; without colour when its output goes elsewhere or
    /// `NO_COLOR` is set.
    public static Style detect() {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        return of(System.getenv(), terminal);
    }

    /// The style that an environment asks for.
    public static Style of(Map<String, String> environment, boolean terminal) {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return new Style(columns(environment.getOrDefault("COLUMNS", "")), terminal && !refused);
    }

    private static int columns(String text) {
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : USUAL_WIDTH;
    }
}
