package assay.measure.judge;

import java.util.Arrays;

/// How much of its noise ceiling a list is sure to reach, in words (docs/decisions/0025-noise-ceiling.md).
public enum Grade {
    /// A list that does as much as the recipe itself.
    EXPLAINED(0.90, "Explained"),
    /// A list that lacks little.
    MOSTLY(0.75, "Mostly explained"),
    /// A list that does at least half.
    PARTLY(0.50, "Partly explained"),
    /// Less.
    NOT(Double.NEGATIVE_INFINITY, "Not explained");

    private final double least;
    private final String words;

    Grade(double least, String words) {
        this.least = least;
        this.words = words;
    }

    /// The grade of a share, by the lower end of its interval; none is reached by what was not measured.
    public static Grade of(double low) {
        return Arrays.stream(values())
                .filter(grade -> low >= grade.least)
                .findFirst()
                .orElse(NOT);
    }

    /// As a headline says it.
    public String words() {
        return words;
    }
}
