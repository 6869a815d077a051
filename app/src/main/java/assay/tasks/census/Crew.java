package assay.tasks.census;

import assay.tasks.explain.Explain;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// Who does the pieces of a census: this process, or many machines. A piece says the same wherever
/// it is done.
public interface Crew {
    /// Looks at adapters.
    ///
    /// @param done hears of every one with its place in the list, in any order, on the thread that
    /// asked
    void look(List<String> adapters, ObjIntConsumer<Look> done);

    /// Explains adapters.
    ///
    /// @param done likewise
    void count(List<String> adapters, Explain.Options options, ObjIntConsumer<Counted> done);

    /// This process alone, one adapter after the other.
    static Crew alone(CensusWorker worker) {
        return new Crew() {
            @Override
            public void look(List<String> adapters, ObjIntConsumer<Look> done) {
                for (int i = 0; i < adapters.size(); i++) {
                    done.accept(worker.look(adapters.get(i)), i);
                }
            }

            @Override
            public void count(List<String> adapters, Explain.Options options, ObjIntConsumer<Counted> done) {
                for (int i = 0; i < adapters.size(); i++) {
                    done.accept(worker.count(adapters.get(i), options), i);
                }
            }
        };
    }
}
