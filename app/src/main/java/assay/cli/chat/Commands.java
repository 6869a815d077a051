package assay.cli.chat;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Refusal;
import assay.engine.hub.ModelStore;
import assay.tasks.talk.Column;
import assay.tasks.talk.Conversation;
import assay.tasks.talk.Export;
import assay.tasks.talk.Figures;
import assay.tasks.talk.PromptList;
import assay.tasks.talk.Reading;
import assay.tasks.talk.RunFile;
import assay.tasks.talk.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// What lines that begin with `/` do.
final class Commands {
    private static final double USUAL_WEIGHT = 0.5;
    private static final int MOST_TOKENS = 2_000;

    private final ChatLoop loop;
    private final Talk talk;
    private Optional<Figures> figures = Optional.empty();

    Commands(ChatLoop loop) {
        this.loop = loop;
        this.talk = loop.talk();
    }

    /// Does what a line says.
    ///
    /// @throws InputException if it cannot be done
    void run(String line) {
        int blank = line.indexOf(' ');
        String name = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
        switch (name) {
            case "/help" -> loop.say(ChatPages.help());
            case "/weights" -> loop.say(ChatPages.weights(talk.prompts(), talk.scale()));
            case "/weight" -> numbered(rest, (index, text) -> talk.prompts().weighted(index, number(text, name)));
            case "/on" -> numbered(rest, (index, _) -> talk.prompts().switched(index, true));
            case "/off" -> numbered(rest, (index, _) -> talk.prompts().switched(index, false));
            case "/drop" -> numbered(rest, (index, _) -> talk.prompts().without(index));
            case "/edit" -> numbered(rest, (index, text) -> talk.prompts().edited(index, text));
            case "/add" -> add(rest);
            case "/scale" -> scale(number(rest, name));
            case "/refit" -> refit();
            case "/figures" -> figures();
            case "/why" -> loop.say(ChatPages.why(loop.read()));
            case "/top" -> loop.say(ChatPages.top(place(rest)));
            case "/branch" -> branch(rest);
            case "/again" -> again();
            case "/save" -> loop.say("Saved: " + talk.save(figures));
            case "/export" -> export(rest);
            default -> settings(name, rest);
        }
    }

    private void settings(String name, String rest) {
        ChatSettings now = loop.settings();
        switch (name) {
            case "/seed" -> loop.settings(now.withSeed((long) number(rest, name)));
            case "/temperature" -> loop.settings(now.withTemperature(within(rest, name, 0, 10)));
            case "/topp" -> loop.settings(now.withTopP(within(rest, name, 1e-6, 1)));
            case "/tokens" -> loop.settings(now.withTokens((int) within(rest, name, 1, MOST_TOKENS)));
            case "/system" -> loop.settings(now.withSystem(rest));
            case "/prefill" -> loop.settings(now.withPrefill(rest));
            case "/raw" -> {
                loop.settings(now.raw(!now.isRaw()));
                loop.forget();
                loop.say(now.isRaw() ? "Messages are answered." : "Messages are texts to go on with.");
            }
            case "/columns" -> columns(rest);
            case "/new" -> loop.forget();
            default ->
                throw new InputException(
                        "command: expected one of /help, found " + name + ". To say it, put a space in front.");
        }
    }

    private void changed(PromptList prompts) {
        talk.prompts(prompts);
        figures = Optional.empty();
        loop.say(ChatPages.weights(talk.prompts(), talk.scale()));
    }

    /// A change of the prompt whose number stands first.
    private void numbered(String rest, BiFunction<Integer, String, PromptList> change) {
        String[] words = rest.split("\\s+", 2);
        int most = talk.prompts().parts().size();
        int number = (int) within(words[0], "prompt", 1, Math.max(1, most));
        if (most == 0) {
            throw new InputException("prompt: expected one, found none (in the mixture). /add one.");
        }
        changed(change.apply(number - 1, words.length > 1 ? words[1] : ""));
    }

    private void add(String rest) {
        String[] words = rest.split("\\s+", 2);
        boolean isWeighted = words.length > 1 && words[0].matches("[+-]?\\d*\\.?\\d+");
        changed(
                isWeighted
                        ? talk.prompts().with(words[1], Double.parseDouble(words[0]))
                        : talk.prompts().with(rest, USUAL_WEIGHT));
    }

    private void scale(double factor) {
        talk.scale(factor);
        figures = Optional.empty();
        loop.say("The adapter's scale is " + ChatPages.number(factor) + ".");
    }

    private void refit() {
        Optional<PromptList> fitted = loop.result(talk::refit);
        fitted.ifPresent(list -> {
            loop.say(ChatPages.weights(list, talk.scale()));
            figures();
        });
    }

