package assay.measure.judge;

import assay.base.sparse.Interval;
import assay.measure.behaviour.WeightedPrompt;
import assay.measure.form.FormChange;
import java.util.List;
import java.util.Optional;

/// Everything one explanation found: what was explained, how faithfully, against which nulls, and what that
/// means.
///
/// *Closed* is `1 − KL(target‖mixture) / KL(target‖base)` per token on the test split, with a 95 % bootstrap
/// interval over user turns.
///
/// @param subject what was explained
/// @param effort what was run for it
/// @param divergence how far the target is from the base
/// @param curve closed against the number of prompts
/// @param comparison what else would have scored, and what a second training run would
/// @param mixture the weighted prompts at the chosen K, largest influence first
/// @param verdict the claims this run speaks to
/// @param illustration answers and tokens to look at
public record Explanation(
        Subject subject,
        Effort effort,
        Divergence divergence,
        Curve curve,
        Comparison comparison,
        List<Atom> mixture,
        List<Finding> verdict,
        Illustration illustration) {

    /// Keeps its own copies.
    public Explanation {
        mixture = List.copyOf(mixture);
        verdict = List.copyOf(verdict);
    }

    /// What the list is set beside.
    ///
    /// @param controls what other explanations would have scored
    /// @param noise what second training runs reach, if the user has some
    /// @param lacking which part of the target the list still lacks
    /// @param atLength what the list closes in longer talk, if it was asked
    public record Comparison(
            List<Control> controls, Optional<Noise> noise, Lacking lacking, Optional<AtLength> atLength) {
        /// Without longer talk.
        public Comparison(List<Control> controls, Optional<Noise> noise, Lacking lacking) {
            this(controls, noise, lacking, Optional.empty());
        }

        /// Keeps its own copy.
        public Comparison {
            controls = List.copyOf(controls);
        }
    }

    /// What other explanations would have scored.
    public List<Control> controls() {
        return comparison.controls();
    }

    /// The prompt that was chosen first, the best one alone; an empty text without a curve.
    public String bestSingle() {
        return curve.steps().isEmpty() ? "" : curve.at(1).added();
    }

    /// What was explained.
    ///
    /// @param modelName what the model is called
    /// @param modelSha256 hash of its weights
    /// @param kind what kind of behaviour was explained
    /// @param name what it is called: adapter folder or prompt text
    /// @param description details, for example rank and modules of an adapter
    /// @param setup how it was run
    /// @param against what it was compared with, if not with the model's base
    public record Subject(
            String modelName,
            String modelSha256,
            Kind kind,
            String name,
            String description,
            Setup setup,
            Optional<String> against) {
        /// One that was compared with the model's base.
        public Subject(String modelName, String modelSha256, Kind kind, String name, String description, Setup setup) {
            this(modelName, modelSha256, kind, name, description, setup, Optional.empty());
        }
    }

    /// The kinds of behaviour that can be explained.
    public enum Kind {
        /// A LoRA adapter.
        LORA,
        /// A soft prompt.
        SOFT,
        /// A hard prompt.
        PROMPT,
        /// A planted mixture.
        MIXTURE,
        /// Written answers: they can be learned from, not run.
        EXAMPLES
    }

    /// What was run.
    ///
    /// @param atlasPrompts prompts screened by their sketches
    /// @param candidates prompts run exactly because the screen chose them
    /// @param nullPrompts prompts run exactly because chance chose them
    /// @param nullDraws random mixtures fitted at every K
    /// @param splits sizes of the probe's splits
    /// @param seed of every random choice
    public record Effort(
            int atlasPrompts, int candidates, int nullPrompts, int nullDraws, List<SplitSize> splits, long seed) {}

    /// How large a part of the probe is.
    ///
    /// @param split `search`, `fit` or `test`
    /// @param contexts `foreign` or `own`
    /// @param turns user turns
    /// @param positions answer positions
    public record SplitSize(String split, String contexts, int turns, int positions) {}

    /// KL(target ‖ base) on the test split, nats per token.
    ///
    /// @param foreign on answers written by the base or under other prompts
    /// @param own on answers written by the target
    public record Divergence(double foreign, double own) {}

    /// Faithfulness against the number of prompts.
    ///
    /// @param steps one per K, ascending from 1
    /// @param chosen the K at which the search split stopped improving
    public record Curve(List<Step> steps, int chosen) {
        /// Keeps its own copy.
        public Curve {
            steps = List.copyOf(steps);
        }

        /// The step with `k` prompts.
        public Step at(int k) {
            return steps.get(k - 1);
        }
    }

    /// One point of the curve.
    ///
    /// @param k number of prompts
    /// @param added the prompt that was added last
    /// @param closed on foreign contexts
    /// @param own closed on own contexts
    /// @param random what as many random prompts close on foreign contexts, refitted: mean over the draws
    /// @param excess closed minus random, bootstrapped together
    /// @param search closed on the search split, which decides where to stop
    /// @param absoluteWeights Σ|w|
    public record Step(
            int k,
            String added,
            Interval closed,
            Interval own,
            Interval random,
            Interval excess,
            double search,
            double absoluteWeights) {
        /// What is closed on the contexts, foreign or own, on which it is less: what headlines and
        /// gates go by (docs/decisions/0032-own-answers-count.md).
        public Interval worse() {
            return ownIsWorse() ? own : closed;
        }

        /// Whether less is closed on answers that the target wrote itself.
        public boolean ownIsWorse() {
            return own.value() < closed.value();
        }
    }

    /// The whole atlas seen through its sketches.
    ///
    /// @param denseEstimate share of the target's squared Fisher norm that dense ridge over the whole atlas
    /// explains on held-out turns
    /// @param energy share of the dictionary's energy held by the first i directions, cumulative
    /// @param exponent a of the power law i^−a that the singular values follow
    /// @param expected what random prompts are expected to close, told from the sketches before any is
    /// run
    public record Spectrum(double denseEstimate, List<Double> energy, double exponent, ExpectedNull expected) {}

    /// One prompt of the mixture.
    ///
    /// @param prompt the text
    /// @param weight its weight, free in sign
    /// @param perplexity of the text under the base model
    /// @param source where the prompt came from: `grammar:<category>` or `sampled`
    /// @param alone closed by this prompt alone
    public record Atom(String prompt, double weight, double perplexity, String source, double alone) {}

    /// What this run says about a claim.
    ///
    /// @param claim which
    /// @param holds the outcome
    /// @param because the evidence, in plain words
    public record Finding(Claim claim, Outcome holds, String because) {}

    /// What people would rather look at than read.
    ///
    /// @param samples answers side by side
    /// @param heat per-token divergence on test answers
    /// @param named what sets the target apart from the dictionary, in a few prompts with their weights in
    /// the fit of whitened sketches; best first
    /// @param words words that stand out
    /// @param form how the target writes, every kind of form, those that tell first
    /// @param plain the list in its plainest words
    /// @param spectrum the atlas
    public record Illustration(
            List<SampleAnswer> samples,
            List<HeatLine> heat,
            List<WeightedPrompt> named,
            TellingWords words,
            List<FormChange> form,
            PlainList plain,
            Spectrum spectrum) {
        /// Keeps its own copy.
        public Illustration {
            form = List.copyOf(form);
        }

        /// Kinds of form that tell the target from base and random prompts, each part by what it holds.
        public List<FormChange> telling() {
            return form.stream().filter(FormChange::tells).toList();
        }
    }

    /// Words that stand out in what is expected on the search split, most telling first; each also against what
    /// prompts on the whole make the model write.
    ///
    /// @param target those the target writes more often than the base
    /// @param lacking those it writes more often than the mixture
    public record TellingWords(List<String> target, List<String> lacking) {
        /// Keeps its own copies.
        public TellingWords {
            target = List.copyOf(target);
            lacking = List.copyOf(lacking);
        }
    }

    /// Answers to one user turn, side by side.
    ///
    /// @param user the user turn
    /// @param base what the base answers
    /// @param target what the target answers
    /// @param mixture what the mixture answers
    public record SampleAnswer(String user, String base, String target, String mixture) {}

    /// One answer of the test split, token by token.
    ///
    /// @param user the user turn
    /// @param contexts `foreign` or `own`
    /// @param tokens the answer, token by token
    public record HeatLine(String user, String contexts, List<HeatToken> tokens) {}

    /// One token and how far the distributions were apart where it was predicted.
    ///
    /// @param text the token as it reads
    /// @param base KL(target ‖ base) where this token was predicted, nats
    /// @param mixture KL(target ‖ mixture) there, nats
    public record HeatToken(String text, double base, double mixture) {}
}
