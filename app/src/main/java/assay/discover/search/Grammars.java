package assay.discover.search;

import assay.discover.atlas.Grammar;
import assay.discover.predict.SketchFit;
import java.util.List;

/// Proposes phrases of the slot grammars: hundreds of thousands, each without running a model.
public record Grammars() implements Strategy {
    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        return Grammar.draw(count, seed).stream().map(Grammar.Phrase::text).toList();
    }
}
