package assay.tasks.talk;

import assay.base.tensor.Torch;
import assay.engine.text.Tokenizer;
import assay.measure.behaviour.Draw;
import assay.measure.behaviour.Sampling;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/// A column in the middle of an answer.
final class Voice {
    /// What stands for the bytes of a letter that is not whole.
    private static final String TORN = "\uFFFD";

    private final Speaker speaker;
    private final Tokenizer tokenizer;
    private final Sampling sampling;
    private final Draw draw;
    private final int begun;
    private int[] tokens;
    private String text = "";
    private AnswerListener.Ending ending = AnswerListener.Ending.STOPPED;

    Voice(Speaker speaker, Tokenizer tokenizer, Sampling sampling, int[] begun) {
        this.speaker = speaker;
        this.tokenizer = tokenizer;
        this.sampling = sampling;
        this.draw = new Draw(sampling.seed(), 0);
        this.begun = begun.length;
        this.tokens = begun.clone();
    }

    Speaker speaker() {
        return speaker;
    }

    /// The state its next token is drawn from `[1 hidden]`.
    ///
    /// @param states of its parts `[part hidden]`
    Tensor mixed(Tensor states) {
        float[] coefficients = new float[speaker.parts().size()];
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = (float) speaker.parts().get(i).coefficient();
        }
        return states.mul(Torch.floats(coefficients, coefficients.length, 1))
                .sum(0)
                .unsqueeze(0);
    }

    /// Draws the rank of a token from descending shares.
    int pick(float[] shares, int offset, int count) {
        return draw.pick(shares, offset, count, sampling.topP());
    }

    /// Takes a token into the answer.
    AnswerListener.Token take(int id, double probability) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = id;
        String whole = tokenizer.continued(Arrays.copyOfRange(tokens, begun, tokens.length));
        String added = whole.endsWith(TORN) || !whole.startsWith(text) ? "" : whole.substring(text.length());
        text += added;
        return new AnswerListener.Token(tokens.length - 1, id, added, probability);
    }

    boolean isFull() {
        return tokens.length - begun >= sampling.maxTokens();
    }

    void over(AnswerListener.Ending how) {
        ending = how;
    }

    AnswerListener.Answered answered() {
        String whole = tokenizer.continued(Arrays.copyOfRange(tokens, begun, tokens.length));
        return new AnswerListener.Answered(tokens.clone(), whole, ending);
    }
}
