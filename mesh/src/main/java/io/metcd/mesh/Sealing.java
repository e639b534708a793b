package io.metcd.mesh;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.wire.sealing.ReplayWindow;
import io.metcd.mesh.wire.sealing.SealingKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Closes what crosses a relay to everybody but its destination, and opens what comes so.
 *
 * <p>A key belongs to one direction and one life of its source. Keys are kept for as many peers as records are, and a few
 * more. A key to seal with that is derived again goes on after every counter used before it was forgotten, since a
 * counter must never be used twice under one key. What a peer's earlier life has sealed opens no more, even if its
 * record of then comes back when its last one has been forgotten.
 */
final class Sealing {
    /** Peers without a record whose last counters are remembered: their record may come back. */
    private static final int KEPT_WITHOUT_RECORD = 64;

    private final String cluster;
    private final PeerId self;
    private final Keeping keeping;
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

    /**
     * Whose keys are kept.
     *
     * @param most at a time
     * @param recorded whether a peer has a record; those that have none any more are forgotten first
     */
    record Keeping(int most, Predicate<PeerId> recorded) {}

    /** What became of a sealed text. */
    sealed interface Opening {
        /** It is genuine, and new. */
        record Text(Bytes text) implements Opening {}

        /** It is genuine, and has been opened before: a copy over a second path, or a replay. */
        record Repeated() implements Opening {}

        /** The peer has not sealed it for this one, or not in the life that it now leads. */
        record Forged() implements Opening {}
    }

    Sealing(String cluster, PeerId self, Keeping keeping, KeyAgreement agreement) {
        this.cluster = cluster;
        this.self = self;
        this.keeping = keeping;
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

    /** Opens what a peer is said to have sealed for this one. */
    Opening open(End from, Priority priority, Bytes sealed) {
        Inbound known = inbound.get(from.id());
        if (known == null || known.incarnation < from.incarnation()) {
            known = derive(from);
        }
        if (known == null || known.incarnation != from.incarnation()) {
            return new Opening.Forged();
        }
        Optional<Bytes> text = known.key.open(associated(from.id(), self, priority), sealed);
        if (text.isEmpty()) {
            return new Opening.Forged();
        }
        boolean first = known.window.take(SealingKey.counterOf(sealed));
        return first ? new Opening.Text(text.get()) : new Opening.Repeated();
    }

    /**
     * The key of a life that the peer's own record has told of; null when the peer's key is none, or there is no room.
     * It is kept before a text has opened with it: deriving it is costly, and anybody can send what does not open.
     */
    private @Nullable Inbound derive(End from) {
        Optional<Bytes> secret = agreement.secretWith(from.publicKey());
        if (secret.isEmpty() || !makeRoomInbound(from.id())) {
            return null;
        }
        var direction = new SealingKey.Direction(cluster, from.id(), from.incarnation(), self);
        var derived =
                new Inbound(from.incarnation(), SealingKey.derive(secret.get(), direction, 0), new ReplayWindow());
        inbound.put(from.id(), derived);
        return derived;
    }

    /** Never forgets what a peer has sent while the peer may still be spoken for. */
    private boolean makeRoomInbound(PeerId newcomer) {
        if (inbound.size() < keeping.most() + KEPT_WITHOUT_RECORD || inbound.containsKey(newcomer)) {
            return true;
        }
        Iterator<PeerId> eldest = inbound.keySet().iterator();
        while (eldest.hasNext()) {
            if (!keeping.recorded().test(eldest.next())) {
                eldest.remove();
                return true;
            }
        }
        return false;
    }

    private void makeRoomOutbound() {
        if (outbound.size() >= keeping.most()) {
            Iterator<Outbound> eldest = outbound.values().iterator();
            forgottenCounter = Math.max(forgottenCounter, eldest.next().key.counter());
            eldest.remove();
        }
    }

    private static Bytes associated(PeerId source, PeerId destination, Priority priority) {
        return new ByteWriter(2 * PeerId.SIZE + 1)
                .raw(source.id16())
                .raw(destination.id16())
                .u8(priority.code())
                .toBytes();
    }
}
