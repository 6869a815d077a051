package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.run.Provenance;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.AtlasFile;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.measure.probe.Probe;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Explanations made with the model of a session and its atlas, with everything needed to print them.
public record Explaining(Session session, AtlasShelf.Shelved shelved) {
    /// The folder of an explanation: a new one, or one that holds a stopped explanation.
    ///
    /// @param out where the user wants it
    /// @param name what is explained, for the default folder's name
    /// @throws assay.InputException if `out` holds something else
    /// @throws assay.ResourceException if it cannot be written to
    public static RunFolder folder(Optional<Path> out, String name) {
        return RunFolder.resumable(out, name, Kept.FILE);
    }

    /// The newest folder under `runs` in which this very explanation was stopped: of the same target,
    /// model, atlas and options, by their content. One whose state is damaged, so that nobody goes on
    /// with it, will do if there is no other: it is told of and begun anew.
    ///
    /// @param tokens length of the soft prompt; 0 for none
    /// @param name as [#folder] had it
    public Optional<RunFolder> stopped(
            Target target, List<Target> siblings, Explain.Options options, int tokens, String name) {
        Map<String, String> run = run(target, siblings, options, tokens);
        return RunFolder.unfinished(name, Kept.FILE, file -> Kept.isOf(file, run))
                .or(() -> RunFolder.unfinished(name, Kept.FILE, Kept::isDamaged));
    }

    /// Explains a target by prompts, and an adapter also by way of a soft prompt; goes on with what a stopped
    /// explanation left in `folder`.
    ///
    /// @param siblings other runs of the target's recipe, as the user has them
    /// @param tokens length of the soft prompt; 0 for none
    /// @throws assay.InputException if what is in the folder was left by another explanation
    public Explained explain(
            Target target, List<Target> siblings, Explain.Options options, int tokens, RunFolder folder) {
        Kept kept = Kept.in(folder, run(target, siblings, options, tokens), session.job());
        if (tokens > 0) {
            return bySoftPrompt(target, siblings, options, tokens, kept);
        }
        Explanation explanation = new Explain(session.chat(), shelved.atlas(), session.job())
                .run(target, siblings, options, kept.part(Explain.DIRECT));
        return explained(target, options, explanation, Optional.empty(), Optional.empty());
    }

    /// Everything an explanation depends on.
    Map<String, String> run(Target target, List<Target> siblings, Explain.Options options, int tokens) {
        Map<String, String> run = new TreeMap<>(hashes(target));
        run.put("model", session.chat().sha256());
        run.put("dtype", session.chat().model().dtype().name());
        run.put("base_prompt", session.chat().slot().basePrompt().written());
        run.put("name", target.name());
        run.put("options", options.toString());
        run.put("tokens", Integer.toString(tokens));
        run.put(
                "siblings",
                String.join(" ", siblings.stream().map(Target::sha256).toList()));
        run.put("version", Provenance.assayVersion() + " " + Provenance.codeHash());
        return run;
    }

    private Explained bySoftPrompt(
            Target adapter, List<Target> siblings, Explain.Options options, int tokens, Kept kept) {
        ChatModel chat = session.chat();
        Job job = session.job();
        Distil.Options distil = Distil.Options.defaults(tokens, options.seed()).withSteps(BySoftPrompt.STEPS);
        Optional<Atlas> atlas = Optional.of(shelved.atlas());
        Probe own = kept.part("training")
                .get(
                        "answers",
                        Probe.class,
                        () -> Curriculum.of(chat, atlas, adapter.behaviour(), options.seed(), job)
                                .own());
        Curriculum curriculum = Curriculum.answered(chat, atlas, own, job);
        BySoftPrompt.Both both =
                new BySoftPrompt(chat, shelved.atlas(), job).run(adapter, siblings, curriculum, options, distil, kept);
        return explained(adapter, options, both.explanation(), Optional.of(both.chain()), Optional.of(both.soft()));
    }

    private Explained explained(
            Target target,
            Explain.Options options,
            Explanation explanation,
            Optional<Chain> chain,
            Optional<Distil.Trained> soft) {
        String atlasSeed = shelved.atlas().header().getOrDefault("seed", "0");
        Map<String, Object> provenance = new TreeMap<>(session.provenance(
                Map.of("explain", options.seed(), "atlas", Long.parseLong(atlasSeed)), hashes(target)));
        Map<String, String> sources = new TreeMap<>(target.source());
        sources.put("model", session.source());
        sources.put("base_prompt", session.chat().slot().basePrompt().written());
        provenance.put("sources", sources);
        return new Explained(explanation, chain, soft, provenance, session.job().seconds());
    }

    private Map<String, String> hashes(Target target) {
        return Map.of(
                "target", target.sha256(),
                "atlas", Sha256.of(shelved.file()),
                "probe", Sha256.of(AtlasFile.bytes(shelved.atlas().probe())));
    }
}
