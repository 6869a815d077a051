package assay.discover.atlas;

import java.util.Locale;
import java.util.regex.Pattern;

/// The English indefinite article.
public final class Article {
    private static final Pattern SPOKEN_WITH_A =
            Pattern.compile("(?:uni(?![mn])|us[aeiu]|ut[aeio]|ukulele|eu|ewe|one\\b|once\\b).*");
    private static final Pattern SILENT_H = Pattern.compile("(?:hono|honest|hour|heir).*");

    private Article() {}

    /// "a" or "an", as what follows is spoken.
    public static String of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        boolean vowel = !lower.isEmpty() && "aeiou".indexOf(lower.charAt(0)) >= 0;
        boolean an = vowel
                ? !SPOKEN_WITH_A.matcher(lower).matches()
                : SILENT_H.matcher(lower).matches();
        return an ? "an" : "a";
    }
}
