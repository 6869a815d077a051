package assay.cluster;

import assay.ResourceException;
import assay.base.run.Job;
import assay.discover.predict.ReadingShelf;
import assay.tasks.extend.Candidate;
import assay.tasks.extend.NoveltyScreen;
import assay.tasks.extend.ScreenCrew;
import assay.tasks.extend.Shortlist;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Candidates looked at by many machines: a batch is a piece. Only texts go out, and only what may
/// enter the short list comes back.
record ScreenSeats(Pieces pieces, Place place, SentAtlas atlas) implements ScreenCrew {
    /// Batches for each of those who look: nobody waits long for the slowest.
    private static final int WAVE = 4;

    /// A batch as it travels.
    record Batch(List<Candidate> candidates, double least) {}

    /// What comes of it.
    record Novel(List<Shortlist.Kept> all) {}

    @Override
    public int width() {
        return WAVE * pieces.width();
    }

    @Override
    public List<List<Shortlist.Kept>> look(List<List<Candidate>> batches, double least) {
        Place where = place;
        SentAtlas sent = atlas;
        List<byte[]> each = batches.stream()
                .map(batch -> Travel.sent(new Batch(batch, least)))
                .toList();
        List<List<Shortlist.Kept>> novel = new ArrayList<>(Collections.nCopies(each.size(), List.of()));
        pieces.<byte[], byte[]>run(
                each,
                piece -> Travel.sent(Workplace.at(where, there -> looked(there, sent, piece))),
                (bytes, i) -> novel.set(i, Travel.received(bytes, Novel.class).all()),
                (i, reason) -> {
                    throw new ResourceException(
                            "cluster: expected all candidates to be looked at, found that every try of"
                                    + " one batch failed (" + reason
                                    + "). The same command goes on from where it was.");
                });
        return novel;
    }

    private static Novel looked(Workplace there, SentAtlas sent, byte[] piece) {
        NoveltyScreen screen = there.get(
                "screen " + sent.name(),
                NoveltyScreen.class,
                () -> new NoveltyScreen(sent.at(there), there.session().chat(), ReadingShelf.current(), Job.silent()));
        Batch batch = Travel.received(piece, Batch.class);
        return new Novel(screen.look(List.of(batch.candidates()), batch.least()).getFirst());
    }

    @Override
    public void close() {
        // What executors hold ends with them.
    }
}
