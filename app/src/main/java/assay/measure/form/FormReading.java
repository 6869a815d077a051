package assay.measure.form;

import java.util.stream.IntStream;

/// What is expected of each kind of form in some answers.
///
/// @param expected how often, summed over the places of each context `[context kind]`
/// @param places at how many places of each context it can be met `[context kind]`
/// @param tokens places of each context
public record FormReading(double[][] expected, double[][] places, int[] tokens) {
    /// Expected at one place where it can be met, over some contexts, each as often as it is named; 0 if there is none.
    double at(FormKind kind, int[] contexts) {
        double sum = 0;
        double count = 0;
        for (int context : contexts) {
            sum += expected[context][kind.number()];
            count += places[context][kind.number()];
        }
        return count == 0 ? 0 : sum / count;
    }

    /// How far it stands above another on the same contexts, for every kind, at one place where it can be met.
    ///
    /// @return `[kind]`
    public double[] above(FormReading other) {
        int[] all = all();
        double[] differences = new double[FormKind.values().length];
        for (FormKind kind : FormKind.values()) {
            differences[kind.number()] = at(kind, all) - other.at(kind, all);
        }
        return differences;
    }

    /// At which share of all places it can be met.
    double share(FormKind kind) {
        double count = 0;
        double total = 0;
        for (int context = 0; context < tokens.length; context++) {
            count += places[context][kind.number()];
            total += tokens[context];
        }
        return total == 0 ? 0 : count / total;
    }

    /// Every context once.
    int[] all() {
        return IntStream.range(0, tokens.length).toArray();
    }
}
