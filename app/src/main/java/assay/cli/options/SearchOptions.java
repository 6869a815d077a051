package assay.cli.options;

import assay.discover.search.TargetSearch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// How long to search for prompts beyond the dictionary.
public final class SearchOptions {
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(s|m|h)?");
    private static final int MOST_RUNS = 10_000;

    @Option(
            names = "--budget",
            paramLabel = "B",
            description =
                    "Search for prompts beyond the dictionary: a number of prompts run exactly (default 48), which"
                            + " gives the same result everywhere, or a time (60s, 5m, 1h).")
    private String budget = "48";

    @Option(names = "--no-search", description = "Use the prompts of the dictionary only.")
    private boolean none;

    /// The budget asked for.
    ///
    /// @throws ParameterException if it is none
    public TargetSearch.Budget budget(AssayCommand command) {
        if (none) {
            return TargetSearch.Budget.NONE;
        }
        Matcher matcher = TIME.matcher(budget.strip());
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number < 1) {
            throw command.refused(
                    "--budget: expected a time such as 60s or 5m, or a number of prompts such as 96, found " + budget
                            + ". For no search at all give --no-search.");
        }
        String unit = matcher.group(2);
        return unit == null
                ? new TargetSearch.Budget(Double.POSITIVE_INFINITY, (int) Math.min(number, MOST_RUNS))
                : new TargetSearch.Budget(number * (unit.equals("h") ? 3600 : unit.equals("m") ? 60 : 1), MOST_RUNS);
    }
}
