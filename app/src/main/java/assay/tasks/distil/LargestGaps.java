package assay.tasks.distil;

import assay.base.tensor.TensorScope;
import assay.base.tensor.Torch;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.judge.Distillation.Remaining;
import assay.measure.judge.Distillation.Wanted;
import assay.measure.probe.Probe;
import assay.train.HeldOut;
import assay.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What a teacher does that its student does not: the places of the test split with the highest KL left, one
/// per answer.
record LargestGaps(TrainingSet school, Behaviour teacher, Behaviour student) {
    private static final int MOST = 8;
    private static final int TOKENS = 4;

    private record Spot(Probe probe, Context context, int place, double base, double left) {}

    /// The places, farthest first.
    ///
    /// @param left what the student leaves on the test split
    /// @param foreign the probe of the foreign test contexts
    /// @param own the probe of the own ones
    List<Remaining> places(DistilJudge.Left left, Probe foreign, Probe own) {
        List<Spot> spots = new ArrayList<>(spots(school.foreignTest(), left.foreign(), foreign));
        spots.addAll(spots(school.ownTest(), left.own(), own));
        return spots.stream()
                .sorted(Comparator.comparingDouble(spot -> -spot.left()))
                .limit(MOST)
                .map(this::remaining)
                .toList();
    }

    /// The worst place of every context.
    private List<Spot> spots(HeldOut test, double[] left, Probe probe) {
        double[] base = test.base();
        List<Spot> spots = new ArrayList<>();
        int at = 0;
        for (Context context : test.contexts()) {
            int worst = 0;
            for (int place = 1; place < context.places(); place++) {
                worst = left[at + place] > left[at + worst] ? place : worst;
            }
            spots.add(new Spot(probe, context, worst, base[at + worst], left[at + worst]));
            at += context.places();
        }
        return spots;
    }

    private Remaining remaining(Spot spot) {
        ChatModel chat = school.runner().chat();
        Context context = spot.context();
        int[] tail = context.tail();
        int answered = tail.length - context.places() + 1;
        String before = chat.tokenizer().decode(Arrays.copyOfRange(tail, answered, answered + spot.place()));
        return new Remaining(
                spot.probe().turns().get(context.turn()).user(),
                spot.probe().name(),
                before,
                spot.base(),
                spot.left(),
                wanted(chat, context, spot.place()));
    }

    private List<Wanted> wanted(ChatModel chat, Context context, int place) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Tensor taught = probabilities(teacher, context, place);
            Tensor learnt = probabilities(student, context, place);
            Tensor gain = taught.mul(taught.div(learnt).log());
            long[] tokens = Torch.toLongs(gain.topk(TOKENS).get1());
            float[] teachers = Torch.toFloats(taught);
            float[] students = Torch.toFloats(learnt);
            List<Wanted> wanted = new ArrayList<>();
            for (long token : tokens) {
                int id = Math.toIntExact(token);
                String text =
                        chat.stopTokens().contains(id) ? "⏹" : chat.tokenizer().decode(new int[] {id});
                wanted.add(new Wanted(text, teachers[id], students[id]));
            }
            return wanted;
        }
    }

    private Tensor probabilities(Behaviour behaviour, Context context, int place) {
        Tensor hidden = school.runner().hidden(behaviour, List.of(context)).narrow(0, place, 1);
        return torch.softmax(torch.linear(hidden, school.runner().unembedding()), -1)
                .squeeze(0)
                .clamp_min(new org.bytedeco.pytorch.Scalar(1e-12));
    }
}
