package io.metcd.embed;

import io.metcd.base.Bytes;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A lock by name, for all members of the cluster and for etcd clients that use its lock service. Not re-entrant: each
 * acquisition queues for itself.
 */
public final class Mutex {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final Contest contest;
    private final LongSupplier epoch;

    Mutex(Contest contest, LongSupplier epoch) {
        this.contest = contest;
        this.epoch = epoch;
    }

    /** Waits for the lock without limit. */
    public Lock acquire() {
        return held(contest.win(Bytes.EMPTY, Optional.empty()));
    }

    /** Waits for the lock for so long; throws {@link MetcdException} with {@code TIMED_OUT} if it stays taken. */
    public Lock acquire(Duration limit) {
        return held(contest.win(Bytes.EMPTY, Optional.of(limit)));
    }

    /** The lock if it is free. */
    public Optional<Lock> tryAcquire() {
        try {
            return Optional.of(acquire(AT_ONCE));
        } catch (MetcdException e) {
            if (e.reason() == MetcdException.Reason.TIMED_OUT && contest.first().isPresent()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Lock held(Contest.Place place) {
        return new Lock(place, epoch.getAsLong());
    }
}
