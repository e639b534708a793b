package io.metcd.node.autopilot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Since when each member has been there, or gone, as far as was looked. */
final class Sightings {
    private final TreeMap<Long, Long> goneSince = new TreeMap<>();
    private final TreeMap<Long, Long> steadySince = new TreeMap<>();

    void look(Scene scene) {
        List<Long> present = new ArrayList<>();
        for (Seat seat : scene.seats()) {
            present.add(seat.id());
            note(goneSince, seat.id(), !seat.present() && seat.id() != scene.self(), scene.nowNanos());
            note(steadySince, seat.id(), seat.present() && seat.caughtUp(), scene.nowNanos());
        }
        goneSince.keySet().retainAll(present);
        steadySince.keySet().retainAll(present);
    }

    void forget() {
        goneSince.clear();
        steadySince.clear();
    }

    boolean isGone(Seat seat) {
        return goneSince.containsKey(seat.id());
    }

    /** 0 for a member that is there. */
    long goneNanos(Seat seat, long nowNanos) {
        return nowNanos - goneSince.getOrDefault(seat.id(), nowNanos);
    }

    /** -1 for a member that is gone, or behind. */
    long steadyNanos(Seat seat, long nowNanos) {
        Long since = steadySince.get(seat.id());
        return since == null ? -1 : nowNanos - since;
    }

    private static void note(Map<Long, Long> since, long member, boolean holds, long nowNanos) {
        if (holds) {
            since.putIfAbsent(member, nowNanos);
        } else {
            since.remove(member);
        }
    }
}
