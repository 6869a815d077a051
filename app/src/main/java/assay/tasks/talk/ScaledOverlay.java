package assay.tasks.talk;

import assay.InputException;
import assay.engine.model.Overlay;
import assay.measure.behaviour.LoraAdapter;
import java.util.Map;
import java.util.stream.Collectors;

/// An adapter made stronger or weaker.
final class ScaledOverlay {
    private ScaledOverlay() {}

    /// Its low-rank changes times `factor`.
    ///
    /// @throws InputException if it also replaces weights or has biases, which have no strength
    static Overlay of(LoraAdapter adapter, double factor) {
        Overlay whole = adapter.overlay();
        if (!whole.replaced().isEmpty() || !whole.biases().isEmpty()) {
            throw new InputException("scale: expected an adapter of low-rank changes alone, found replaced weights or"
                    + " biases (" + adapter.name() + "). Such an adapter cannot be made stronger or weaker.");
        }
        return new Overlay(
                whole.linear().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> scaled(entry.getValue(), factor))),
                whole.embedding().map(low -> scaled(low, factor)),
                Map.of(),
                Map.of());
    }

    private static Overlay.LowRank scaled(Overlay.LowRank low, double factor) {
        return new Overlay.LowRank(low.a(), low.b(), low.scale() * factor);
    }
}
