package io.metcd.mesh.gossip;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.wire.SignedRecord;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Records that have come and whose signatures nobody has looked at yet. Of one peer only the newest from each link
 * waits; beyond a link's bounds its oldest gives way, and comes again with a later repair. Links take turns, so that
 * one that brings thousands delays the others' by as many verifications as there are links.
 */
final class Unverified {
    private final int recordsMax;
    private final int bytesMax;
    /** In the order of turns: whose turn was goes to the end. */
    private final Map<Long, Line> lines = new LinkedHashMap<>();

    private long dropped;

    /** What waits from one link. */
    private static final class Line {
        final Map<PeerId, SignedRecord> records = new LinkedHashMap<>();
        long bytes;

        void add(SignedRecord signed) {
            remove(signed.record().id());
            records.put(signed.record().id(), signed);
            bytes += signed.encoded().size();
        }

        SignedRecord eldest() {
            Iterator<SignedRecord> each = records.values().iterator();
            SignedRecord eldest = each.next();
            each.remove();
            bytes -= eldest.encoded().size();
            return eldest;
        }

        private void remove(PeerId id) {
            SignedRecord old = records.remove(id);
            if (old != null) {
                bytes -= old.encoded().size();
            }
        }
    }

    /** A record and the link that brought it. */
    record Waiting(long link, SignedRecord signed) {}

    /** Bounds for each link. */
    Unverified(int recordsMax, int bytesMax) {
        this.recordsMax = recordsMax;
        this.bytesMax = bytesMax;
    }

    void add(long link, SignedRecord signed) {
        Line line = lines.computeIfAbsent(link, number -> new Line());
        SignedRecord waiting = line.records.get(signed.record().id());
        if (waiting != null && signed.compareTo(waiting) <= 0) {
            return;
        }
        line.add(signed);
        while (line.records.size() > recordsMax || line.bytes > bytesMax) {
            line.eldest();
            dropped++;
        }
    }

    /** The next to be verified. */
    Optional<Waiting> next() {
        Iterator<Map.Entry<Long, Line>> turns = lines.entrySet().iterator();
        if (!turns.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<Long, Line> turn = turns.next();
        long link = turn.getKey();
        Line line = turn.getValue();
        turns.remove();
        SignedRecord signed = line.eldest();
        if (!line.records.isEmpty()) {
            lines.put(link, line);
        }
        return Optional.of(new Waiting(link, signed));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** How many wait from a link. */
    int waiting(long link) {
        Line line = lines.get(link);
        return line == null ? 0 : line.records.size();
    }

    /** The link is gone, and with it what it brought. */
    void closed(long link) {
        lines.remove(link);
    }

    /** Records that gave way to younger ones. */
    long dropped() {
        return dropped;
    }
}
