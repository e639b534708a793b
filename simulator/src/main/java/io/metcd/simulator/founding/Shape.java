package io.metcd.simulator.founding;

import io.metcd.base.RandomSource;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaConfig.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a seed decides of a run before it begins.
 *
 * @param hosts on which one process each runs
 * @param expected founders, for those who are counted
 * @param spare hosts that take a name twice, or stay dark, until the chaos
 * @param stableNanos so long counted founders want to see the same candidates; less makes more promises in vain
 * @param chaosNanos so long things go wrong
 * @param troubleNanos mean time between two troubles
 * @param noticeNanos so late, at most, somebody notices who has come into reach or gone out of it; whoever is later than
 *     the mesh promises is not asked for alarms in time while that lasts
 * @param loss of messages; what is lost comes by a comparison of all that is known, about once a second
 */
record Shape(
        Mode mode,
        int hosts,
        int expected,
        int spare,
        long stableNanos,
        long chaosNanos,
        long troubleNanos,
        long noticeNanos,
        double loss) {
    private static final long SECOND = 1_000_000_000L;
    /** What the mesh promises. */
    static final long PROMPT_NANOS = SECOND * 6 / 5;

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
                random.chance(0.5) ? 2 * SECOND : random.between(0, SECOND),
                calm ? 0 : random.between(2 * SECOND, 16 * SECOND),
                random.between(SECOND / 10, SECOND * 3 / 2),
                mode != Mode.EXPECT_RISK && random.chance(0.3) ? 5 * SECOND : PROMPT_NANOS,
                random.chance(0.5) ? 0 : random.nextDouble() * 0.3);
    }

    boolean prompt() {
        return noticeNanos == PROMPT_NANOS;
    }

    /** A host beyond the last takes a name a second time. */
    String name(int host) {
        return mode.slots() ? NAMES[host % hosts] : "default";
    }

    /** How a host's process is configured. */
    ReplicaConfig config(int host, long incarnation) {
        List<String> founders = mode.slots() ? slots() : List.of(name(host));
        ReplicaConfig config = ReplicaConfig.ephemeral("orders", name(host), founders, incarnation);
        if (!mode.slots()) {
            config = config.expecting(new Expect(expected, mode.guard(), stableNanos));
        }
        return mode.durable() ? config.durable() : config;
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
                + String.format(
                        " chaos=%.1fs notice=%.1fs loss=%.0f%%", chaosNanos / 1e9, noticeNanos / 1e9, loss * 100);
    }
}
