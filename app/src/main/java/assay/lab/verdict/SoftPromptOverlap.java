package assay.lab.verdict;

import assay.base.tensor.TensorScope;
import assay.engine.peft.PeftFolder;
import assay.lab.matching.Overlap;
import assay.lab.matching.Phrase;
import assay.lab.matching.SameMeaning;
import assay.lab.studyfile.StudyFile;
import assay.tasks.session.FinishedParts;
import assay.tasks.session.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Whether two soft prompts trained to one behaviour, which may be far apart as vectors, get the same list (the
/// waywardness of prompts, arXiv 2112.08348).
record SoftPromptOverlap(Session session, StudyFile file, FinishedParts rows) {
    /// Overlap of the lists of soft prompts of the first two seeds, a mean over adapters; NaN if there are none.
    double overlap(ReadingLists lists, SameMeaning alike) {
        List<Long> seeds = file.plan().seeds();
        List<Double> overlaps = new ArrayList<>();
        for (StudyFile.Adapter adapter : file.adapters()) {
            List<List<Phrase>> both = new ArrayList<>();
            for (long seed : seeds.subList(0, Math.min(2, seeds.size()))) {
                Path folder = DistilStudy.soft(rows.folder(), adapter.name(), seed);
                if (PeftFolder.holdsPeft(folder)) {
                    both.add(list(folder, lists));
                }
            }
            if (both.size() == 2) {
                overlaps.add(Overlap.of(alike, both.get(0), both.get(1)).shared());
            }
        }
        return overlaps.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private List<Phrase> list(Path folder, ReadingLists lists) {
        try (TensorScope _ = TensorScope.withoutGradients()) {
            float[] sketch = lists.sketch(session.soft(folder.toString()).behaviour());
            return lists.fromDictionary(sketch, _ -> false);
        }
    }
}
