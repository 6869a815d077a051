package assay.discover.search;

import assay.discover.predict.SketchFit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Proposes two promising prompts as one, in either order: what a prompt does together with another is not the
/// sum of what both do.
public record Pairs() implements Strategy {
    private static final int NEAR = 40;
    private static final int LONGEST = 110;

    @Override
    public List<String> propose(SketchFit standing, SketchFit.Lack lack, int count, long seed) {
        List<String> near = standing.near(lack, NEAR);
        List<String> pairs = new ArrayList<>();
        for (String first : near) {
            for (String second : near) {
                if (!first.equals(second) && first.length() + second.length() < LONGEST) {
                    pairs.add(joined(first, second));
                }
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        while (pairs.size() > count) {
            int last = pairs.size() - 1;
            pairs.set(random.nextInt(pairs.size()), pairs.get(last));
            pairs.remove(last);
        }
        return pairs;
    }

    /// "You are a robot." and "You are sad." become "You are a robot and sad."; others stay two sentences.
    private static String joined(String first, String second) {
        String start = "You are ";
        return first.startsWith(start) && second.startsWith(start) && first.endsWith(".")
                ? first.substring(0, first.length() - 1) + " and " + second.substring(start.length())
                : first + " " + second;
    }
}
