package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.node.Founding;
import io.metcd.node.FoundingLock;
import io.metcd.node.PromiseStore;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaConfig.Expect;
import io.metcd.node.ReplicaConfig.Guard;
import java.util.HexFormat;
import java.util.Optional;

/** What the settings say of a founding by counted founders: checked, and with what keeps it from happening twice. */
final class FoundingGuard {
    private static final String DEFAULT_NAME = "default";

    private FoundingGuard() {}

    /** Counts the founders if the settings do; says the three ways if they choose none of them. */
    static ReplicaConfig apply(Metcd.Builder settings, ReplicaConfig config) {
        boolean lock = lock(settings).isPresent();
        if (settings.expected == 0) {
            if (lock || settings.splitRisk) {
                throw new IllegalArgumentException(
                        "a founding lock and the accepted risk are for counted founders: say how many to expect, or"
                                + " leave them out");
            }
            return config;
        }
        if (!settings.founders.isEmpty()) {
            throw new IllegalArgumentException("founders are named or counted, not both: leave out one of them");
        }
        if (!settings.ephemeral && settings.splitRisk) {
            throw new IllegalArgumentException(
                    "founders that keep their promises in a directory run no risk of two clusters: leave out accepting"
                            + " it");
        }
        if (settings.ephemeral && lock == settings.splitRisk) {
            throw new IllegalArgumentException("members that keep nothing and expect " + settings.expected
                    + " founders could found two clusters of one name: choose one of a data directory for every member"
                    + " (--data-dir, durable), a founding lock that all share (--founding-lock, foundingLock), and"
                    + " accepting that risk (--accept-split-risk, acceptSplitRisk)");
        }
        Guard guard = lock ? Guard.LOCK : settings.splitRisk ? Guard.SPLIT_RISK : Guard.KEPT_PROMISES;
        return config.expecting(new Expect(settings.expected, guard));
    }

    static Founding.Doors doors(Metcd.Builder settings, PromiseStore promises) {
        return settings.expected == 0 ? Founding.Doors.NONE : new Founding.Doors(promises, lock(settings));
    }

    /** Counted founders without a disk need no name: they get one, so that people can tell them apart. */
    static void name(Metcd.Builder settings) {
        if (settings.expected > 0 && settings.ephemeral && settings.name.equals(DEFAULT_NAME)) {
            Bytes random = RandomSource.secret(4);
            settings.name = "peer-" + HexFormat.of().formatHex(random.toArray());
        }
    }

    private static Optional<FoundingLock> lock(Metcd.Builder settings) {
        return settings.foundingLock.or(
                () -> settings.foundingLockFile.map(file -> new FoundingLockFile(file, settings.cluster)));
    }
}
