package io.metcd.mesh.wire;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;

/**
 * A datagram of this peer: {@code head} and then {@code body} is what its destination will see.
 *
 * @param supersedeKey 0, or: takes the place of a waiting one of the same key, channel and destination
 */
public record Datagram(PeerId destination, Priority priority, int channel, int supersedeKey, Bytes head, Bytes body) {
    public Datagram {
        priority.ofDatagrams();
    }

    public int size() {
        return head.size() + body.size();
    }
}
