package assay.engine.family;

import assay.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/// Reads the configuration of a model from GGUF metadata.
public final class ConfigGguf implements Settings {
    private static final String ORIGINAL = "rope.scaling.original_context_length";
    private static final String MAGNITUDE = "rope.scaling.attn_factor";

    private final Path path;
    private final Map<String, Object> metadata;
    private final Family family;
    private final String prefix;
    private final GgufSource.RopeTable ropeTable;

    private ConfigGguf(Path path, Map<String, Object> metadata, GgufSource.RopeTable ropeTable) {
        this.path = path;
        this.family = Family.ofGguf(metadata, path);
        this.prefix = family.gguf() + ".";
        this.metadata = metadata;
        this.ropeTable = ropeTable;
    }

    /// The shape of the model.
    ///
    /// @param vocabulary rows of the embedding tensor
    /// @param ropeTable what each rotary frequency is divided by
    /// @throws InputException if the architecture is another, a size is missing, or a number is none
    public static ModelConfig read(
            Path path, Map<String, Object> metadata, int vocabulary, GgufSource.RopeTable ropeTable) {
        return new ConfigGguf(path, metadata, ropeTable).config(vocabulary);
    }

    private ModelConfig config(int vocabulary) {
        int dimension = heads().dimension();
        requirePlain("attention.value_length", dimension);
        Design design = family.design().apply(this);
        if (design.feedForward().experts().count() == 0) {
            requirePlain("expert_count", 0);
        }
        return new ModelConfig(
                vocabulary,
                hidden(),
                size("feed_forward_length", 0),
                layers(),
                heads(),
                positive(
                        design.norms().isCentred()
                                ? "attention.layer_norm_epsilon"
                                : "attention.layer_norm_rms_epsilon",
                        design.norms().isCentred() ? 1e-5 : 1e-6),
                design,
                size("context_length", 2048));
    }

    @Override
    public int hidden() {
        return size("embedding_length", 0);
    }

    @Override
    public int layers() {
        return size("block_count", 0);
    }

    @Override
    public ModelConfig.Heads heads() {
        int queries = size("attention.head_count", 0);
        return new ModelConfig.Heads(
                queries, size("attention.head_count_kv", queries), size("attention.key_length", hidden() / queries));
    }

    @Override
    public Rope rope() {
        requirePlain("rope.dimension_count", heads().dimension());
        return partialRope();
    }

    @Override
    public Rope partialRope() {
        int dimension = heads().dimension();
        int rotating = size("rope.dimension_count", dimension);
        if (rotating > dimension || rotating % 2 != 0) {
            throw wrong("rope.dimension_count", "an even part of a head as ");
        }
        double theta = positive("rope.freq_base", 10_000);
        return new Rope(theta, scaling(theta, rotating), (double) rotating / dimension);
    }

    @Override
    public Rope windowRope(double theta) {
        return new Rope(positive("rope.freq_base_swa", theta), new Rope.Scaling.None());
    }

    @Override
    public double number(String json, String gguf, double otherwise) {
        return positive(gguf, otherwise);
    }

    @Override
    public double cap(String name, double otherwise) {
        double cap = number(name, otherwise);
        if (cap < 0 || cap > Design.Caps.LARGEST) {
            throw wrong(name, "0 to " + (int) Design.Caps.LARGEST + " as ");
        }
        return cap == 0 ? Double.POSITIVE_INFINITY : cap;
    }

    @Override
    public void requirePlain(String json, String gguf, double plain) {
        requirePlain(gguf, plain);
    }

    @Override
    public boolean flag(String json, String gguf, boolean otherwise) {
        Object value = metadata.getOrDefault(prefix + gguf, otherwise);
        if (!(value instanceof Boolean flag)) {
            throw wrong(gguf, "true or false as ");
        }
        return flag;
    }

    /// As llama.cpp runs them: in every block, with shares that sum to one.
    @Override
    public Design.Experts experts() {
        int count = size("expert_count", 0);
        int used = size("expert_used_count", 0);
        if (used > count) {
            throw wrong("expert_used_count", "at most expert_count as ");
        }
        return new Design.Experts(count, used, size("expert_feed_forward_length", 0), true, _ -> true);
    }

    @Override
    public void requireOff(String json) {}

    @Override
    public Design.Limit window() {
        String key = "attention.sliding_window";
        return number(key, 0) == 0 ? Design.Limit.NONE : new Design.Limit(size(key, 0), prefix + key);
    }

    @Override
    public Design.Limit ropeLimit() {
        return ropeTable.isShort() ? new Design.Limit(originalContext(), prefix + ORIGINAL) : Design.Limit.NONE;
    }

