package assay.discover.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import assay.InputException;
import assay.measure.probe.Probe;
import assay.measure.probe.SketchMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AtlasFileTest {
    @Test
    void whatIsWrittenIsRead() throws IOException {
        Atlas atlas = atlas();
        Atlas read = read(bytes(atlas));
        assertThat(read.header()).isEqualTo(atlas.header());
        assertThat(read.entries()).isEqualTo(atlas.entries());
        assertThat(read.probe().turns()).hasSize(3);
        assertThat(read.probe().turns().get(1).answer()).containsExactly(5, 6);
        assertThat(read.sketches().row(1)).isEqualTo(atlas.sketches().row(1));
        assertThat(read.map().whitened()).isEqualTo(atlas.map().whitened());
        assertThat(bytes(read)).isEqualTo(bytes(atlas));
    }

    @Test
    void aReserveIsReadBackAndLeavesNoMarkInTheHeader() throws IOException {
        Atlas plain = atlas();
        List<Atlas.Entry> reserve =
                List.of(new Atlas.Entry("Be brief.", "sampled"), new Atlas.Entry("Sé breve.", "grammar:x"));
        Atlas quick = new Atlas(plain.header(), plain.probe(), plain.map(), plain.entries(), plain.sketches(), reserve);
        Atlas read = read(bytes(quick));
        assertThat(read.reserve()).isEqualTo(reserve);
        assertThat(read.entries()).isEqualTo(plain.entries());
        assertThat(read.header()).isEqualTo(plain.header());
        assertThat(bytes(read)).isEqualTo(bytes(quick));
        assertThat(read(bytes(plain)).reserve()).isEmpty();
        assertThat(read.reserved().texts()).containsExactly("Be brief.", "Sé breve.");
        assertThat(read.reserved().reserve()).isEmpty();
        assertThat(read.with("field", "value").reserve()).isEqualTo(reserve);
        assertThat(read.grown(reserve.subList(0, 1), QuantisedRows.of(new float[SketchMap.SIZE]))
                        .reserve())
                .isEqualTo(reserve);
        SplittableRandom random = new SplittableRandom(2);
        byte[] whole = bytes(quick);
        for (int i = 0; i < 100; i++) {
            byte[] torn = Arrays.copyOf(whole, random.nextInt(whole.length));
            assertThatThrownBy(() -> read(torn)).isInstanceOf(InputException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "many", "9999999", "1"})
    void aReserveThatIsNotThereIsRefused(String count) throws IOException {
        byte[] written = bytes(atlas().with("reserve", count));
        assertThatThrownBy(() -> read(written)).isInstanceOf(InputException.class);
    }

    @Test
    void anUnfinishedAtlasCanBeReadButNotUsed() throws IOException {
        Atlas whole = atlas();
        Atlas part = new Atlas(
                whole.header(),
                whole.probe(),
                whole.map(),
                whole.entries(),
                QuantisedRows.of(whole.sketches().row(0)));
        Atlas read = read(bytes(part));
        assertThat(read.isComplete()).isFalse();
        assertThatThrownBy(() -> read.requireModel("m", "a".repeat(64), "assay atlas build --model m"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 2 sketches, found 1");
    }

    @Test
    void anAtlasOfAnotherModelIsRefused() {
        assertThatThrownBy(() -> atlas().requireModel("other", "b".repeat(64), "assay atlas build --model other"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected one of model other")
                .hasMessageContaining("assay atlas build --model other");
    }

    @ParameterizedTest
    @CsvSource({"energy,0.5 1.000p", "energy,NaN", "exponent,x", "seed,1.5", "model_sha256,unknown"})
    void aHeaderThatHoldsSomethingElseIsRefused(String field, String value) throws IOException {
        byte[] written = bytes(atlas().with(field, value));
        assertThatThrownBy(() -> read(written))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected hashes and numbers in its header");
    }

    @Test
    void sketchesThatAreNoNumbersAreRefused() throws IOException {
        Atlas atlas = atlas();
        for (boolean inMap : new boolean[] {true, false}) {
            (inMap ? atlas.map().whitened() : atlas.sketches().scales())[1] = Float.NaN;
            byte[] written = bytes(atlas);
            assertThatThrownBy(() -> read(written))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected numbers in sketches, found NaN or infinity");
            atlas.map().whitened()[1] = 0;
        }
    }

    @Test
    void everyTruncationAndManyFlippedBitsAreRefused() throws IOException {
        byte[] whole = bytes(atlas());
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            byte[] torn = Arrays.copyOf(whole, random.nextInt(whole.length));
            assertThatThrownBy(() -> read(torn)).isInstanceOf(InputException.class);
            byte[] flipped = whole.clone();
            flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> read(flipped)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void eightBitsKeepARowToHalfAStep() {
        float[] row = {0.5f, -1, 0.25f, 0.003f};
        float[] again = QuantisedRows.of(row).row(0);
        for (int i = 0; i < row.length; i++) {
            assertThat(again[i]).isCloseTo(row[i], within(0.5f / 127 + 1e-6f));
        }
    }

    static Atlas atlas() {
        Probe probe = new Probe(
                "foreign",
                List.of(
                        new Probe.Turn("One?", Probe.Split.SEARCH, "", new int[] {1}),
                        new Probe.Turn("Two?", Probe.Split.FIT, "Be kind.", new int[] {5, 6}),
                        new Probe.Turn("Three?", Probe.Split.TEST, "", new int[] {7})));
        float[] whitened = new float[2 * SketchMap.COLUMNS];
        for (int i = 0; i < whitened.length; i++) {
            whitened[i] = i / 7f;
        }
        float[] first = new float[SketchMap.SIZE];
        float[] second = new float[SketchMap.SIZE];
        for (int i = 0; i < SketchMap.SIZE; i++) {
            first[i] = i % 11 - 5;
            second[i] = i % 7 - 3;
        }
        return new Atlas(
                Map.of(Atlas.MODEL_NAME, "m", Atlas.MODEL_SHA256, "a".repeat(64)),
                probe,
                new SketchMap(whitened, 4),
                List.of(new Atlas.Entry("Be kind.", "sampled"), new Atlas.Entry("Sé amable.", "grammar:x")),
                QuantisedRows.of(first).followedBy(QuantisedRows.of(second)));
    }

    private static byte[] bytes(Atlas atlas) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AtlasFile.write(atlas, out);
        return out.toByteArray();
    }

    private static Atlas read(byte[] bytes) {
        return AtlasFile.read(new ByteArrayInputStream(bytes), "test.atlas");
    }
}
