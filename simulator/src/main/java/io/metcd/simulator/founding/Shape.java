package io.metcd.simulator.founding;

import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a seed decides of a run before it begins.
 *
 * @param hosts on which one process each runs
 * @param expected founders, for those who are counted
 * @param spare hosts that take a name twice, or stay dark, until the chaos
 * @param chaosNanos so long things go wrong
 * @param troubleNanos mean time between two troubles
 * @param loss of messages; what is lost comes by a comparison of all that is known, about once a second
 */
record Shape(Mode mode, int hosts, int expected, int spare, long chaosNanos, long troubleNanos, double loss) {
    private static final long SECOND = 1_000_000_000L;
    private static final String[] NAMES = {"a", "b", "c", "d", "e"};

    static Shape of(RandomSource random, Optional<Mode> wanted) {
        Mode[] modes = Mode.values();
        Mode mode = wanted.orElse(modes[random.nextInt(modes.length)]);
        int hosts = 3 + random.nextInt(3);
        int expected = hosts / 2 + 1 + random.nextInt(hosts - hosts / 2);
        if ((mode == Mode.EXPECT_LOCK || mode == Mode.EXPECT_RISK) && random.chance(0.5)) {
            expected = 1 + random.nextInt(hosts);
        }
        boolean calm = random.chance(0.05);
        int spare = mode == Mode.SLOTS_EPHEMERAL && !calm && random.chance(0.5) ? 1 : 0;
        return new Shape(
                mode,
                hosts,
                expected,
                spare,
                calm ? 0 : random.between(2 * SECOND, 16 * SECOND),
                random.between(SECOND / 10, SECOND * 3 / 2),
                random.chance(0.5) ? 0 : random.nextDouble() * 0.3);
    }

    /** A host beyond the last takes a name a second time. */
    String name(int host) {
        return mode.slots() ? NAMES[host % hosts] : "default";
    }

    List<String> slots() {
        List<String> slots = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            slots.add(NAMES[host]);
        }
        return slots;
    }

    @Override
    public String toString() {
        return mode.word() + " hosts=" + hosts + (mode.slots() ? "" : " expected=" + expected) + " spare=" + spare
                + String.format(" chaos=%.1fs loss=%.0f%%", chaosNanos / 1e9, loss * 100);
    }
}
