package assay.tasks.census;

import assay.InputException;
import assay.NoEffectException;
import assay.ResourceException;
import assay.base.run.InterruptedRunException;
import assay.base.run.Job;
import assay.base.run.Refusal;
import assay.base.tensor.TensorScope;
import assay.discover.atlas.Atlas;
import assay.discover.search.TargetSearch;
import assay.tasks.explain.Explain;
import assay.tasks.explain.Glance;
import assay.tasks.session.Session;
import assay.tasks.session.Target;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Looks at adapters and explains them one after the other, with one open model; what does not
/// depend on an adapter is made once. An adapter that fails fails alone.
public final class CensusWorker implements AutoCloseable {
    private final Session session;
    private final Session untold;
    private final Explain explain;
    private final TargetSearch search;

    /// @param session open; told of what is fetched
    /// @param atlas of its model
    public CensusWorker(Session session, Atlas atlas) {
        this.session = session;
        Job job = session.job().untold();
        this.untold = session.doing(job);
        this.explain = new Explain(session.chat(), atlas, job);
        this.search = new TargetSearch(session.chat(), atlas, job);
    }

    /// Finds an adapter, fetching it if need be, and says which one it is.
    public Look look(String adapter) {
        return tried(
                () -> opened(session, adapter, CensusWorker::identity),
                error -> Look.failed(error.kind(), error.words()));
    }

    private static Look identity(Target target) {
        return new Look(target.behaviour().overlay().sha256().orElse(target.sha256()), RowKind.EXPLAINED, "");
    }

    /// Explains an adapter.
    public Counted count(String adapter, Explain.Options options) {
        long start = System.nanoTime();
        Supplier<Counted> counting = () -> {
            Glance glance = opened(untold, adapter, target -> Glance.of(explain, target, options, search));
            return new Counted(Optional.of(Counted.Found.of(glance)), RowKind.EXPLAINED, "", since(start));
        };
        return tried(counting, error -> Counted.failed(error.kind(), error.words(), since(start)));
    }

    /// Works with an adapter whose tensors are gone afterwards.
    private static <T> T opened(Session session, String adapter, Function<Target, T> work) {
        session.job().check();
        try (TensorScope _ = TensorScope.withoutGradients()) {
            return work.apply(session.target(new Target.Named.Adapter(adapter)));
        }
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /// Why an adapter has no figures.
    private record Failure(RowKind kind, String words) {}

    /// One bad adapter must not end a census: whatever fails is a row.
    private static <T> T tried(Supplier<T> work, Function<Failure, T> failed) {
        try {
            return work.get();
        } catch (InterruptedRunException stopped) {
            throw stopped;
        } catch (NoEffectException nothing) {
            return failed.apply(new Failure(RowKind.NO_EFFECT, String.valueOf(nothing.getMessage())));
        } catch (InputException | ResourceException refused) {
            return failed.apply(new Failure(RowKind.BROKEN, String.valueOf(refused.getMessage())));
        } catch (RuntimeException defect) {
            String first =
                    String.valueOf(defect.getMessage()).lines().findFirst().orElse("");
            String found = defect.getClass().getSimpleName() + ": " + Refusal.name(first);
            return failed.apply(new Failure(RowKind.BROKEN, "defect: expected figures, found " + found));
        }
    }

    @Override
    public void close() {
        search.close();
    }
}
