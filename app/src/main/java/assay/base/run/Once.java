package assay.base.run;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that is made when it is first asked for. Several threads may ask; all get the same.
public final class Once<T> {
    private final Supplier<T> make;
    private @Nullable T made;

    public Once(Supplier<T> make) {
        this.make = make;
    }

    /// The thing itself.
    public synchronized T get() {
        T known = made;
        if (known == null) {
            known = make.get();
            made = known;
        }
        return known;
    }

    /// Frees it, if it was made.
    public synchronized void end(Consumer<T> free) {
        if (made != null) {
            free.accept(made);
            made = null;
        }
    }
}
