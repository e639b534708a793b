package io.metcd.embed;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock that is held. It is kept alive until it is closed. It can be lost before, when this member cannot reach the
 * leader for the lock's time to live: then another holder may come, and {@link #onLost} tells. What must not be touched
 * by two holders should check the {@link #fencingToken()}.
 */
public final class Lock implements AutoCloseable {
    private final Contest.Place place;
    private final FencingToken token;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lock(Contest.Place place, long epoch) {
        this.place = place;
        this.token = new FencingToken(epoch, place.revision());
    }

    /** Greater than that of every earlier holder. */
    public FencingToken fencingToken() {
        return token;
    }

    /** The key that stands for this holder. */
    public String key() {
        return place.key();
    }

    /** False once it is closed or lost. */
    public boolean isHeld() {
        return place.lease().isAlive();
    }

    /** Runs the task when the lock is lost, on a thread of the member's. */
    public void onLost(Runnable task) {
        place.lease().onLost(task);
    }

    /** Frees it; idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            place.lease().close();
        }
    }
}
