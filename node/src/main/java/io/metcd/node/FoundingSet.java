package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The founders of one cluster: each slot with the life of the peer that fills it. Two sets that differ in anything
 * have different hashes, cluster ids and member ids, so their members can never talk consensus to each other.
 *
 * <p>No record, because its hashes are asked for in every turn and so are computed once.
 */
public final class FoundingSet {
    private final String cluster;
    private final List<Seat> seats;
    private final Bytes hash;
    private final long clusterId;

    /** A life of a peer in a slot; a peer that gives up a promise takes the next round and thereby a new life. */
    public record Seat(String slot, Optional<PeerId> peer, long incarnation, long round) {}

    public FoundingSet(String cluster, List<Seat> seats) {
        this.cluster = cluster;
        this.seats = seats.stream().sorted(Comparator.comparing(Seat::slot)).toList();
        for (int i = 1; i < this.seats.size(); i++) {
            Invariants.check(
                    !this.seats.get(i).slot().equals(this.seats.get(i - 1).slot()), "a slot is filled twice");
        }
        Bytes encoded = encode();
        this.hash = sha256(encoded).slice(0, 16).compact();
        this.clusterId =
                firstLong(sha256(new ByteWriter().utf8("cluster").raw(encoded).toBytes()));
    }

    /** Slots whose members keep a disk: identities are the slots' own, and peers are bound to them later. */
    public static FoundingSet ofSlots(String cluster, List<String> slots) {
        return new FoundingSet(
                cluster,
                slots.stream()
                        .map(slot -> new Seat(slot, Optional.empty(), 0, 0))
                        .toList());
    }

    String cluster() {
        return cluster;
    }

    /** Sorted by slot, each slot once. */
    public List<Seat> seats() {
        return seats;
    }

    Optional<Seat> seat(String slot) {
        return seats.stream().filter(seat -> seat.slot().equals(slot)).findFirst();
    }

    /** Sixteen bytes that name this set. */
    public Bytes hash() {
        return hash;
    }

    /** Never 0. */
    public long clusterId() {
        return clusterId;
    }

    /** Larger for a later founding by peers whose incarnations are wall time: the newest incarnation of the set. */
    public long epoch() {
        long newest = 1;
        for (Seat seat : seats) {
            newest = Math.max(newest, seat.incarnation());
        }
        return newest;
    }

    /** Never 0; different for different lives of one peer. */
    public long memberId(String slot) {
        Seat seat = seat(slot).orElseThrow(() -> new IllegalArgumentException("no slot " + slot));
        ByteWriter writer = new ByteWriter().utf8("member").utf8(cluster).varint(seats.size());
        for (Seat each : seats) {
            writer.utf8(each.slot());
        }
        writeSeat(writer, seat);
        return firstLong(sha256(writer.toBytes()));
    }

    /** Each slot with its member. */
    List<MemberIdentity.Founder> founders() {
        return seats.stream()
                .map(seat -> new MemberIdentity.Founder(seat.slot(), memberId(seat.slot())))
                .toList();
    }

    /** The member that a later life of a slot's peer is, for as long as it lives. */
    static long substituteId(String cluster, List<String> slots, String name, PeerId peer, long incarnation) {
        ByteWriter writer = new ByteWriter().utf8("substitute").utf8(cluster).varint(slots.size());
        slots.forEach(writer::utf8);
        return firstLong(
                sha256(writer.utf8(name).raw(peer.id16()).u64(incarnation).toBytes()));
    }

    /** The next for a peer whose id was removed before it had heard of it: no id ever returns. */
    static long idAfter(long removed) {
        return firstLong(sha256(new ByteWriter().utf8("after").u64(removed).toBytes()));
    }

    Bytes encode() {
        ByteWriter writer = new ByteWriter(128).utf8(cluster).varint(seats.size());
        for (Seat seat : seats) {
            writeSeat(writer, seat);
        }
        return writer.toBytes();
    }

    static FoundingSet decode(Bytes encoded, int slotsMax) {
        ByteReader reader = new ByteReader(encoded);
        String cluster = reader.utf8();
        Seat[] seats = new Seat[reader.count(slotsMax)];
        for (int i = 0; i < seats.length; i++) {
            String slot = reader.utf8();
            Optional<PeerId> peer = reader.bool()
                    ? Optional.of(new PeerId(reader.raw(PeerId.SIZE).compact()))
                    : Optional.empty();
            seats[i] = new Seat(slot, peer, reader.u64(), reader.varint());
        }
        reader.end();
        return new FoundingSet(cluster, List.of(seats));
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof FoundingSet other && cluster.equals(other.cluster) && seats.equals(other.seats);
    }

    @Override
    public int hashCode() {
        return hash.hashCode();
    }

    @Override
    public String toString() {
        return cluster + " " + seats;
    }

    private static void writeSeat(ByteWriter writer, Seat seat) {
        writer.utf8(seat.slot()).bool(seat.peer().isPresent());
        seat.peer().ifPresent(peer -> writer.raw(peer.id16()));
        writer.u64(seat.incarnation()).varint(seat.round());
    }

    private static long firstLong(Bytes hash) {
        long value = new ByteReader(hash).u64();
        return value == 0 ? 1 : value;
    }

    static Bytes sha256(Bytes input) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(input.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
