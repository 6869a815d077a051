package assay.base.fused;

/// The JDK's vector instructions. They come as an incubator module, of which the JDK warns on standard error, above
/// the program's own lines, wherever it is named on the command line; so it is loaded here, as the JDK loads its own
/// optional modules. The launcher opens the door to that; behind a closed one nothing but speed is lost.
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /// Whether the vector instructions can be used.
    static boolean isThere() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
            return true;
        } catch (ReflectiveOperationException _) {
            return false;
        }
    }
}
