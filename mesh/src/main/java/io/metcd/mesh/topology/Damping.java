package io.metcd.mesh.topology;

import io.metcd.mesh.Profile;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which links are lost so often that they must prove themselves before the mesh is told of them again: otherwise each
 * of their lives and deaths would cost every peer two records and two charts. Of peers by their short ids.
 */
public final class Damping {
    private final Profile.Steady steady;
    private final Map<Long, Losses> losses = new LinkedHashMap<>();

    /** How often, and when last. */
    private record Losses(int count, long lastNanos) {}

    public Damping(Profile.Steady steady) {
        this.steady = steady;
    }

    /** The only link to the peer is lost. */
    public void lost(long peer, long nowNanos) {
        losses.values().removeIf(old -> nowNanos - old.lastNanos >= steady.windowNanos());
        Losses before = losses.get(peer);
        losses.put(peer, new Losses(before == null ? 1 : before.count + 1, nowNanos));
    }

    /** How long a link to the peer must have lived before it is spoken of. */
    public long probationNanos(long peer, long nowNanos) {
        Losses lately = losses.get(peer);
        if (lately == null || lately.count < 2 || nowNanos - lately.lastNanos >= steady.windowNanos()) {
            return 0;
        }
        long asked = steady.leastNanos();
        for (int i = 2; i < lately.count && asked < steady.mostNanos(); i++) {
            asked *= 2;
        }
        return Math.min(asked, steady.mostNanos());
    }
}
