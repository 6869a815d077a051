package assay.tasks.talk;

import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.engine.model.ChatModel;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.Decomposer;
import assay.measure.decompose.Deltas;
import assay.measure.decompose.SplitFit;
import assay.measure.decompose.SplitStates;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Measures lists of prompts on the search split and fits their weights on the fit split, as an explanation does it,
/// in pieces. The states of prompts are kept: a changed weight runs nothing, a changed text one prompt.
final class Gauge implements AutoCloseable {
    /// Prompts whose states are kept on each split.
    private static final int MOST_KEPT = 64;

    private final Runner runner;
    private final Probe foreign;
    private final long seed;
    private final Behaviour writer;
    private final Part search = new Part(Probe.Split.SEARCH);
    private final Part fit = new Part(Probe.Split.FIT);
    private @Nullable Probe own;

    /// @param writer the target as it was explained, which writes the own answers
    /// @param seed of the explanation
    Gauge(ChatModel chat, Probe foreign, Behaviour writer, long seed) {
        this.runner = new Runner(chat);
        this.foreign = foreign;
        this.writer = writer;
        this.seed = seed;
    }

    /// Pieces of work, one after the other.
    private record Pieces(Deque<Runnable> left) implements WorkQueue.Work {
        @Override
        public boolean advance() {
            try (TensorScope _ = TensorScope.withoutGradients()) {
                left.removeFirst().run();
            }
            return !left.isEmpty();
        }
    }

    /// One split.
    private final class Part {
        private final Probe.Split split;
        private @Nullable SplitStates base;
        private @Nullable Deltas deltas;
        private @Nullable SplitStates states;
        private @Nullable Behaviour target;
        private @Nullable SplitFit fitted;
        private double @Nullable [] untouched;

        Part(Probe.Split split) {
            this.split = split;
        }

        void runBase() {
            if (base == null) {
                List<Context> foreigns = foreign.contexts(split, runner);
                List<Context> owns = Objects.requireNonNull(own).contexts(split, runner);
                List<Context> all = new ArrayList<>(foreigns);
                all.addAll(owns);
                Tensor hidden = runner.hidden(Behaviour.BASE, all);
                hidden.retainReference();
                base = new SplitStates(foreigns, owns, hidden, hidden);
                deltas = Deltas.everywhere(runner, base);
            }
        }

        @SuppressWarnings("ReferenceEquality") // a behaviour is the same if its tensors are
        void runTarget(Behaviour wanted) {
            if (target != wanted) {
                SplitStates before = Objects.requireNonNull(base);
                forgetTarget();
                Tensor hidden = runner.hidden(wanted, before.contexts());
                hidden.retainReference();
                states = new SplitStates(before.foreign(), before.own(), before.base(), hidden);
                target = wanted;
            }
        }

        void chooseVocabulary() {
            if (fitted == null) {
                fitted = SplitFit.of(states(), runner.unembedding(), Decomposer.Options.defaults(seed));
            }
        }

        SplitStates states() {
            return Objects.requireNonNull(states);
        }

        List<Tensor> of(List<HardPrompt> prompts) {
            return Objects.requireNonNull(deltas).of(prompts);
        }

        private void forgetTarget() {
            if (states != null) {
                states.target().releaseReference();
            }
            if (fitted != null) {
                fitted.close();
            }
            states = null;
            target = null;
            fitted = null;
            untouched = null;
        }

        void forget() {
            forgetTarget();
            if (base != null) {
                base.base().releaseReference();
            }
            if (deltas != null) {
                deltas.close();
            }
        }
    }

    /// What a list closes on the search split.
    WorkQueue.Work figures(PromptList list, Behaviour target, Consumer<Figures> done) {
        List<HardPrompt> prompts = prompts(list);
        double[] weights =
                list.on().stream().mapToDouble(PromptList.Part::weight).toArray();
        Deque<Runnable> pieces = begin(search, target);
        prompts.forEach(prompt -> pieces.add(() -> search.of(List.of(prompt))));
        pieces.add(() -> {
            Figures figures = measured(prompts, weights);
            done.accept(figures);
            keepOnly(prompts);
        });
        return new Pieces(pieces);
    }

    /// The list with weights fitted on the fit split; those switched off stay as they are.
    WorkQueue.Work refit(PromptList list, Behaviour target, Consumer<PromptList> done) {
        List<HardPrompt> prompts = prompts(list);
        double[] start = list.on().stream().mapToDouble(PromptList.Part::weight).toArray();
        Deque<Runnable> pieces = begin(fit, target);
        pieces.add(fit::chooseVocabulary);
        prompts.forEach(prompt -> pieces.add(() -> fit.of(List.of(prompt))));
        pieces.add(() -> {
            double[] weights = Objects.requireNonNull(fit.fitted).weights(fit.of(prompts), start);
            done.accept(weighted(list, weights));
            keepOnly(prompts);
        });
        return new Pieces(pieces);
    }

    private Deque<Runnable> begin(Part part, Behaviour target) {
        Deque<Runnable> pieces = new ArrayDeque<>();
        pieces.add(this::writeOwn);
        pieces.add(part::runBase);
        pieces.add(() -> part.runTarget(target));
        return pieces;
    }

    /// The target's own answers, as the explanation had them: they were drawn in this order.
    private void writeOwn() {
        if (own == null) {
            List<Probe.Turn> turns = foreign.turns().stream()
                    .filter(turn -> turn.split() != Probe.Split.TEST)
                    .toList();
            own = new ProbeMaker(runner.chat()).own(new Probe(foreign.name(), turns), writer, seed);
        }
    }

    private List<HardPrompt> prompts(PromptList list) {
        return list.on().stream()
                .map(part -> HardPrompt.of(part.text(), runner.chat().tokenizer()))
                .toList();
    }

    private static PromptList weighted(PromptList list, double[] weights) {
        PromptList changed = list;
        int next = 0;
        for (int i = 0; i < list.parts().size(); i++) {
            if (list.parts().get(i).isOn()) {
                changed = changed.weighted(i, weights[next++]);
            }
        }
        return changed;
    }

    private Figures measured(List<HardPrompt> prompts, double[] weights) {
        SplitStates states = search.states();
        Tensor mixed = states.mixed(search.of(prompts), weights);
        if (search.untouched == null) {
            search.untouched = states.perPlace(states.base(), runner.unembedding());
        }
        SplitStates.TurnSums base = states.sums(search.untouched);
        SplitStates.TurnSums model = states.sums(states.perPlace(mixed, runner.unembedding()));
        Bootstrap bootstrap = Bootstrap.defaults(seed);
        double places = states.base().size(0);
        return new Figures(
                bootstrap.closed(model.foreign(), base.foreign()),
                base.own().length == 0 ? Interval.NONE : bootstrap.closed(model.own(), base.own()),
                1 - model.total() / base.total(),
                base.total() / places,
                model.total() / places);
    }

    private void keepOnly(List<HardPrompt> prompts) {
        Set<String> texts = new HashSet<>();
        prompts.forEach(prompt -> texts.add(prompt.text()));
        for (Part part : List.of(search, fit)) {
            if (part.deltas != null && part.deltas.count() > MOST_KEPT) {
                part.deltas.keepOnly(texts);
            }
        }
    }

    @Override
    public void close() {
        search.forget();
        fit.forget();
    }
}
