package assay.base.run;

import assay.InputException;
import assay.ResourceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Words refusals: *subject: expected X, found Y (where). Next step.* What files say about themselves is
/// cut to a readable length; line ends and characters that do not show are spelt out, such as `\n` and
/// `\u001b`: a `?` in their place would read like one of the file's.
public final class Refusal {
    private static final int LONGEST = 700;
    private static final int LONGEST_NAME = 160;

    private Refusal() {}

    public static InputException of(String subject, String expected, Object found, Object where, String nextStep) {
        return new InputException(line(subject, expected, found, where, nextStep));
    }

    public static ResourceException unreadable(String subject, Path where, IOException failure) {
        return failed(subject, "a readable file", where, "Check its permissions.", failure);
    }

    /// A refusal by the disk or the system.
    public static ResourceException failed(
            String subject, String expected, Path where, String nextStep, IOException failure) {
        return new ResourceException(line(subject, expected, reason(failure), where, nextStep), failure);
    }

    public static String line(String subject, String expected, Object found, Object where, String nextStep) {
        String line = subject + ": expected " + shortened(expected, LONGEST) + ", found "
                + shortened(found.toString(), LONGEST) + " (" + where + "). " + shortened(nextStep, LONGEST);
        return Visible.oneLine(line);
    }

    /// A name from a file, as long as a message bears.
    public static String name(String name) {
        return shortened(name, LONGEST_NAME);
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : Visible.upTo(text, longest) + "…";
    }

    /// What went wrong in words: Java's file exceptions carry their cause in their class.
    public static String reason(IOException failed) {
        return switch (failed) {
            case AccessDeniedException _ -> "no permission";
            case NoSuchFileException missing -> "no such file or folder " + missing.getFile();
            case FileAlreadyExistsException other -> other.getFile() + " in the way";
            default -> {
                String message = failed.getMessage();
                yield message == null
                        ? failed.getClass().getSimpleName()
                        : message.lines().findFirst().orElse("a failure");
            }
        };
    }
}
