package io.metcd.mesh;

import io.metcd.base.Bytes;

/**
 * A topic that one peer's messages reach all others by, also those that are linked to nobody but relays.
 *
 * <p>A message arrives at most once, and one peer's messages in the order in which it sent them. Who misses one asks
 * its neighbours; what is older than {@link Profile.Spread#keptNanos}, or not among the last
 * {@link Profile.Spread#keptPerOrigin} of its sender, can no longer be asked for. A peer that has just come may get
 * messages from before. Callbacks run on the mesh's thread and must not block.
 */
public interface Broadcast {
    /**
     * Sends to everybody else. WOULD_BLOCK when this peer has sent too many of late
     * ({@link Profile.SpreadPace#itemBurst}), TOO_LARGE above {@link Profile.Spread#itemBytes}.
     */
    SendOutcome send(Bytes payload);

    /** Sets who takes the messages of others; replaces an earlier receiver. */
    void onMessage(Channel.Receiver receiver);
}
