package io.metcd.mesh;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.wire.sealing.ReplayWindow;
import io.metcd.mesh.wire.sealing.SealingKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Closes what crosses a relay to everybody but its destination, and opens what comes so.
 *
 * <p>A key belongs to one direction and one life of its source. Keys are kept for as many peers as records are; a key
 * that is derived again goes on after every counter used before it was forgotten, since a counter must never be used
 * twice under one key.
 */
final class Sealing {
    private final String cluster;
    private final PeerId self;
    private final int kept;
    private final KeyAgreement agreement;
    private final Map<PeerId, Outbound> outbound = new LinkedHashMap<>();
    private final Map<PeerId, Inbound> inbound = new LinkedHashMap<>();
    private long forgottenCounter;

    /** What seals for one destination. */
    private record Outbound(long incarnation, SealingKey key) {}

    /** What opens the texts of one source, each once. */
    private record Inbound(long incarnation, SealingKey key, ReplayWindow window) {}

    /** A peer at the other end of a direction, or this one: what its record says. */
    record End(PeerId id, Bytes publicKey, long incarnation) {}

    Sealing(String cluster, PeerId self, int kept, KeyAgreement agreement) {
        this.cluster = cluster;
        this.self = self;
        this.kept = kept;
        this.agreement = agreement;
    }

    /** Empty when the destination's key is none. */
    Optional<Bytes> seal(End to, long ownIncarnation, Priority priority, Bytes text) {
        Outbound known = outbound.get(to.id());
        if (known == null || known.incarnation != ownIncarnation) {
            Optional<Bytes> secret = agreement.secretWith(to.publicKey());
            if (secret.isEmpty()) {
                return Optional.empty();
            }
            makeRoomOutbound();
            var direction = new SealingKey.Direction(cluster, self, ownIncarnation, to.id());
            known = new Outbound(ownIncarnation, SealingKey.derive(secret.get(), direction, forgottenCounter));
            outbound.put(to.id(), known);
        }
        return Optional.of(known.key.seal(associated(self, to.id(), priority), text));
    }

    /** Empty when it was not sealed by that peer for this one, or has been opened before. */
    Optional<Bytes> open(End from, Priority priority, Bytes sealed) {
        Inbound known = inbound.get(from.id());
        if (known == null || known.incarnation != from.incarnation()) {
            Optional<Bytes> secret = agreement.secretWith(from.publicKey());
            if (secret.isEmpty()) {
                return Optional.empty();
            }
            removeEldest(inbound);
            var direction = new SealingKey.Direction(cluster, from.id(), from.incarnation(), self);
            known = new Inbound(from.incarnation(), SealingKey.derive(secret.get(), direction, 0), new ReplayWindow());
            inbound.put(from.id(), known);
        }
        Optional<Bytes> text = known.key.open(associated(from.id(), self, priority), sealed);
        return text.isPresent() && known.window.take(SealingKey.counterOf(sealed)) ? text : Optional.empty();
    }

    private void makeRoomOutbound() {
        Outbound eldest = removeEldest(outbound);
        if (eldest != null) {
            forgottenCounter = Math.max(forgottenCounter, eldest.key.counter());
        }
    }

    private <V> @Nullable V removeEldest(Map<PeerId, V> map) {
        if (map.size() < kept) {
            return null;
        }
        Iterator<V> eldest = map.values().iterator();
        V removed = eldest.next();
        eldest.remove();
        return removed;
    }

    private static Bytes associated(PeerId source, PeerId destination, Priority priority) {
        return new ByteWriter(2 * PeerId.SIZE + 1)
                .raw(source.id16())
                .raw(destination.id16())
                .u8(priority.code())
                .toBytes();
    }
}