    private void figures() {
        figures = loop.result(talk::figures);
        figures.ifPresent(known -> loop.say(ChatPages.figures(known)));
    }

    private Reading.Place place(String rest) {
        Reading reading = loop.read();
        int number = (int) within(rest, "token", 1, reading.places().size());
        return reading.places().get(number - 1);
    }

    /// Goes on from a token of the mixture's last answer with other words.
    private void branch(String rest) {
        String[] words = rest.split("\\s+", 2);
        ChatLoop.Turn turn = loop.turn();
        int[] answer = turn.answers().getOrDefault(Column.MIXTURE, new int[0]);
        int number = (int) within(words[0], "token", 1, Math.max(1, answer.length));
        String text = words.length > 1 ? words[1].replaceAll("^\"|\"$", "") : "";
        int[] kept = Arrays.copyOf(answer, Math.min(number - 1, answer.length));
        int[] instead = text.isEmpty() ? new int[0] : talk.chat().tokenizer().encode(text);
        int[] begun = Arrays.copyOf(kept, kept.length + instead.length);
        System.arraycopy(instead, 0, begun, kept.length, instead.length);
        loop.say("… " + talk.chat().tokenizer().continued(begun));
        loop.ask(turn.asked().begun(begun));
    }

    private void again() {
        Conversation asked = loop.turn().asked();
        loop.settings(loop.settings().withSeed(loop.settings().seed() + 1));
        loop.ask(asked);
    }

    private void columns(String rest) {
        Set<Column> chosen = EnumSet.noneOf(Column.class);
        for (String word : rest.isEmpty() ? new String[0] : rest.split("[\\s,]+", -1)) {
            chosen.add(Stream.of(Column.values())
                    .filter(column ->
                            column.toString().equals(word) && talk.columns().contains(column))
                    .findFirst()
                    .orElseThrow(() -> new InputException("columns: expected some of "
                            + String.join(
                                    ", ",
                                    talk.columns().stream()
                                            .map(Column::toString)
                                            .toList()) + ", found "
                            + word + ".")));
        }
        loop.choose(chosen);
    }

    private void export(String rest) {
        String[] words = rest.split("\\s+", 2);
        Optional<Path> file = words.length > 1 ? Optional.of(path(words[1])) : Optional.empty();
        String content = switch (words[0].toLowerCase(Locale.ROOT)) {
            case "python" -> Export.python(talk.chat(), model(), talk.target().name(), talk.prompts());
            case "json" -> talk.json(figures);
            case "text" -> Export.text(talk.prompts());
            case "soft" -> {
                soft(file);
                yield "";
            }
            default ->
                throw new InputException("export: expected python, json, text or soft, found "
                        + (words[0].isEmpty() ? "nothing" : words[0]) + ".");
        };
        if (content.isEmpty()) {
            return;
        }
        if (file.isPresent()) {
            AtomicFiles.write(file.get(), content);
            loop.say("Written: " + file.get());
        } else {
            loop.say(content.stripTrailing());
        }
    }

    private String model() {
        return ModelStore.baseName(talk.chat().model().name(), talk.chat().path());
    }

    /// Copies the soft prompt of the run.
    private void soft(Optional<Path> to) {
        Path from = talk.run()
                .flatMap(RunFile::soft)
                .orElseThrow(
                        () -> new InputException("export: expected a soft prompt, found none (in this run). Explain"
                                + " the adapter without --direct."));
        Path target = to.orElseThrow(() -> new InputException(
                "export: expected a folder to write to, found none. For example: /export soft my-soft-prompt"));
        AtomicFiles.requireRoomIn("export", target);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                AtomicFiles.write(target.resolve(String.valueOf(file.getFileName())), out -> Files.copy(file, out));
            }
        } catch (IOException failed) {
            throw Refusal.failed("export", "to copy it", from, "Copy it yourself.", failed);
        }
        loop.say("Written: " + target);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw new InputException("export: expected a file, found " + text + ". Name another.");
        }
    }

    private static double within(String text, String name, double least, double most) {
        double value = number(text, name);
        if (!(value >= least && value <= most)) {
            throw new InputException(name.replace("/", "") + ": expected " + ChatPages.number(least) + " to "
                    + ChatPages.number(most) + ", found " + text + ".");
        }
        return value;
    }

    private static double number(String text, String name) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw new InputException(name.replace("/", "") + ": expected a number, found "
                    + (text.isEmpty() ? "nothing" : "\"" + text + "\"") + ". /help shows how.");
        }
    }

    /// For tests: all commands that are known.
    static List<String> names() {
        return ChatPages.help().stream().map(line -> line.split("[ ,]", 2)[0]).toList();
    }
}
