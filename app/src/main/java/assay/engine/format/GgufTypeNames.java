package assay.engine.format;

import java.util.Map;

/// Names of ggml number formats this version does not read, so that a refusal can say which one it met.
final class GgufTypeNames {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(40, "NVFP4"),
            Map.entry(41, "Q1_0"));

    private GgufTypeNames() {}

    static String of(int code) {
        return NAMES.getOrDefault(code, "type number " + Integer.toUnsignedString(code));
    }
}
