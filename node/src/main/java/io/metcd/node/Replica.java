package io.metcd.node;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.Journal;
import io.metcd.mesh.Mesh;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import java.util.function.Consumer;

/** One member. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Skeleton: each throws until it is written.
public final class Replica {
    /** The wakeup is called from any thread and means: call {@link #turn()} soon. */
    public Replica(
            ReplicaConfig config, Clock clock, RandomSource random, Mesh mesh, Journal journal, Runnable wakeup) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** One turn; true if there is more to do at once. */
    public boolean turn() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** When the next turn is due at the latest, in the clock's nanoseconds. */
    public long nextTurnNanos() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Proposes a command; from any thread. The answer comes on the replica's thread, at the end of a turn. */
    public void submit(Command command, long timeoutNanos, Consumer<Outcome> done) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** A linearizable read; from any thread. */
    public void read(long timeoutNanos, Consumer<ReadOutcome> done) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Renews a lease at the leader; from any thread. */
    public void keepAlive(long leaseId, long timeoutNanos, Consumer<LeaseOutcome> done) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Asks the leader what is left of a lease; from any thread. */
    public void timeToLive(long leaseId, boolean keys, long timeoutNanos, Consumer<LeaseOutcome> done) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The state as applied by this member; from any thread. */
    public Root root() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Adds a listener, which first hears the present state; from any thread. */
    public void subscribe(TurnListener listener) {
        throw new UnsupportedOperationException("skeleton");
    }

    public void unsubscribe(TurnListener listener) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** From any thread; as of the end of the last turn. */
    public ReplicaStatus status() {
        throw new UnsupportedOperationException("skeleton");
    }

    public ReplicaConfig config() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Refuses new requests, fails pending ones with STOPPED, closes the journal; from any thread. */
    public void stop() {
        throw new UnsupportedOperationException("skeleton");
    }
}
