package assay.cli.chat;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where lines come from: a person at a terminal, or a pipe.
public interface Lines {
    /// The next line; nothing at the end.
    Optional<String> next();

    /// Whether a person sits there, who sees what he types and may want to stop an answer.
    boolean isTerminal();

    /// Whether Enter was pressed meanwhile.
    boolean wasPressed();

    /// The terminal this program runs in, with the editing and the history of Java's own console; else standard input.
    static Lines standard() {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .<Lines>map(OfTerminal::new)
                .orElseGet(() -> of(System.in));
    }

    /// Lines of a stream in UTF-8.
    static Lines of(InputStream in) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        return new Lines() {
            @Override
            public Optional<String> next() {
                try {
                    return Optional.ofNullable(reader.readLine());
                } catch (IOException _) {
                    return Optional.empty();
                }
            }

            @Override
            public boolean isTerminal() {
                return false;
            }

            @Override
            public boolean wasPressed() {
                return false;
            }
        };
    }

    /// A person.
    record OfTerminal(Console console) implements Lines {
        @Override
        public Optional<String> next() {
            return Optional.ofNullable(console.readLine("> "));
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public boolean wasPressed() {
            try {
                boolean pressed = System.in.available() > 0;
                while (System.in.available() > 0 && System.in.read() >= 0) {
                    // What was typed into an answer is no message.
                }
                return pressed;
            } catch (IOException _) {
                return false;
            }
        }
    }
}
