package assay.cli;

import picocli.CommandLine.Option;

/// The form a result is printed in.
final class JsonOption {
    @Option(names = "--json", description = "Print one JSON document instead of text.")
    boolean asked;
}
