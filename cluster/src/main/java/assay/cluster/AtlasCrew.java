package assay.cluster;

import assay.ResourceException;
import assay.discover.atlas.Atlas;
import assay.discover.atlas.BuildCrew;
import assay.discover.atlas.QuantisedRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/// The pieces of a build on many machines: a round of writing, or a portion of sketches.
final class AtlasCrew implements BuildCrew {
    private final Pieces pieces;
    private final Place place;
    private @Nullable Sent sent;

    AtlasCrew(Pieces pieces, Place place) {
        this.pieces = pieces;
        this.place = place;
    }

    /// @param entries by which it is known whether it is the same
    private record Sent(List<Atlas.Entry> entries, SentAtlas atlas) {}

    @Override
    public int width() {
        return pieces.width();
    }

    @Override
    public List<List<String>> lines(List<Writing> writings) {
        Place where = place;
        List<byte[]> each = writings.stream().map(Travel::sent).toList();
        return this.<byte[], Lines>made(
                        each,
                        piece -> Travel.sent(Workplace.at(
                                where,
                                there -> new Lines(BuildCrew.written(
                                        Travel.received(piece, Writing.class),
                                        there.session().chat())))),
                        Lines.class)
                .stream()
                .map(Lines::all)
                .toList();
    }

    /// What the model wrote.
    private record Lines(List<String> all) {}

    @Override
    public List<QuantisedRows> sketches(Atlas planned, List<Portion> portions) {
        Place where = place;
        SentAtlas atlas = sent(planned);
        List<byte[]> each = portions.stream().map(Travel::sent).toList();
        return made(
                each,
                piece -> Travel.sent(Workplace.at(
                        where,
                        there -> BuildCrew.sketched(
                                atlas.at(there),
                                Travel.received(piece, Portion.class),
                                there.session().chat()))),
                QuantisedRows.class);
    }

    /// Probe, map and prompts go out once: only sketches are added later.
    private SentAtlas sent(Atlas planned) {
        if (sent == null || !sent.entries().equals(planned.entries())) {
            sent = new Sent(planned.entries(), SentAtlas.of(planned.with(planned.entries()), pieces.spark()));
        }
        return sent.atlas();
    }

    /// All pieces in order; an atlas without one of them would be another.
    private <P extends Serializable, T> List<T> made(List<P> each, Function<P, byte[]> work, Class<T> type) {
        List<@Nullable T> made = new ArrayList<>(Collections.nCopies(each.size(), null));
        pieces.run(each, work, (bytes, i) -> made.set(i, Travel.received(bytes, type)), (i, reason) -> {
            throw new ResourceException(
                    "cluster: expected all pieces of the atlas, found that every try of one failed (" + reason
                            + "). What was done is kept; the same command goes on from there.");
        });
        List<T> all = new ArrayList<>();
        for (T one : made) {
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }
}
