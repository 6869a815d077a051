package assay.discover.predict;

import java.nio.file.Path;

/// How kept readings of prompts are read.
public final class ReadingsBorder {
    /// Prompts in a sound file.
    public static final int ROWS = 12;
    /// Numbers of each.
    public static final int WIDTH = 32;

    private ReadingsBorder() {}

    /// Reads a file of a dictionary of [#ROWS] prompts; it may count as none.
    public static void read(Path file) {
        ReadingShelf.read(file, ROWS, WIDTH).ifPresent(readings -> {
            for (float[] reading : readings) {
                for (float value : reading) {
                    if (!Float.isFinite(value)) {
                        throw new IllegalStateException("a reading that is no number");
                    }
                }
            }
        });
    }
}
