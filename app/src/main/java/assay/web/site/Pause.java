package assay.web.site;

/// Lets long work give way to short work: while somebody waits for an answer, an explanation waits at
/// its next safe point. It changes when it computes, never what.
final class Pause {
    /// Longest that long work stands still at one point, so that it comes to an end however much is asked.
    private static final long MOST_MILLIS = 20_000;

    private int waiting;

    /// Somebody waits for an answer.
    synchronized void begin() {
        waiting++;
    }

    /// The answer is there.
    synchronized void end() {
        waiting--;
        notifyAll();
    }

    /// Waits until nobody waits for an answer.
    synchronized void giveWay() {
        long until = System.nanoTime() + MOST_MILLIS * 1_000_000;
        try {
            for (long left = MOST_MILLIS; waiting > 0 && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
