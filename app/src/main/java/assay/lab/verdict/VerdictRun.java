package assay.lab.verdict;

import assay.InputException;
import assay.base.run.Refusal;
import assay.base.run.RunFingerprint;
import assay.base.run.RunFolder;
import assay.base.run.Sha256;
import assay.discover.atlas.AtlasShelf;
import assay.engine.model.LanguageModel;
import assay.lab.claims.StudyEvidence;
import assay.lab.claims.Verdicts;
import assay.lab.matching.Reader;
import assay.lab.matching.Readers;
import assay.lab.scorecard.StudyRun;
import assay.lab.studyfile.StudyFile;
import assay.measure.judge.Claim;
import assay.measure.judge.Outcome;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A study of all claims in its run folder: kept as it goes, resumed under the same gates only, and judged.
///
/// @param file what it says, or the part that is run
public record VerdictRun(Path path, StudyFile file, Options options) {
    /// The file by which a folder is known to hold a study, with what it was begun with.
    public static final String BEGUN = "study.json";

    /// The claims that can be run by themselves.
    public static final List<String> CLAIMS = Claim.STUDIED.stream()
            .filter(claim -> claim != Claim.S6)
            .map(Claim::id)
            .toList();

    /// What is run.
    ///
    /// @param planted the instrument's own test: the truth of every target stands in the dictionary
    /// @param claims some of [#CLAIMS]; all if empty
    /// @param targets names of targets; all if empty
    /// @param rivals whether other ways to say what a behaviour is are tried on the readings too
    public record Options(boolean quick, boolean planted, Set<String> claims, Set<String> targets, boolean rivals) {
        /// Without rivals.
        public Options(boolean quick, boolean planted, Set<String> claims, Set<String> targets) {
            this(quick, planted, claims, targets, false);
        }

        boolean wants(Claim claim) {
            return claims.isEmpty() || claims.contains(claim.id());
        }

        boolean wantsTarget(String name) {
            return targets.isEmpty() || targets.contains(name);
        }
    }

    /// Reads a study, before any model is opened.
    ///
    /// @param command that runs the whole study; its figures are told with it
    /// @throws InputException naming everything that is wrong with the file, or a target it does not have
    public VerdictRun(Path path, String command, Options options) {
        StudyFile whole = StudyFile.read(path, command);
        StudyFile wanted = options.quick() ? whole.quick() : whole;
        StudyFile run = options.planted() ? wanted.planted(whole.adapters()) : wanted;
        List<String> names = run.targets().stream().map(StudyFile.Target::name).toList();
        for (String target : options.targets()) {
            if (!names.contains(target)) {
                String next = "It has: " + String.join(", ", names) + ".";
                throw Refusal.of("--targets", "names of the study's targets", target, path, next);
            }
        }
        this(path, run, options);
    }

    /// What is shown first: the study and the hash of everything that was fixed before it ran.
    public String opening() {
        StudyEvidence.Plan plan = file.plan();
        return "study " + plan.name() + (plan.quick() ? ", quick" : "")
                + (plan.planted() ? ", truths planted: every claim must hold" : "") + ", sha256 " + plan.sha256();
    }

    /// Runs and judges.
    ///
    /// @throws InputException if the folder holds another study, or this one under other gates
    public Judged run(Session session, RunFolder folder) {
        AtlasShelf.Shelved shelved = session.atlas();
        List<String> corpus = shelved.atlas().texts();
        // An embedding reader counts where there is one: words that are not shared say little to the lexical reader.
        List<Reader> readers = Readers.all(corpus).reversed();
        begin(session, readers.getFirst(), folder);
        Verdicts verdicts = new VerdictStudy(session, shelved.atlas(), file, readers, folder.path()).run(options);
        Map<String, String> hashes = Map.of(
                "study", file.plan().sha256(),
                "atlas", Sha256.of(shelved.file()));
        Map<String, Long> seeds = new TreeMap<>();
        file.plan().seeds().forEach(seed -> seeds.put("study-" + seed, seed));
        LanguageModel model = session.chat().model();
        return new Judged(
                verdicts,
                new StudyRun(
                        new StudyRun.Model(model.name(), session.chat().sha256(), model.hidden()),
                        session.provenance(seeds, hashes),
                        session.job().seconds(),
                        folder.path().toString()));
    }

    /// Names of the targets of S2 and S3 that are run, in order.
    public List<String> targets() {
        return file.targets().stream()
                .map(StudyFile.Target::name)
                .filter(options::wantsTarget)
                .toList();
    }

    /// What the report's files are called: a report of a part never replaces that of the whole.
    public String report() {
        return Stream.of(Set.of("report"), options.claims(), options.targets())
                .flatMap(names -> names.stream().sorted())
                .collect(Collectors.joining("-"));
    }

    /// Whether any claim does not hold.
    public static boolean fails(Judged judged) {
        return judged.verdicts().claims().stream()
                .filter(claim -> claim.claim() != Claim.S6)
                .anyMatch(claim -> claim.holds() != Outcome.YES);
    }

    /// Notes what the folder's study was begun with, or refuses to go on with anything else.
    private void begin(Session session, Reader reader, RunFolder folder) {
        Map<String, String> now = new TreeMap<>();
        now.put("study_sha256", file.plan().sha256());
        now.put("gates", file.plan().gates().toString());
        now.put("quick", Boolean.toString(options.quick()));
        if (options.planted()) {
            now.put("planted", "true");
        }
        now.put("model_sha256", session.chat().sha256());
        now.put("reader", reader.name());
        now.put("dtype", session.chat().model().dtype().name());
        RunFingerprint.require(
                folder.path().resolve(BEGUN),
                now,
                "The study file is " + path + ". Gates are not moved after data was seen: take a new folder.",
                session.job());
    }
}
