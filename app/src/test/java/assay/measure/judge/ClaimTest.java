package assay.measure.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import assay.base.sparse.Interval;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Names that files and documents hold must be read again as what they were.
class ClaimTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void everyClaimHasWordsAndIsReadByItsName() {
        for (Claim claim : Claim.values()) {
            assertThat(claim.statement()).isNotBlank().endsWith(".");
            assertThat(claim.ofOneTarget()).isNotBlank().doesNotEndWith(".");
            assertThat(Claim.named(claim.id())).isEqualTo(claim);
            assertThat(claim).hasToString(claim.id());
        }
        assertThatThrownBy(() -> Claim.named("S7")).hasMessage("claim: expected a known one, found S7");
    }

    @Test
    void aStudyJudgesSixClaims() {
        assertThat(Claim.STUDIED).extracting(Claim::id).containsExactly("S1", "S2", "S3", "S4", "S5", "S6");
    }

    @Test
    void everyCauseHasWords() {
        assertThat(Arrays.stream(Cause.values()).map(Cause::words))
                .doesNotHaveDuplicates()
                .noneMatch(String::isBlank);
    }

    @Test
    void everyControlHasWordsAndNamesOfItsOwn() {
        List<Control> all = Arrays.stream(ControlKind.values())
                .map(kind -> new Control(kind, 7, Interval.NONE))
                .toList();
        assertThat(all.stream().map(one -> one.kind().toString())).doesNotHaveDuplicates();
        assertThat(all.stream().map(one -> one.kind().key())).doesNotHaveDuplicates();
        for (Control one : all) {
            assertThat(List.of(one.line(), one.title(), one.brief(), one.kind().note()))
                    .noneMatch(String::isBlank)
                    .noneMatch(words -> words.contains("{"));
        }
        assertThat(new Control(ControlKind.DIRECTIONS, 7, Interval.NONE).title())
                .isEqualTo("Rank 7");
    }

    @Test
    void runFoldersSpellControlsAsTheyAlwaysDid() {
        String row = "{\"closed\":{\"high\":0.5,\"low\":0.25,\"value\":0.375},\"k\":12,\"name\":\"dense ridge\"}";
        Control dense = new Control(ControlKind.DENSE, 12, new Interval(0.375, 0.25, 0.5));
        assertThat(JSON.readValue(row, Control.class)).isEqualTo(dense);
        assertThat(JSON.readTree(JSON.writeValueAsString(dense))).isEqualTo(JSON.readTree(row));
        assertThat(Arrays.stream(ControlKind.values()).map(ControlKind::toString))
                .containsExactly(
                        "best single prompt as it is",
                        "best single prompt, weight fitted",
                        "token noise, the best of 12",
                        "prompts of another target, refitted",
                        "constant offset",
                        "best directions",
                        "dense ridge");
        for (ControlKind kind : ControlKind.values()) {
            Control one = new Control(kind, 1, Interval.NONE);
            assertThat(JSON.readValue(JSON.writeValueAsString(one), Control.class))
                    .isEqualTo(one);
        }
    }

    @Test
    void aControlThatWasNotMeasuredClosesNothingKnown() {
        Control dense = new Control(ControlKind.DENSE, 12, new Interval(0.375, 0.25, 0.5));
        assertThat(Control.closed(List.of(dense), ControlKind.DENSE)).isEqualTo(dense.closed());
        assertThat(Control.closed(List.of(dense), ControlKind.NOISE)).isEqualTo(Interval.NONE);
        assertThat(Control.closed(List.of(), ControlKind.DENSE)).isEqualTo(Interval.NONE);
    }
}
