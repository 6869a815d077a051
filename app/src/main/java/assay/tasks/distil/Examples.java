package assay.tasks.distil;

import assay.InputException;
import assay.base.run.Refusal;
import assay.engine.model.ChatModel;
import assay.measure.probe.Probe;
import assay.train.Teacher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Examples of what an adapter is to answer, from a JSONL file. A line is `{"user": …, "answer": …}`, or of a form
/// other
/// tools write: `{"messages": […]}`, `{"conversations": […]}` (ShareGPT) or `{"instruction": …, "output": …}`.
///
/// @param answers by user turn, in the order of the file
public record Examples(Map<String, String> answers) {
    private static final long MOST_BYTES = 1 << 28;
    private static final int FEWEST_TURNS = 10;
    private static final int MOST_LISTED = 5;
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");
    /// Longest answer that is learnt, tokens.
    static final int LONGEST_ANSWER = 96;

    /// Reads a file.
    ///
    /// @throws InputException naming the broken lines, or if there are too few different user turns to hold
    /// some out
    public static Examples read(Path file) {
        List<String> lines = lines(file);
        Map<String, String> answers = new LinkedHashMap<>();
        Map<String, Integer> first = new LinkedHashMap<>();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String fault = lines.get(i).isBlank() ? "" : take(lines.get(i), i + 1, answers, first);
            if (!fault.isEmpty()) {
                faults.add("line " + (i + 1) + ": " + fault);
            }
        }
        if (!faults.isEmpty()) {
            String more = faults.size() > MOST_LISTED ? "; and " + (faults.size() - MOST_LISTED) + " more" : "";
            throw refused(
                    "a JSON object with \"user\" and \"answer\" in every line",
                    String.join("; ", faults.subList(0, Math.min(MOST_LISTED, faults.size()))) + more,
                    file,
                    "Correct them; nothing was trained.");
        }
        if (answers.size() < FEWEST_TURNS) {
            throw refused(
                    "at least " + FEWEST_TURNS + " different user turns",
                    answers.isEmpty() ? "none" : Integer.toString(answers.size()),
                    file,
                    "Some must be held out to measure on.");
        }
        return new Examples(answers);
    }

    private static List<String> lines(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw refused("a JSONL file", Files.exists(file) ? "a folder" : "nothing", file, "Check --data.");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw refused("at most " + MOST_BYTES + " bytes", "" + Files.size(file), file, "Take fewer examples.");
            }
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            lines.replaceAll(line -> line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line);
            return lines;
        } catch (IOException unreadable) {
            throw new InputException(
                    "examples: expected a readable UTF-8 file, found "
                            + unreadable.getClass().getSimpleName() + " (" + file
                            + "). Check its encoding and permissions.",
                    unreadable);
        }
    }

    /// What is wrong with a line; empty if nothing.
    private static String take(String line, int number, Map<String, String> answers, Map<String, Integer> first) {
        try {
            Exchange exchange = Exchange.of(JsonMapper.shared().readTree(line));
            String fault = exchange.fault();
            if (!fault.isEmpty()) {
                return fault;
            }
            Integer before = first.putIfAbsent(Probe.normal(exchange.user()), number);
            if (before != null) {
                return "the user turn of line " + before + " again";
            }
            answers.put(exchange.user(), exchange.answer());
            return "";
        } catch (JacksonException malformed) {
            String message = malformed.getOriginalMessage();
            return "no JSON"
                    + (message == null ? "" : " (" + message.lines().findFirst().orElse("") + ")");
        }
    }

    /// One line's texts, each empty if it has none.
    ///
    /// @param further whether more follows the answer
    private record Exchange(String system, String user, String answer, boolean further) {
        static Exchange of(JsonNode line) {
            JsonNode turns = line.path(line.has("messages") ? "messages" : "conversations");
            if (turns.isArray()) {
                return ofTurns(turns);
            }
            boolean instruction = line.has("instruction");
            String user = text(line, instruction ? "instruction" : "user");
            String input = instruction ? text(line, "input") : "";
            return new Exchange(
                    text(line, "system"),
                    input.isEmpty() ? user : user + "\n\n" + input,
                    text(line, instruction ? "output" : "answer"),
                    false);
        }

        private static Exchange ofTurns(JsonNode turns) {
            Map<String, String> texts = new HashMap<>();
            boolean further = false;
            for (JsonNode turn : turns) {
                String role = text(turn, turn.has("role") ? "role" : "from");
                String speaker = switch (role) {
                    case "human" -> "user";
                    case "gpt" -> "assistant";
                    default -> role;
                };
                further |= texts.containsKey("assistant") || !ROLES.contains(speaker);
                further |= texts.put(speaker, text(turn, turn.has("content") ? "content" : "value")) != null;
            }
            return new Exchange(
                    texts.getOrDefault("system", ""),
                    texts.getOrDefault("user", ""),
                    texts.getOrDefault("assistant", ""),
                    further);
        }

        String fault() {
            if (user.isEmpty() || answer.isEmpty()) {
                return (user.isEmpty() ? "no \"user\"" : "no \"answer\"") + " text";
            }
            if (!system.isEmpty()) {
                return "a \"system\" text, which this version does not train on";
            }
            return further ? "more than one user turn and its answer, which this version does not train on" : "";
        }

        private static String text(JsonNode node, String field) {
            JsonNode value = node.path(field);
            return value.isString() ? value.stringValue().strip() : "";
        }
    }

    /// A split for each user turn: a tenth to search, a fifth to test, drawn by `seed`.
    List<Probe.Split> splits(long seed) {
        List<Probe.Split> splits = new ArrayList<>(Collections.nCopies(answers.size(), Probe.Split.FIT));
        int search = Math.max(2, answers.size() / 10);
        int test = Math.max(3, answers.size() / 5);
        for (int i = 0; i < search + test; i++) {
            splits.set(i, i < search ? Probe.Split.SEARCH : Probe.Split.TEST);
        }
        Collections.shuffle(splits, new Random(seed));
        return splits;
    }

    /// The examples of one split, in order.
    ///
    /// @param seed that of [#splits]
    public List<Map.Entry<String, String>> on(Probe.Split split, long seed) {
        List<Probe.Split> splits = splits(seed);
        List<Map.Entry<String, String>> all = List.copyOf(answers.entrySet());
        return IntStream.range(0, all.size())
                .filter(i -> splits.get(i) == split)
                .mapToObj(all::get)
                .toList();
    }

    /// A file of all examples but those of the test split, for another training that must not see these.
    ///
    /// @param seed that of [#splits]
    public byte[] withoutTest(long seed) {
        List<Probe.Split> splits = splits(seed);
        StringBuilder lines = new StringBuilder();
        int i = 0;
        for (Map.Entry<String, String> one : answers.entrySet()) {
            if (splits.get(i++) != Probe.Split.TEST) {
                Map<String, String> line = new LinkedHashMap<>();
                line.put("user", one.getKey());
                line.put("answer", one.getValue());
                lines.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Examples as something to learn from.
    ///
    /// @param curriculum their user turns; nobody else answers them
    /// @param teacher their answers
    record Written(Curriculum curriculum, Teacher.Written teacher) {}

    /// The written answers as the teacher, cut at [#LONGEST_ANSWER] tokens.
    ///
    /// @param seed that of [#splits]
    Written written(ChatModel chat, long seed) {
        List<Probe.Split> splits = splits(seed);
        List<Probe.Turn> turns = new ArrayList<>();
        Map<Integer, int[]> tokens = new HashMap<>();
        answers.forEach((user, text) -> {
            int[] answer = ended(chat.slot().answer(text), chat.slot().endOfAnswer());
            tokens.put(turns.size(), answer);
            turns.add(new Probe.Turn(user, splits.get(turns.size()), "", answer));
        });
        return new Written(
                new Curriculum(new Probe("examples", turns), new Probe("own", List.of())), new Teacher.Written(tokens));
    }

    /// An answer with its end, unless it is too long to be learnt whole.
    private static int[] ended(int[] answer, int end) {
        if (answer.length > LONGEST_ANSWER) {
            return Arrays.copyOf(answer, LONGEST_ANSWER);
        }
        int[] whole = Arrays.copyOf(answer, answer.length + 1);
        whole[answer.length] = end;
        return whole;
    }

    private static InputException refused(String expected, String found, Path file, String next) {
        return Refusal.of("examples", expected, found, file, next);
    }
}
