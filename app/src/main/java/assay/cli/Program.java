package assay.cli;

import assay.InputException;
import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Interruption;
import assay.base.run.Provenance;
import assay.base.run.Visible;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/// Runs commands: how they are refused, and the exit codes they end with.
public final class Program {
    /// What Java puts where bytes are no letter of the locale.
    private static final char UNREADABLE = '\uFFFD';

    private static final int USAGE = 2;
    private static final int INPUT = 3;
    private static final int RESOURCE = 4;
    private static final int DEFECT = 70;

    private Program() {}

    /// Runs one command and ends the process with its exit code.
    ///
    /// @param root the command that has all others
    public static void main(Object root, String[] arguments) {
        PrintWriter err = writer(System.err);
        int code;
        try {
            code = run(root, arguments, writer(System.out), err);
        } catch (Error failure) { // picocli hands only exceptions to its handler
            code = failed(failure, err);
        }
        System.exit(code);
    }

    private static int failed(Throwable failure, PrintWriter err) {
        err.println("assay: " + Visible.line(message(failure)));
        err.flush();
        return exitCode(failure);
    }

    /// Runs one command.
    ///
    /// @param root the command that has all others
    /// @param out for results
    /// @param err for everything else
    public static int run(Object root, String[] arguments, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(root);
        line.setOut(out);
        line.setErr(err);
        line.setExecutionExceptionHandler((failure, _, _) -> failed(failure, err));
        line.setParameterExceptionHandler((failure, _) -> {
            err.println("assay: " + Visible.line(String.valueOf(failure.getMessage())));
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
            err.println("Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            err.flush();
            return USAGE;
        });
        if (arguments.length == 0) {
            line.usage(out);
            return USAGE;
        }
        for (String argument : arguments) {
            if (argument.indexOf(UNREADABLE) >= 0) {
                return failed(notInThisLocale(argument), err);
            }
        }
        return line.execute(arguments);
    }

    /// Another text would be explained than was typed, so nothing is.
    private static InputException notInThisLocale(String argument) {
        return new InputException("command line: expected text in the locale's letters ("
                + System.getProperty("sun.jnu.encoding") + "), found bytes that are none ('" + argument
                + "'). Type it again, or set LC_ALL to a locale of your terminal's letters, for example C.UTF-8.");
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case InputException _ -> INPUT;
            case ResourceException _ -> RESOURCE;
            case InterruptedRunException _ -> Interruption.EXIT_CODE;
            default -> isMemory(failure) ? RESOURCE : DEFECT;
        };
    }

    private static String message(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        if (exitCode(failure) == DEFECT) {
            // libtorch puts pages behind the first line
            return "defect: expected no such failure, found "
                    + failure.getClass().getSimpleName() + ": "
                    + text.lines().findFirst().orElse("")
                    + ". Please report it with the command you typed.";
        }
        return isMemory(failure)
                ? "memory: expected enough for this model and probe, found none left. Close other programs or use a smaller model."
                : text;
    }

    private static boolean isMemory(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        return failure instanceof OutOfMemoryError
                || text.contains("not enough memory")
                || text.contains("can't allocate memory");
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /// What `--version` prints.
    public static String[] version() {
        return new String[] {"assay " + Provenance.assayVersion()};
    }
}
