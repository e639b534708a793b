package io.metcd.node;

import java.io.IOException;
import java.util.Optional;

/** What one founder knows of the {@link FoundingLock}. */
final class LockKeeper {
    private static final long ASK_NANOS = 1_000_000_000L;

    private final FoundingLock lock;
    private final String cluster;
    private Optional<Long> holder = Optional.empty();
    private String why = "";
    private long askAgainNanos = Long.MIN_VALUE / 2;

    LockKeeper(FoundingLock lock, String cluster) {
        this.lock = lock;
        this.cluster = cluster;
    }

    /** Why no new promise may be given: somebody has the lock, or it cannot be asked. Asks now, or now and then. */
    Optional<String> closed(long nowNanos, boolean atOnce) {
        boolean told = true;
        if (atOnce || nowNanos - askAgainNanos >= 0) {
            askAgainNanos = nowNanos + ASK_NANOS;
            told = ask();
        }
        return told && holder.isEmpty() ? Optional.empty() : Optional.of(why);
    }

    /** Whether the set has it, which takes it if it may. */
    boolean has(FoundingSet set, boolean mayTake) {
        if (!mayTake) {
            if (ask() && holder.isEmpty()) {
                why = "waiting for the lowest founder to take the founding lock " + lock;
            }
        } else {
            try {
                learn(Optional.of(lock.take(set.clusterId())));
            } catch (IOException cause) {
                why = "the founding lock " + lock + " cannot be taken: " + cause.getMessage();
            }
        }
        return holder.equals(Optional.of(set.clusterId()));
    }

    /** Whether another set is known to have it. */
    boolean isLostFor(FoundingSet set) {
        return holder.isPresent() && holder.get() != set.clusterId();
    }

    String why() {
        return why;
    }

    /** False if it cannot be asked; then what was known of it stays. */
    private boolean ask() {
        try {
            learn(lock.holder());
            return true;
        } catch (IOException cause) {
            why = "the founding lock " + lock + " cannot be read: " + cause.getMessage();
            return false;
        }
    }

    private void learn(Optional<Long> found) {
        holder = found;
        found.ifPresent(id -> why = "the founding lock " + lock + " belongs to the cluster " + Long.toHexString(id)
                + " of the name '" + cluster + "': this peer waits for it to be reachable; if no member of it is"
                + " left anywhere, remove the lock by hand to found another");
    }
}
