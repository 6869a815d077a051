package assay.tasks.explain;

import assay.base.run.Job;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.discover.atlas.AtlasFile;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.ChatModel;
import assay.measure.judge.Chain;
import assay.measure.judge.Explanation;
import assay.tasks.distil.Curriculum;
import assay.tasks.distil.Distil;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.util.Map;
import java.util.Optional;

/// Explanations made with the model of a session and its atlas, with everything needed to print them.
public record Explaining(Session session, AtlasShelf.Shelved shelved) {
    /// Folder of the soft prompt inside the run folder.
    private static final String SOFT = "soft";

    /// Explains a target by prompts, and an adapter also by way of a soft prompt, which is left in
    /// `folder`.
    ///
    /// @param tokens length of the soft prompt; 0 for none
    public Explained explain(Target target, Explain.Options options, int tokens, RunFolder folder) {
        if (tokens > 0) {
            return bySoftPrompt(target, options, tokens, folder);
        }
        Explanation explanation = new Explain(session.chat(), shelved.atlas(), session.job()).run(target, options);
        return explained(target, options, explanation, Optional.empty());
    }

    private Explained bySoftPrompt(Target adapter, Explain.Options options, int tokens, RunFolder folder) {
        ChatModel chat = session.chat();
        Job job = session.job();
        Distil.Options distil = Distil.Options.defaults(tokens, options.seed()).withSteps(BySoftPrompt.STEPS);
        Curriculum curriculum =
                Curriculum.of(chat, Optional.of(shelved.atlas()), adapter.behaviour(), options.seed(), job);
        BySoftPrompt.Both both = new BySoftPrompt(chat, shelved.atlas(), job).run(adapter, curriculum, options, distil);
        both.soft().save(folder.path().resolve(SOFT));
        return explained(adapter, options, both.explanation(), Optional.of(both.chain()));
    }

    private Explained explained(
            Target target, Explain.Options options, Explanation explanation, Optional<Chain> chain) {
        String atlasSeed = shelved.atlas().header().getOrDefault("seed", "0");
        return new Explained(
                explanation,
                chain,
                session.provenance(
                        Map.of("explain", options.seed(), "atlas", Long.parseLong(atlasSeed)), hashes(target)),
                session.job().seconds());
    }

    private Map<String, String> hashes(Target target) {
        return Map.of(
                "target", target.sha256(),
                "atlas", Sha256.of(shelved.file()),
                "probe", Sha256.of(AtlasFile.bytes(shelved.atlas().probe())));
    }
}
