package assay.base.vector;

/// The JDK's vector instructions. They come as an incubator module, of which the JDK warns on standard error, above
/// the program's own lines, wherever it is named on the command line; so it is loaded here, as the JDK loads its own
/// optional modules. The launcher opens the door to that; behind a closed one nothing but speed is lost.
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private static final boolean IS_THERE = load();

    private VectorModule() {}

    /// Whether the vector instructions can be used: ask before [Vectors] is touched.
    public static boolean isThere() {
        return IS_THERE;
    }

    private static boolean load() {
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
