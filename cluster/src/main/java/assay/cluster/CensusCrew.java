package assay.cluster;

import assay.tasks.census.CensusWorker;
import assay.tasks.census.Counted;
import assay.tasks.census.Crew;
import assay.tasks.census.Look;
import assay.tasks.census.RowKind;
import assay.tasks.explain.Explain;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjIntConsumer;

/// The pieces of a census on many machines: an adapter is a piece.
record CensusCrew(Pieces pieces, Place place, SentAtlas atlas) implements Crew {
    @Override
    public void look(List<String> adapters, ObjIntConsumer<Look> done) {
        Place where = place;
        SentAtlas sent = atlas;
        pieces.<String, byte[]>run(
                adapters.stream().map(CensusCrew::found).toList(),
                adapter -> Travel.sent(
                        Workplace.at(where, there -> worker(there, sent).look(adapter))),
                (bytes, i) -> done.accept(Travel.received(bytes, Look.class), i),
                (i, reason) -> done.accept(new Look("", RowKind.BROKEN, error(reason)), i));
    }

    @Override
    public void count(List<String> adapters, Explain.Options options, ObjIntConsumer<Counted> done) {
        Place where = place;
        SentAtlas sent = atlas;
        byte[] how = Travel.sent(options);
        pieces.<String, byte[]>run(
                adapters.stream().map(CensusCrew::found).toList(),
                adapter -> Travel.sent(Workplace.at(
                        where,
                        there -> worker(there, sent).count(adapter, Travel.received(how, Explain.Options.class)))),
                (bytes, i) -> done.accept(Travel.received(bytes, Counted.class), i),
                (i, reason) -> done.accept(new Counted(Optional.empty(), RowKind.BROKEN, error(reason), 0), i));
    }

    private static CensusWorker worker(Workplace there, SentAtlas atlas) {
        return there.get(
                "census " + atlas.name(), CensusWorker.class, () -> new CensusWorker(there.session(), atlas.at(there)));
    }

    /// Executors stand in folders of their own: a path is sent as a whole one.
    private static String found(String adapter) {
        try {
            Path path = Path.of(adapter);
            return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : adapter;
        } catch (InvalidPathException _) {
            return adapter;
        }
    }

    private static String error(String reason) {
        return "cluster: expected a row, found that every try of it failed (" + reason + ")";
    }
}