    private int originalContext() {
        return size(ORIGINAL, size("context_length", 2048));
    }

    @Override
    public IntPredicate windowed(int every) {
        String key = "attention.sliding_window_pattern";
        if (metadata.get(prefix + key) instanceof List<?> each) {
            if (each.size() != layers()) {
                throw wrong(key, "an entry for each layer as ");
            }
            return layer -> Boolean.TRUE.equals(each.get(layer));
        }
        int period = size(key, every);
        return layer -> (layer + 1) % period != 0;
    }

    @Override
    public IntPredicate unrotated(int every) {
        return layer -> (layer + 1) % every == 0;
    }

    /// As llama.cpp reads it: without a type the scaling is linear, without a factor or with 0 it is
    /// none, and files from before August 2023 call the factor `rope.scale_linear`. Divisors for contexts no
    /// longer than the original one are LongRoPE's, whatever the type.
    private Rope.Scaling scaling(double theta, int rotating) {
        Object type = metadata.getOrDefault(prefix + "rope.scaling.type", "linear");
        if (!List.of("none", "linear", "yarn", "longrope").contains(type)) {
            throw new InputException("model: expected rope scaling none, linear, yarn or longrope, found " + type + " ("
                    + path + "). This version cannot run it.");
        }
        double given = number("rope.scaling.factor", number("rope.scale_linear", 0));
        double factor = given == 0 || type.equals("none") ? 1 : given;
        float[] divisors = ropeTable.divisors();
        boolean arePositive = true;
        for (float divisor : divisors) {
            arePositive &= divisor > 0;
        }
        if (factor < 0 || !arePositive || (divisors.length > 0 && divisors.length != rotating / 2)) {
            throw new InputException("model: expected a positive rope.scaling.factor and " + rotating / 2
                    + " positive numbers in " + ropeTable.name() + ", found " + given + " and " + divisors.length
                    + " numbers (" + path + "). The file is damaged or of another family.");
        }
        if (type.equals("yarn") && divisors.length == 0) {
            return yarn(factor, theta, rotating);
        }
        Rope.Scaling.Divided divided = Rope.Scaling.Divided.by(factor, divisors);
        if (ropeTable.isShort()) {
            return new Rope.Scaling.Stretched(divided.divisors(), positive(MAGNITUDE, 1));
        }
        requirePlain(MAGNITUDE, 1);
        return divisors.length > 0 ? divided : factor == 1 ? new Rope.Scaling.None() : new Rope.Scaling.Linear(factor);
    }

    /// Its magnitude is computed from the factor, times what the file says.
    private Rope.Scaling yarn(double factor, double theta, int rotating) {
        requirePlain("rope.scaling.yarn_ext_factor", 1);
        requirePlain("rope.scaling.yarn_attn_factor", 1);
        requirePlain("rope.scaling.yarn_log_multiplier", 0);
        double fast = positive("rope.scaling.yarn_beta_fast", 32);
        double slow = positive("rope.scaling.yarn_beta_slow", 1);
        int original = originalContext();
        return Rope.Scaling.Yarn.between(
                Math.floor(Rope.Scaling.Yarn.border(fast, original, theta, rotating)),
                Math.ceil(Rope.Scaling.Yarn.border(slow, original, theta, rotating)),
                rotating,
                factor,
                positive(MAGNITUDE, 1) * Rope.Scaling.Yarn.magnitude(factor));
    }

    /// Refuses a variant of the family that would run, but with wrong numbers.
    private void requirePlain(String key, double plain) {
        if (number(key, plain) != plain) {
            throw new InputException("model: expected " + prefix + key + " to be " + (long) plain + ", found "
                    + metadata.get(prefix + key) + " (" + path + "). This version cannot run it.");
        }
    }

    private int size(String key, int otherwise) {
        double value = positive(key, otherwise);
        if (value > Integer.MAX_VALUE || value != Math.rint(value)) {
            throw wrong(key, "a positive whole ");
        }
        return (int) value;
    }

    private double positive(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value > 0)) {
            throw wrong(key, "a positive ");
        }
        return value;
    }

    private double number(String key, double otherwise) {
        Object value = metadata.getOrDefault(prefix + key, otherwise);
        if (!(value instanceof Number number) || !Double.isFinite(number.doubleValue())) {
            throw wrong(key, "a number as ");
        }
        return number.doubleValue();
    }

    private InputException wrong(String key, String kind) {
        Object found = metadata.get(prefix + key);
        return new InputException("GGUF: expected " + kind + prefix + key + ", found "
                + (found == null ? "none" : found) + " (" + path + "). Fetch the file again.");
    }
}
