package assay.discover.atlas;

import assay.engine.model.ChatModel;
import assay.measure.behaviour.Generator;
import assay.measure.behaviour.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Lets the model itself write prompts: it continues a list of instructions, and the next line is a
/// candidate.
public record PromptSampler(ChatModel chat) {
    private static final int LONGEST = 26;
    /// Openings, so that no kind of prompt crowds out the others; half of them ask for a persona.
    private static final List<String> HEADS = List.of("""
            You are a; You are an; You are; Act as a; Act like a; Talk like a; Speak like a; Pretend to be a; \
            Answer as a; Write like a; You love; You hate; You work; You always; You; Always; Output; Answer; \
            Answer in; Reply in; Be; Write; Never; Reply; Talk; Use; Give; Speak; Tell; Make; Explain; Only; Start; \
            Respond\
            """.split("; "));

    /// Openings of prompts of all kinds.
    public static List<String> openings() {
        return HEADS;
    }

    /// The tokens a model is given to go on with: one more line of this list, begun with `- `, is one more
    /// prompt. Examples that leave no room for that line are left out.
    public static int[] list(List<String> examples, ChatModel chat) {
        int room = chat.model().maxPositions() - 2 * LONGEST;
        for (int count = examples.size(); ; count--) {
            StringBuilder list = new StringBuilder("A list of very different instructions given to a chatbot:\n");
            examples.subList(0, count)
                    .forEach(example -> list.append("- ").append(example).append('\n'));
            int[] tokens = chat.tokenizer().encode(list.toString());
            if (tokens.length <= room || count == 0) {
                return tokens;
            }
        }
    }

    /// Raw lines, some of them unusable: filter them.
    ///
    /// @param examples prompts to show as a pattern, all in one list
    public List<String> lines(List<String> examples, int count, long seed) {
        return lines(examples, HEADS, count, seed);
    }

    /// Raw lines with given openings, drawn by chance.
    ///
    /// @param openings first words of the lines
    public List<String> lines(List<String> examples, List<String> openings, int count, long seed) {
        int[] shared = list(examples, chat);
        SplittableRandom random = new SplittableRandom(seed);
        List<String> heads = new ArrayList<>();
        List<int[]> starts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heads.add(openings.get(random.nextInt(openings.size())));
            starts.add(chat.tokenizer().encode("- " + heads.get(i)));
        }
        List<int[]> written =
                new Generator(chat).continuations(shared, starts, Sampling.defaults(LONGEST, seed), this::endsLine);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // A line that did not end within the budget is cut off in the middle: the filter decides what is
            // left of it.
            lines.add(heads.get(i) + chat.tokenizer().continued(written.get(i)));
        }
        return lines;
    }

    private boolean endsLine(int token) {
        return chat.stopTokens().contains(token)
                || chat.tokenizer().decode(new int[] {token}).contains("\n");
    }
}
