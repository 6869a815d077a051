package assay.engine.format;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Names that older families have for what all families have: `transformer.h.3.attn.c_attn` (GPT-2) and
/// `gpt_neox.layers.3.attention.dense` (GPT-NeoX) stand below `model.layers.3.` here, as everybody else's do. What is
/// inside a block keeps its family's name.
public final class Spelling {
    private static final Pattern BLOCK = Pattern.compile("^(?:(?:transformer\\.)?h|gpt_neox\\.layers)\\.(?=\\d)");
    private static final Pattern GPT2 = Pattern.compile("^model\\.layers\\.(?=\\d+\\.(?:attn|mlp)\\.c_)");
    private static final Pattern NEOX = Pattern.compile("^model\\.layers\\.(?=\\d+\\.(?:attention\\.|mlp\\.dense_))");
    private static final Pattern TURNED = Pattern.compile(".*\\.(?:attn|mlp)\\.c_(?:attn|proj|fc)\\.(?:.+\\.)?weight");
    /// By their names outside of blocks.
    private static final Map<String, String> OURS = Map.of(
            "transformer.wte", "model.embed_tokens",
            "wte", "model.embed_tokens",
            "gpt_neox.embed_in", "model.embed_tokens",
            "transformer.wpe", "model.embed_positions",
            "wpe", "model.embed_positions",
            "transformer.ln_f", "model.norm",
            "ln_f", "model.norm",
            "gpt_neox.final_layer_norm", "model.norm",
            "embed_out", "lm_head");

    private Spelling() {}

    /// The name that a module, or a tensor of it, has here.
    public static String ours(String name) {
        for (Map.Entry<String, String> spelling : OURS.entrySet()) {
            String theirs = spelling.getKey();
            if (name.equals(theirs) || name.startsWith(theirs + ".")) {
                return spelling.getValue() + name.substring(theirs.length());
            }
        }
        return BLOCK.matcher(name).replaceFirst("model.layers.");
    }

    /// The name that its family has for one of our modules in a block.
    public static String theirs(String module) {
        String gpt2 = GPT2.matcher(module).replaceFirst("transformer.h.");
        return NEOX.matcher(gpt2).replaceFirst("gpt_neox.layers.");
    }

    /// Other names of one of our modules outside of blocks.
    public static List<String> others(String module) {
        return OURS.entrySet().stream()
                .filter(spelling -> spelling.getValue().equals(module))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /// Whether files hold a weight as `[in out]` (GPT-2).
    public static boolean isTurned(String name) {
        return TURNED.matcher(name).matches();
    }
}
