package io.metcd.simulator.founding;

import io.metcd.node.ReplicaConfig.Guard;
import java.util.Locale;
import java.util.Optional;

/** What a cluster is founded by. */
public enum Mode {
    /** Named founders that forget everything when they end. */
    SLOTS_EPHEMERAL,
    /** Named founders with disks: they start without a word. */
    SLOTS_DURABLE,
    /** Counted founders that keep their promises on their disks. */
    EXPECT_DURABLE,
    /** Counted founders without disks, and a lock outside. */
    EXPECT_LOCK,
    /** Counted founders without disks and without a lock. */
    EXPECT_RISK;

    boolean durable() {
        return this == SLOTS_DURABLE || this == EXPECT_DURABLE;
    }

    boolean slots() {
        return this == SLOTS_EPHEMERAL || this == SLOTS_DURABLE;
    }

    /** Whether a second cluster id can never be started in one run, whoever has died. */
    boolean onceForAll() {
        return durable() || this == EXPECT_LOCK;
    }

    /** What keeps counted founders from founding twice. */
    Guard guard() {
        return switch (this) {
            case EXPECT_LOCK -> Guard.LOCK;
            case EXPECT_RISK -> Guard.SPLIT_RISK;
            default -> Guard.KEPT_PROMISES;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Mode> of(String word) {
        for (Mode mode : values()) {
            if (mode.word().equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
