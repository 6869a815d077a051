package assay.lab.verdict;

import assay.InputException;
import assay.base.run.Job;
import assay.base.run.Stage;
import assay.lab.studyfile.StudyFile;
import assay.tasks.distil.KeptPeft;
import assay.tasks.session.FinishedParts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// Second training runs of a study's recipes: of an adapter, those that the study bakes with other seeds or that its
/// file names; of a soft prompt, those that were distilled from the same adapter with the study's other seeds.
///
/// @param rows where finished parts are kept, and the runs
/// @param failed is told what could not be run, and why
record SecondRuns(
        StudyFile file, DistilStudy distil, FinishedParts rows, Job job, BiConsumer<String, InputException> failed) {
    /// One that was trained.
    record Trained(String adapter, String run) {}

    /// Trains those that the study is to train and has not.
    ///
    /// @param lists whether soft prompts are to be taken apart, which then want siblings too
    void train(boolean lists) {
        List<String> names = new ArrayList<>();
        List<FinishedParts.Part<Trained>> parts = new ArrayList<>();
        for (StudyFile.Adapter adapter : file.adapters()) {
            for (int number = 1; number <= baked(adapter); number++) {
                int seed = number;
                String run = adapter.name() + "-" + number;
                names.add("second training run " + run);
                parts.add(part(adapter, run, DistilStudy.sibling(rows.folder(), adapter.name(), number), () -> {
                    distil.bakeAgain(adapter, seed);
                }));
            }
            for (long seed : lists && isTakenApart(adapter) ? moreSeeds(adapter) : List.<Long>of()) {
                String run = adapter.name() + "-soft-" + seed;
                names.add("second training run " + run);
                parts.add(part(adapter, run, DistilStudy.soft(rows.folder(), adapter.name(), seed), () -> {
                    distil.run(adapter, seed);
                }));
            }
        }
        if (!parts.isEmpty()) {
            try (Stage stage = job.stage("second training runs", parts.size())) {
                rows.all(parts, Trained.class, stage, (i, refused) -> failed.accept(names.get(i), refused));
            }
        }
    }

    private FinishedParts.Part<Trained> part(StudyFile.Adapter adapter, String run, Path folder, Runnable training) {
        String row = "siblings/" + run;
        if (!isWhole(folder)) {
            rows.forget(row);
        }
        return new FinishedParts.Part<>(row, () -> {
            job.check();
            job.note("  second training run " + run + ": for some minutes");
            training.run();
            return new Trained(adapter.name(), run);
        });
    }

    private static int baked(StudyFile.Adapter adapter) {
        return adapter.siblings() instanceof StudyFile.Siblings.Trained(int count) ? count : 0;
    }

    /// Whether the soft prompt of an adapter is one of the study's targets.
    private boolean isTakenApart(StudyFile.Adapter adapter) {
        return file.targets().stream()
                .anyMatch(target -> target.source().equals(new StudyFile.Source.Distilled(adapter.name())));
    }

    /// The study's seeds that an adapter is not distilled with for S1, as many as siblings are wanted in all.
    private List<Long> moreSeeds(StudyFile.Adapter adapter) {
        List<Long> seeds = file.plan().seeds();
        int most = Math.min(seeds.size(), 1 + baked(adapter));
        return seeds.subList(Math.min(adapter.seeds(), most), most);
    }

    /// Where the siblings of an adapter are; none unless all are there.
    List<String> ofAdapter(StudyFile.Adapter adapter) {
        return switch (adapter.siblings()) {
            case StudyFile.Siblings.Brought(List<String> adapters) -> adapters;
            case StudyFile.Siblings.Trained(int count) -> {
                List<Path> folders = IntStream.rangeClosed(1, count)
                        .mapToObj(number -> DistilStudy.sibling(rows.folder(), adapter.name(), number))
                        .toList();
                yield folders.stream().allMatch(this::isWhole)
                        ? folders.stream().map(Path::toString).toList()
                        : List.of();
            }
        };
    }

    /// Where the siblings of an adapter's soft prompt of the first seed are: those of other seeds that are there.
    List<String> ofSoft(StudyFile.Adapter adapter) {
        return file.plan().seeds().stream()
                .skip(1)
                .map(seed -> DistilStudy.soft(rows.folder(), adapter.name(), seed))
                .filter(this::isWhole)
                .map(Path::toString)
                .toList();
    }

    private boolean isWhole(Path folder) {
        return new KeptPeft(folder, job).isWhole();
    }
}
