package assay.tasks.distil;

import assay.InputException;
import assay.base.run.AtomicFiles;
import assay.base.run.Job;
import assay.base.run.Sha256;
import assay.base.run.Stage;
import assay.base.run.UserFolders;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Sampling;
import assay.measure.probe.ProbeMaker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Answers of a model under a system prompt as examples to train on, the way many adapters are made: user turns and
/// answers are both drawn by the seed, so that two seeds are two samples of one behaviour.
final class SampledAnswers {
    /// Longer than what is learnt, so that an answer cut off is not taken for one that ended.
    private static final int TOKENS = Examples.LONGEST_ANSWER + 8;

    /// Answers written between two looks at whether to stop.
    private static final int TOGETHER = 96;

    private SampledAnswers() {}

    /// A line of the file.
    private record Line(String user, String answer) {}

    /// A file of examples in the user's cache; what is there already is not written again.
    ///
    /// @param seed of user turns and answers
    /// @throws InputException if the model writes too few user turns, or nothing under the prompt
    static Path file(ChatModel chat, Bake.Source.Sampled wanted, long seed, Job job) {
        String recipe = String.join(
                "\n",
                chat.sha256(),
                chat.slot().basePrompt().written(),
                chat.model().dtype().name(),
                wanted.prompt(),
                wanted.count() + " " + seed);
        Path file = UserFolders.current()
                .cache()
                .resolve("answers")
                .resolve(Sha256.ofText(recipe).substring(0, 24) + ".jsonl");
        if (!Files.isRegularFile(file)) {
            List<String> turns;
            try (Stage _ = job.stage("user turns written by the model", 0)) {
                turns = new ProbeMaker(chat).userTurns(wanted.count(), seed);
            }
            AtomicFiles.write(
                    file, lines(chat, wanted.prompt(), turns, seed, job).getBytes(StandardCharsets.UTF_8));
        }
        job.note("examples: " + file);
        return file;
    }

    /// What the file holds.
    static String lines(ChatModel chat, String prompt, List<String> turns, long seed, Job job) {
        HardPrompt behaviour = HardPrompt.of(prompt, chat.tokenizer());
        List<int[]> tokens = turns.stream().map(chat.slot()::user).toList();
        int longest = tokens.stream()
                .mapToInt(turn -> chat.slot().context(behaviour.tokens(), turn, new int[0]).length)
                .max()
                .orElse(0);
        int most = Math.min(TOKENS, chat.model().maxPositions() - longest);
        StringBuilder lines = new StringBuilder();
        try (Stage stage = job.stage("answers sampled under the prompt", turns.size())) {
            List<int[]> answers = new ArrayList<>();
            for (int from = 0; from < turns.size(); from += TOGETHER) {
                job.check();
                List<int[]> some = tokens.subList(from, Math.min(turns.size(), from + TOGETHER));
                answers.addAll(new Generator(chat).answers(behaviour, some, Sampling.defaults(most, seed + from)));
                stage.advance(some.size());
            }
            for (int i = 0; i < turns.size(); i++) {
                String text = chat.tokenizer().decode(answers.get(i)).strip();
                if (!text.isEmpty()) {
                    lines.append(JsonMapper.shared().writeValueAsString(new Line(turns.get(i), text)))
                            .append('\n');
                }
            }
        }
        if (lines.isEmpty()) {
            throw new InputException(
                    "--answers: expected the model to write something under the prompt, found nothing ("
                            + chat.model().name() + "). Use another prompt.");
        }
        return lines.toString();
    }
}
