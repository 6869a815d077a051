package assay.engine.family;

import assay.InputException;
import assay.engine.format.Fields;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a `config.json` says of rotary positions.
///
/// @param root all its fields
/// @param headDim numbers per head
record RopeJson(Fields root, int headDim) {
    /// What an object of fields says.
    ///
    /// @param usual θ where it says none
    Rope of(Fields scaling, double usual) {
        double theta = scaling.positive("rope_theta", usual);
        String type = scaling.text("rope_type", scaling.text("type", ""));
        if (type.isEmpty() && scaling.has("factor")) {
            throw scaling.wrong("rope_type", "given beside a factor");
        }
        double share = share(scaling);
        int rotating = new Rope(theta, new Rope.Scaling.None(), share).rotating(headDim);
        return new Rope(
                theta,
                switch (type) {
                    case "default", "" -> new Rope.Scaling.None();
                    case "linear" -> new Rope.Scaling.Linear(scaling.positive("factor"));
                    case "llama3" -> llama3(scaling);
                    case "yarn" -> yarn(scaling, theta, rotating);
                    case "longrope" -> longrope(scaling, rotating);
                    default ->
                        throw new InputException(
                                "model: expected rope type default, linear, llama3, yarn or longrope, found " + type
                                        + " (" + root.path() + "). This version cannot run it.");
                },
                share);
    }

    /// The share of a head that is rotated.
    private double share(Fields scaling) {
        Fields said = scaling.has("partial_rotary_factor") ? scaling : root;
        double share = said.positive("partial_rotary_factor", 1);
        int rotating = (int) (share * headDim);
        if (share > 1 || rotating % 2 != 0 || rotating == 0) {
            throw said.wrong("partial_rotary_factor", "1, or an even part of a head in families that have one");
        }
        return share;
    }

    /// The original context, which Phi names outside.
    int originalContext(Fields scaling) {
        String field = "original_max_position_embeddings";
        int longest = root.count("max_position_embeddings", 2048);
        return root.has(field) ? root.count(field) : scaling.count(field, longest);
    }

    private double factor(Fields scaling) {
        double ratio = (double) root.count("max_position_embeddings", 2048) / originalContext(scaling);
        return scaling.positive("factor", ratio);
    }

    private Rope.Scaling yarn(Fields scaling, double theta, int rotating) {
        double factor = scaling.positive("factor");
        int original = originalContext(scaling);
        for (String unknown : List.of("mscale", "mscale_all_dim")) {
            if (scaling.has(unknown)) {
                throw scaling.wrong(unknown, "missing");
            }
        }
        double fast = Rope.Scaling.Yarn.border(scaling.positive("beta_fast", 32), original, theta, rotating);
        double slow = Rope.Scaling.Yarn.border(scaling.positive("beta_slow", 1), original, theta, rotating);
        boolean isWhole = scaling.flag("truncate", true);
        return Rope.Scaling.Yarn.between(
                isWhole ? Math.floor(fast) : fast,
                isWhole ? Math.ceil(slow) : slow,
                rotating,
                factor,
                scaling.positive("attention_factor", Rope.Scaling.Yarn.magnitude(factor)));
    }

    private Rope.Scaling longrope(Fields scaling, int rotating) {
        JsonNode divisors = scaling.node().path("short_factor");
        boolean arePositive = divisors.valueStream().allMatch(one -> one.isNumber() && one.asDouble() > 0);
        if (!divisors.isArray() || divisors.size() != rotating / 2 || !arePositive) {
            throw scaling.wrong("short_factor", "a list of " + rotating / 2 + " positive numbers");
        }
        double factor = factor(scaling);
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext(scaling)));
        return new Rope.Scaling.Stretched(
                divisors.valueStream().map(JsonNode::asDouble).toList(),
                scaling.positive("attention_factor", magnitude));
    }

    /// The fields of an object, without those that are null.
    static Fields inside(Fields parent, String field) {
        Fields rope = parent.object(field, ".");
        return new Fields(rope.subject(), rope.path(), rope.prefix(), ConfigJson.said(rope.node()));
    }

    private static Rope.Scaling llama3(Fields scaling) {
        double low = scaling.positive("low_freq_factor");
        double high = scaling.positive("high_freq_factor");
        if (high <= low) {
            throw scaling.wrong("high_freq_factor", "above low_freq_factor");
        }
        return new Rope.Scaling.Llama3(
                scaling.positive("factor"), low, high, scaling.positive("original_max_position_embeddings"));
    }
}
