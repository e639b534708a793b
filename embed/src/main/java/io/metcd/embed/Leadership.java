package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.embed.MetcdException.Reason;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A won election. It lasts until it is closed, or lost because this member could not reach the cluster's leader for the
 * time to live of its lease; then another candidate may lead, and {@link #onLost} tells.
 */
public final class Leadership implements AutoCloseable {
    private final Contest contest;
    private final Contest.Place place;
    private final FencingToken token;
    private final AtomicBoolean closed = new AtomicBoolean();

    Leadership(Contest contest, Contest.Place place, long epoch) {
        this.contest = contest;
        this.place = place;
        this.token = new FencingToken(epoch, place.revision());
    }

    /** Changes the leader's word. */
    public void proclaim(String value) {
        TxnResult result = contest.kv()
                .txn()
                .when(Condition.createRevision(place.key(), Condition.Relation.EQUAL, place.revision()))
                .then(Step.put(
                        Bytes.utf8(place.key()),
                        Bytes.utf8(value),
                        place.lease().id()))
                .commit();
        if (!result.succeeded()) {
            throw new MetcdException(Reason.LEASE_LOST, "the leadership of '" + contest.name() + "' was lost");
        }
    }

    /** Greater than that of every earlier leader. */
    public FencingToken fencingToken() {
        return token;
    }

    /** False once it is closed or lost. */
    public boolean isLeading() {
        return place.lease().isAlive();
    }

    /** Runs the task when the leadership is lost, on a thread of the member's. */
    public void onLost(Runnable task) {
        place.lease().onLost(task);
    }

    /** Resigns; idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            place.lease().close();
        }
    }
}
