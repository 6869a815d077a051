package assay.base.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {
    @TempDir
    Path folder;

    @Test
    void checkPassesUntilAStopIsAskedFor() {
        try (Interruption interruption = Interruption.manual()) {
            assertThatCode(interruption::check).doesNotThrowAnyException();
            interruption.request();
            assertThat(interruption.requested()).isTrue();
            assertThatThrownBy(interruption::check)
                    .isInstanceOf(InterruptedRunException.class)
                    .hasMessageContaining("start it again to go on");
        }
    }

    @Test
    void workGivesWayAtEverySafePoint() {
        AtomicInteger times = new AtomicInteger();
        try (Interruption interruption = Interruption.manual(times::incrementAndGet)) {
            interruption.check();
            interruption.check();
            assertThat(times).hasValue(2);
        }
    }

    @Test
    void closedInterruptionLeavesNoHook() {
        Interruption interruption = Interruption.install(Duration.ofSeconds(60), "Go on.");
        interruption.close();
        assertThatCode(interruption::close).doesNotThrowAnyException();
        assertThat(interruption.requested()).isFalse();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows processes are ended without a signal")
    void politeKillSavesTheStateAndEndsWith130() throws Exception {
        Process process = start("patient");
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Interruption.EXIT_CODE);
        assertThat(folder.resolve("saved")).hasContent("state");
        assertThat(Files.readString(folder.resolve("errors")))
                .isEqualTo("run: interrupted. Start it again to go on.\n");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows processes are ended without a signal")
    void runThatNeverReachesASafePointIsNotWaitedForLongerThanItsPatience() throws Exception {
        Process process = start("deaf");
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero().isNotEqualTo(Interruption.EXIT_CODE);
        assertThat(Files.readString(folder.resolve("errors")))
                .contains("found none. Only what was saved before is kept.");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows processes are ended without a signal")
    void whoeverIsStoppedBehindItsResultIsNotToldThatAnythingIsLost() throws Exception {
        Process process = start("late");
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("errors")).isEmptyFile();
    }

    @Test
    void behindTheResultThereIsNoSafePointLeft() {
        try (Interruption interruption = Interruption.manual()) {
            interruption.finished();
            interruption.request();
            assertThatCode(interruption::check).doesNotThrowAnyException();
        }
    }

    private Process start(String manner) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        manner,
                        folder.toString())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        for (int i = 0; i < 600 && !Files.exists(folder.resolve("ready")); i++) {
            Thread.sleep(50);
        }
        assertThat(folder.resolve("ready")).exists();
        return process;
    }

    /// A run in a process of its own, to be interrupted.
    static final class Victim {
        private Victim() {}

        /// Works until interrupted; the arguments are its manner (`patient`, `deaf` or `late`, deaf behind its
        /// result) and the folder to
        /// write to.
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[1]);
            boolean isLate = arguments[0].equals("late");
            boolean isDeaf = isLate || arguments[0].equals("deaf");
            try (Interruption interruption =
                    Interruption.install(Duration.ofSeconds(isDeaf ? 1 : 20), "Start it again to go on.")) {
                if (isLate) {
                    interruption.finished();
                }
                Files.createFile(folder.resolve("ready"));
                try {
                    while (true) {
                        Thread.sleep(20);
                        if (!isDeaf) {
                            interruption.check();
                        }
                    }
                } finally {
                    Thread.sleep(300);
                    Files.writeString(folder.resolve("saved"), "state");
                }
            }
        }
    }
}
