package assay.tasks.check;

import assay.base.tensor.TensorScope;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.engine.model.LanguageModel;
import assay.engine.model.ModelCard;
import assay.engine.model.Overlay;
import assay.engine.text.BasePrompt;
import assay.engine.text.Slot;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.Runner;
import assay.measure.probe.Divergence;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.tasks.session.Forecast;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// A quick look at an open model: what it is, where prompts sit, whether it has an atlas, and what a target does to it.
///
/// @param session the open model
public record CheckModel(Session session) {
    /// Plain user turns, on which a target that does anything usually does it.
    private static final List<String> TURNS = List.of(
            "What is the capital of France?",
            "Write a short poem about the sea.",
            "How do I boil an egg?",
            "Tell me about yourself.",
            "Explain why the sky is blue.",
            "Give me three ideas for the weekend.",
            "What should I read next?",
            "Is it better to walk or to run?");

    /// Looks at the model, and at what a target does to it.
    ///
    /// @param reference a file of `bench/reference/logits.py` to compare logits with
    /// @throws assay.InputException if the target does not fit the model, or the reference is none of the model's
    public Checked run(Optional<Target.Named> named, Optional<Path> reference) {
        ChatModel chat = session.chat();
        LanguageModel model = chat.model();
        Optional<Target> target = named.map(session::target);
        Overlay overlay = target.map(known -> known.behaviour().overlay()).orElse(Overlay.NONE);
        return new Checked(
                new Checked.Model(
                        model.name(),
                        numbers(model),
                        model.layers(),
                        model.hidden(),
                        model.vocabulary(),
                        model.maxPositions(),
                        model.dtype().name(),
                        chat.identity().parts()),
                about(chat),
                slot(chat.over(BasePrompt.usual())),
                new Checked.Dictionary(
                        atlas().map(this::described),
                        "Build one with: " + session.shelf().buildCommand()),
                target.map(this::effect),
                reference.map(file -> Parity.of(file, session, overlay)),
                session.provenance(Map.of(), Map.of()),
                session.job().seconds());
    }

    /// As it was built, whatever the base is.
    private Optional<AtlasShelf.Shelved> atlas() {
        ChatModel usual = session.chat().over(BasePrompt.usual());
        return session.shelf().exists(usual) ? Optional.of(session.shelf().find(usual)) : Optional.empty();
    }

    private static Checked.About about(ChatModel chat) {
        ModelCard card = chat.card();
        Slot slot = chat.slot();
        Checked.Template template = new Checked.Template(
                card.templateSource(),
                card.templateSha256(),
                slot.place() == Slot.Place.SYSTEM,
                slot.inserted(),
                slot.basePrompt().words(),
                slot.thinking().words());
        int[] first = slot.context(new int[0], slot.user(TURNS.getFirst()), new int[0]);
        return new Checked.About(
                card.family(),
                card.format(),
                card.bytes(),
                Forecast.bytes(chat.model()),
                template,
                chat.tokenizer().written(first));
    }

    /// How many there are; an unembedding that is the embedding counts once.
    private static long numbers(LanguageModel model) {
        return model.tensorShapes().entrySet().stream()
                .filter(tensor -> !model.isTied() || !tensor.getKey().equals("lm_head.weight"))
                .mapToLong(tensor -> tensor.getValue().stream().reduce(1L, (a, b) -> a * b))
                .sum();
    }

    private Checked.Slot slot(ChatModel chat) {
        boolean isSystem = chat.slot().place() == Slot.Place.SYSTEM;
        return new Checked.Slot(
                chat.slot().place().words(),
                written(
                        chat,
                        isSystem ? chat.slot().prefix(new int[0]) : chat.slot().before()),
                written(chat, chat.slot().betweenPromptAndUser()),
                written(chat, chat.slot().betweenUserAndAnswer()),
                chat.stopTokens().stream()
                        .sorted()
                        .map(token -> written(chat, new int[] {token}).getFirst())
                        .toList());
    }

    /// Tokens as the vocabulary writes them: special ones have no text.
    private static List<String> written(ChatModel chat, int[] tokens) {
        return Arrays.stream(tokens)
                .mapToObj(token -> chat.tokenizer().specialTokens().contains(token)
                        ? chat.tokenizer().token(token).orElse("" + token)
                        : chat.tokenizer().decode(new int[] {token}))
                .toList();
    }

    private Checked.Atlas described(AtlasShelf.Shelved shelved) {
        return new Checked.Atlas(
                shelved.file().toString(), shelved.atlas().entries().size());
    }

    /// Refuses a target that does what its base does, in a few answers.
    ///
    /// @throws assay.InputException if it does
    public void requireEffect(Target target) {
        effect(target);
    }

    private Checked.Effect effect(Target target) {
        ChatModel chat = session.chat();
        try (var stage = session.job().stage("asking base and target", TURNS.size());
                TensorScope _ = TensorScope.withoutGradients()) {
            List<Probe.Split> all = Collections.nCopies(TURNS.size(), Probe.Split.TEST);
            Probe probe = new ProbeMaker(chat).of(TURNS, all, 0);
            Runner runner = new Runner(chat, List.of(target.behaviour(), target.base()));
            List<Context> contexts = probe.contexts(Probe.Split.TEST, runner);
            Tensor base = runner.hidden(target.base(), contexts);
            Tensor changed = runner.hidden(target.behaviour(), contexts);
            double[] divergences = Divergence.kl(changed, base, runner.unembedding());
            stage.advance(TURNS.size());
            double mean = Arrays.stream(divergences).average().orElse(0);
            target.requireEffect(mean);
            return new Checked.Effect(
                    target.kind(),
                    target.name(),
                    target.description(),
                    target.sha256(),
                    mean,
                    TURNS.size(),
                    divergences.length);
        }
    }
}
