package assay.lab.verdict;

import assay.InputException;
import assay.base.run.Stage;
import assay.base.sparse.Bootstrap;
import assay.base.sparse.Interval;
import assay.base.tensor.TensorScope;
import assay.lab.claims.CeilingEvidence;
import assay.lab.claims.StudyEvidence.DistilEvidence;
import assay.lab.claims.TargetEvidence;
import assay.lab.studyfile.StudyFile;
import assay.measure.behaviour.Behaviour;
import assay.measure.behaviour.Context;
import assay.measure.behaviour.HardPrompt;
import assay.measure.behaviour.Mixture;
import assay.measure.behaviour.Runner;
import assay.measure.decompose.SplitContexts;
import assay.measure.decompose.SplitStates;
import assay.measure.judge.Claim;
import assay.measure.judge.Noise;
import assay.measure.probe.Probe;
import assay.measure.probe.ProbeMaker;
import assay.show.page.Figures;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/// Sets what stands in for adapters and soft prompts beside second training runs of their recipes
/// (docs/decisions/0025-noise-ceiling.md): soft prompts on the foreign contexts that they were judged on, lists of
/// prompts on those of their targets; both on answers of what they stand in for, too.
///
/// @param failed is told what could not be measured, and why
record CeilingStudy(
        Session session,
        StudyFile file,
        DistilStudy distil,
        SecondRuns runs,
        FinishedParts rows,
        BiConsumer<String, InputException> failed) {
    /// What is set beside siblings; its tensors belong to the caller's scope.
    ///
    /// @param found what stands in for the target
    private record Setting(Behaviour target, Behaviour found, Optional<HardPrompt> truth, List<Behaviour> siblings) {
        List<Behaviour> all() {
            List<Behaviour> all = new ArrayList<>(List.of(target, found));
            all.addAll(siblings);
            return all;
        }
    }

    /// S1: the soft prompt of every adapter that has siblings, with every seed.
    List<CeilingEvidence> adapters(List<DistilEvidence> distilled) {
        List<FinishedParts.Part<CeilingEvidence>> parts = new ArrayList<>();
        for (DistilEvidence one : distilled) {
            StudyFile.Adapter adapter = named(one.name());
            if (!runs.ofAdapter(adapter).isEmpty()) {
                String row = "ceilings/S1/" + one.name() + "-" + one.seed();
                parts.add(new FinishedParts.Part<>(row, () -> adapter(adapter, one)));
            }
        }
        return all("soft prompts beside second training runs", parts);
    }

    /// S2: the list of every adapter and soft prompt that has siblings, with every seed.
    List<CeilingEvidence> targets(List<TargetEvidence> targets, SharedContexts arena) {
        List<FinishedParts.Part<CeilingEvidence>> parts = new ArrayList<>();
        for (TargetEvidence one : targets) {
            StudyFile.Target target = file.targets().stream()
                    .filter(each -> each.name().equals(one.target().name()))
                    .findFirst()
                    .orElseThrow();
            recipe(target).filter(recipe -> !recipe.siblings().isEmpty()).ifPresent(recipe -> {
                String row = "ceilings/S2/" + target.name() + "-" + one.seed();
                parts.add(new FinishedParts.Part<>(row, () -> target(target, recipe, one, arena)));
            });
        }
        return all("lists beside second training runs", parts);
    }

    private List<CeilingEvidence> all(String stage, List<FinishedParts.Part<CeilingEvidence>> parts) {
        if (parts.isEmpty()) {
            return List.of();
        }
        try (Stage told = session.job().stage(stage, parts.size())) {
            return rows.all(
                    parts,
                    CeilingEvidence.class,
                    told,
                    (i, refused) -> failed.accept(parts.get(i).name(), refused));
        }
    }

    private StudyFile.Adapter named(String name) {
        return file.adapters().stream()
                .filter(adapter -> adapter.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// How something was trained, and its siblings.
    ///
    /// @param place where it is
    /// @param siblings where they are; none if there are none
    /// @param reading opens it and them
    private record Recipe(
            StudyFile.Adapter adapter, String place, List<String> siblings, Function<String, Behaviour> reading) {}

    /// None of what was not trained, or not from one of the study's adapters.
    private Optional<Recipe> recipe(StudyFile.Target target) {
        return switch (target.source()) {
            case StudyFile.Source.Distilled(String name) -> {
                StudyFile.Adapter adapter = named(name);
                String place = DistilStudy.soft(
                                rows.folder(), name, file.plan().seeds().getFirst())
                        .toString();
                yield Optional.of(new Recipe(adapter, place, runs.ofSoft(adapter), this::soft));
            }
            case StudyFile.Source.Lora(String place) ->
                file.adapters().stream()
                        .filter(adapter -> adapter.origin().equals(new StudyFile.Origin.Folder(place)))
                        .findFirst()
                        .map(adapter -> new Recipe(adapter, place, runs.ofAdapter(adapter), this::lora));
            case StudyFile.Source.Plain _ -> Optional.empty();
        };
    }

    private Behaviour soft(String place) {
        return session.soft(place).behaviour();
    }

    private Behaviour lora(String place) {
        return session.adapter(place).behaviour();
    }

    private CeilingEvidence adapter(StudyFile.Adapter adapter, DistilEvidence one) {
        CeilingEvidence.Case of = new CeilingEvidence.Case(one.name(), one.kind(), one.seed(), one.klBase());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Behaviour target = distil.teacher(adapter).behaviour();
            Behaviour found = soft(
                    DistilStudy.soft(rows.folder(), adapter.name(), one.seed()).toString());
            List<Behaviour> siblings =
                    runs.ofAdapter(adapter).stream().map(this::lora).toList();
            Probe foreign = distil.foreign(adapter);
            Probe test = new Probe(foreign.name(), foreign.turns(Probe.Split.TEST));
            Probe own = new ProbeMaker(session.chat()).own(test, target, one.seed());
            List<Noise> noise = beside(new Setting(target, found, truth(adapter), siblings), test, own, one.seed());
            return evidence(Claim.S1, of, Figures.counted(one.tokens(), "soft token"), Interval.NONE, noise);
        }
    }

    private CeilingEvidence target(StudyFile.Target target, Recipe recipe, TargetEvidence one, SharedContexts arena) {
        CeilingEvidence.Case of = new CeilingEvidence.Case(
                target.name(), target.kind().toString(), one.seed(), one.kl().foreign());
        try (TensorScope _ = TensorScope.withoutGradients()) {
            Behaviour behaviour = recipe.reading().apply(recipe.place());
            List<Behaviour> siblings =
                    recipe.siblings().stream().map(recipe.reading()).toList();
            Probe own = arena.answered(behaviour, FreeRunning.TURNS, one.seed());
            Setting setting = new Setting(behaviour, list(one), truth(recipe.adapter()), siblings);
            List<Noise> noise = beside(setting, arena.probe(), own, one.seed());
            int prompts = one.atoms().size();
            Interval excess =
                    one.measured(prompts).map(TargetEvidence.Point::excess).orElse(Interval.NONE);
            return evidence(Claim.S2, of, Figures.counted(prompts, "prompt"), excess, noise);
        }
    }

    /// @param noise of the stand-in, and then of the truth, if it is known
    private static CeilingEvidence evidence(
            Claim claim, CeilingEvidence.Case of, String model, Interval excess, List<Noise> noise) {
        return new CeilingEvidence(
                claim,
                of,
                model,
                excess,
                noise.getFirst(),
                noise.stream().skip(1).findFirst());
    }

    /// The list at the chosen number of prompts, as it was found.
    private Mixture list(TargetEvidence one) {
        return new Mixture(
                "list",
                one.atoms().stream()
                        .map(atom -> new Mixture.Weighted(prompt(atom.text()), atom.weight()))
                        .toList());
    }

    private Optional<HardPrompt> truth(StudyFile.Adapter adapter) {
        return adapter.truth().map(this::prompt);
    }

    private HardPrompt prompt(String text) {
        return HardPrompt.of(text, session.chat().tokenizer());
    }

    /// The stand-in beside the siblings, and then the truth, if it is known.
    ///
    /// @param foreign user turns of which those of the test split are taken
    /// @param own the same, answered by the target
    private List<Noise> beside(Setting setting, Probe foreign, Probe own, long seed) {
        session.job().check();
        Runner runner = new Runner(session.chat(), setting.all());
        SplitStates test = SplitStates.of(
                runner,
                setting.target(),
                new SplitContexts(foreign.contexts(Probe.Split.TEST, runner), own.contexts(Probe.Split.TEST, runner)));
        List<Context> contexts = test.contexts();
        List<Tensor> models = new ArrayList<>(List.of(test.base(), runner.hidden(setting.found(), contexts)));
        setting.truth().ifPresent(truth -> models.add(runner.hidden(truth, contexts)));
        List<Tensor> siblings = setting.siblings().stream()
                .map(one -> runner.hidden(one, contexts).sub(test.base()))
                .toList();
        List<SplitStates.TurnSums> left = test.divergences(models, runner.unembedding());
        return Noise.of(test, siblings, left, runner.unembedding(), Bootstrap.defaults(seed));
    }
}
