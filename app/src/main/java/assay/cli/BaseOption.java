package assay.cli;

import assay.engine.text.BasePrompt;
import picocli.CommandLine.Option;

/// What everything is compared with.
final class BaseOption {
    @Option(
            names = "--base-prompt",
            paramLabel = "B",
            description = "What stands in the prompt's place of the base, and under an adapter: empty (an empty system"
                    + " message, the default), none (no system message), default (what the template inserts by itself),"
                    + " or the text of a system prompt.")
    private String written = "empty";

    /// @throws assay.InputException if it is blank
    BasePrompt value() {
        return BasePrompt.parse(written);
    }
}
