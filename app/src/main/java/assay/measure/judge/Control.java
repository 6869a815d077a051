package assay.measure.judge;

import assay.base.sparse.Interval;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// Another explanation than the list, and what it closes of the same target on the same contexts.
///
/// @param kind what it is; run folders spell it `name`
/// @param k prompts or directions it uses
/// @param closed what it closes
public record Control(@JsonProperty("name") ControlKind kind, int k, Interval closed) {
    /// What the control of a kind closes; not measured if there is none among these.
    public static Interval closed(List<Control> controls, ControlKind kind) {
        return controls.stream()
                .filter(control -> control.kind == kind)
                .map(Control::closed)
                .findFirst()
                .orElse(Interval.NONE);
    }

    /// One line of a terminal.
    public String line() {
        return kind.line(k);
    }

    /// A row's title on a page.
    public String title() {
        return kind.title(k);
    }

    /// Its name in a picture with little room.
    public String brief() {
        return kind.brief(k);
    }
}
