package assay.engine.peft;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The model an adapter was made for, as its author wrote it.
///
/// @param written in `base_model_name_or_path`
record BaseName(String written) {
    /// How the names of quantised copies end, such as `-unsloth-bnb-4bit`, `-GPTQ-Int4`, `-AWQ` or `-FP8-dynamic`.
    private static final Pattern QUANTISED = Pattern.compile(
            "(.+?)(?:-unsloth)?-(bnb-[48]bit|gptq(?:-int[48])?|awq|fp8(?:-dynamic)?|int[48])$",
            Pattern.CASE_INSENSITIVE);

    /// Whether it was trained on quantised weights, by the name.
    boolean isQuantised() {
        return QUANTISED.matcher(written).matches();
    }

    /// As messages have it: a quantised one with its 16-bit original.
    String words() {
        Matcher quantised = QUANTISED.matcher(written);
        return quantised.matches() ? quantised.group(1) + " (the 16-bit original of " + written + ")" : written;
    }
}
