package assay.base.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Frees every tensor made inside a `try (TensorScope scope = new TensorScope())` block when the block ends.
///
/// Scopes nest per thread. A result leaves its block through [#keep], which hands it to the enclosing scope;
/// nothing is ever left to the garbage collector. Gradients are off in an outermost scope; an inner one
/// inherits.
public final class TensorScope implements AutoCloseable {
    private final @Nullable PointerScope outer;
    private final PointerScope inner;
    private final AutoGradMode gradMode;

    /// Opens a scope; records gradients only if the enclosing scope does.
    public TensorScope() {
        this(PointerScope.getInnerScope() != null && GradMode.is_enabled());
    }

    private TensorScope(boolean gradients) {
        Torch.start();
        outer = PointerScope.getInnerScope();
        inner = new PointerScope();
        gradMode = new AutoGradMode(gradients);
    }

    /// Opens a scope in which operations record no gradients, whatever the enclosing scope does.
    public static TensorScope withoutGradients() {
        return new TensorScope(false);
    }

    /// Opens a scope in which operations record gradients.
    public static TensorScope withGradients() {
        return new TensorScope(true);
    }

    /// Lets `tensor` outlive this scope: the enclosing scope of the same thread owns it from now on.
    ///
    /// @throws IllegalStateException if there is no enclosing scope to own it
    public Tensor keep(Tensor tensor) {
        if (outer == null) {
            throw new IllegalStateException(
                    "tensor: expected an enclosing TensorScope to keep it, found none. Open one around this block.");
        }
        outer.attach(tensor);
        return tensor;
    }

    /// Restores the gradient mode and frees what was made inside.
    @Override
    public void close() {
        gradMode.close();
        inner.close();
    }
}
