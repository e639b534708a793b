package io.metcd.mesh.wire;

import io.metcd.base.Invariants;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What frames of other peers may take of one class of a link's queue: three quarters, the rest is for this peer's own.
 * Of that, frames that have come over one link may take twice as much as they leave to others.
 */
final class RelayRoom {
    private final int limit;
    private final Map<Long, Integer> held = new LinkedHashMap<>();
    private int used;

    RelayRoom(int classBytes) {
        this.limit = classBytes / 4 * 3;
    }

    /** Takes the bytes for a frame that has come over this link, or takes nothing and returns false. */
    boolean take(long link, int bytes) {
        int now = held.getOrDefault(link, 0) + bytes;
        if (now > 2 * (limit - used - bytes)) {
            return false;
        }
        held.put(link, now);
        used += bytes;
        return true;
    }

    void give(long link, int bytes) {
        int now = held.getOrDefault(link, 0) - bytes;
        Invariants.check(now >= 0, "%s bytes given back too many of %s", -now, limit);
        used -= bytes;
        if (now == 0) {
            held.remove(link);
        } else {
            held.put(link, now);
        }
    }
}
