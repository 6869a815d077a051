package assay.show.page;

import static org.assertj.core.api.Assertions.assertThat;

import assay.show.report.Illustrations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StyleSheetTest {
    private static final Pattern COLOUR = Pattern.compile("--([a-z0-9-]+): #([0-9a-f]{6});");
    /// What the Web Content Accessibility Guidelines ask of text, and of marks that are not text.
    private static final double TEXT = 4.5;

    private static final double MARK = 3;

    @Test
    void textIsLegibleInLightAndInDark() throws IOException {
        for (Map<String, String> theme : List.of(theme(false), theme(true))) {
            for (String text : List.of("ink", "soft", "accent")) {
                assertThat(contrast(theme, text, "paper")).as(text).isGreaterThanOrEqualTo(TEXT);
            }
            assertThat(contrast(theme, "null", "paper")).isGreaterThanOrEqualTo(MARK);
            assertThat(contrast(theme, "ink", "wash")).isGreaterThanOrEqualTo(TEXT);
        }
    }

    @Test
    void tokensAreLegibleAtEveryHeat() throws IOException {
        for (Map<String, String> theme : List.of(theme(false), theme(true))) {
            for (int level = 1; level <= Illustrations.LEVELS.size(); level++) {
                String ink = level < 4 ? "ink" : "heat-ink-" + level;
                assertThat(contrast(theme, ink, "heat-" + level))
                        .as("level " + level)
                        .isGreaterThanOrEqualTo(TEXT);
            }
        }
    }

    @Test
    void hotterTokensStandOutMore() throws IOException {
        for (Map<String, String> theme : List.of(theme(false), theme(true))) {
            for (int level = 2; level <= Illustrations.LEVELS.size(); level++) {
                assertThat(contrast(theme, "heat-" + level, "paper"))
                        .isGreaterThan(contrast(theme, "heat-" + (level - 1), "paper"));
            }
        }
    }

    /// The colours by name; those of the dark theme replace the light ones they redefine.
    private static Map<String, String> theme(boolean dark) throws IOException {
        String css;
        try (InputStream stream = Page.class.getResourceAsStream("report.css")) {
            css = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
        int darkBegins = css.indexOf("@media (prefers-color-scheme: dark)");
        int darkEnds = css.indexOf("* { box-sizing");
        assertThat(darkBegins).isBetween(1, darkEnds);
        Map<String, String> colours = new HashMap<>();
        COLOUR.matcher(css.substring(0, dark ? darkEnds : darkBegins))
                .results()
                .forEach(match -> colours.put(match.group(1), match.group(2)));
        return colours;
    }

    private static double contrast(Map<String, String> theme, String first, String second) {
        double one = luminance(Objects.requireNonNull(theme.get(first), first));
        double other = luminance(Objects.requireNonNull(theme.get(second), second));
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    /// Relative luminance (WCAG 2.2).
    private static double luminance(String hex) {
        double[] factors = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double channel = Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16) / 255.0;
            sum += factors[i] * (channel <= 0.04045 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
