package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnceTest {
    @Test
    void itIsMadeWhenItIsAskedForAndOnlyOnce() {
        AtomicInteger made = new AtomicInteger();
        Once<Integer> once = new Once<>(made::incrementAndGet);
        assertThat(made).hasValue(0);
        assertThat(IntStream.range(0, 64).parallel().mapToObj(_ -> once.get())).containsOnly(1);
        assertThat(made).hasValue(1);
    }

    @Test
    void onlyWhatWasMadeIsFreed() {
        List<String> freed = new ArrayList<>();
        Once<String> once = new Once<>(() -> "made");
        once.end(freed::add);
        assertThat(freed).isEmpty();
        assertThat(once.get()).isEqualTo("made");
        once.end(freed::add);
        once.end(freed::add);
        assertThat(freed).containsExactly("made");
    }
}
