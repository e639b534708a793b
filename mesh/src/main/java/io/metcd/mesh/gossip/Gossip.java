package io.metcd.mesh.gossip;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.gossip.SyncCodec.Version;
import io.metcd.mesh.gossip.SyncCodec.Versions;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spreads records. Not thread-safe.
 *
 * <p>Flooding: a record that is news is owed to every neighbour but the one it came from; {@link #flush} pays what is
 * owed, always with the newest record, so that a slow neighbour costs one record per peer and no more.
 *
 * <p>Repair: heartbeats carry a digest of all records. When two neighbours' digests go on differing, the one with the
 * lower id sends the digests of 64 buckets, the other answers with the versions it holds in those that differ, and the
 * first then sends what the other lacks and asks for what it lacks itself.
 */
public final class Gossip {
    private static final long NO_LINK = Long.MIN_VALUE;
    private static final int DIFFERENCES_BEFORE_SYNC = 2;

    private final PeerId self;
    private final Profile profile;
    private final Signer signer;
    private final Outlet outlet;
    private final Listener listener;
    private final LinkStateDatabase database = new LinkStateDatabase();
    private final Map<Long, Neighbour> neighbours = new LinkedHashMap<>();
    private final Map<PeerId, Allowance> origins = new LinkedHashMap<>();
    private long refused;

    /** Takes frames for a link. */
    public interface Outlet {
        /** False when the link has no room now: the caller tries again later. */
        boolean offer(long link, Bytes frame);
    }

    /** Learns what changed. */
    public interface Listener {
        /** A newer record of another peer. */
        void changed(PeerRecord record, Optional<PeerRecord> before);

        /** A record of this peer that it has not made in this life, and that outranks its own. */
        void ghost(PeerRecord ghost);

        void forgotten(PeerRecord record);

        /** Something is owed: {@link Gossip#flush} soon. */
        void owing();
    }

    /** One link, as gossip sees it. */
    private static final class Neighbour {
        final boolean initiates;
        final Set<PeerId> owed = new LinkedHashSet<>();
        int differences;
        long syncedNanos;

        Neighbour(boolean initiates) {
            this.initiates = initiates;
        }
    }

    /** {@code profile} bounds what is kept; {@code signer} verifies. */
    public Gossip(PeerId self, Profile profile, Signer signer, Outlet outlet, Listener listener) {
        this.self = self;
        this.profile = profile;
        this.signer = signer;
        this.outlet = outlet;
        this.listener = listener;
    }

    public LinkStateDatabase database() {
        return database;
    }

    /** Records not taken: too many of one origin, or of too many peers. */
    public long refused() {
        return refused;
    }

    /** A link is there. */
    public void linkOpened(long link, PeerId peer, long nowNanos) {
        Neighbour neighbour = new Neighbour(self.compareTo(peer) < 0);
        neighbours.put(link, neighbour);
        if (neighbour.initiates) {
            startSync(link, neighbour, nowNanos);
        }
    }

    public void linkClosed(long link) {
        neighbours.remove(link);
    }

    /** Floods this peer's own new record. */
    public void publish(SignedRecord own, long nowNanos) {
        if (database.merge(own, nowNanos)) {
            oweToAllBut(NO_LINK, own.record().id());
        }
    }

    /** Compares a neighbour's digest with our own. */
    public void digest(long link, long digest, long nowNanos) {
        Neighbour neighbour = neighbours.get(link);
        if (neighbour == null) {
            return;
        }
        neighbour.differences = digest == database.digests().whole() ? 0 : neighbour.differences + 1;
        boolean patient = nowNanos - neighbour.syncedNanos >= profile.pacing().repairGapNanos();
        if (neighbour.initiates && patient && neighbour.differences >= DIFFERENCES_BEFORE_SYNC) {
            startSync(link, neighbour, nowNanos);
        }
    }

    /** Takes a RECORDS, BUCKETS, VERSIONS or WANT frame; {@link Malformed} when it is none. */
    public void receive(FrameType type, long link, Bytes frame, long nowNanos) {
        Neighbour neighbour = neighbours.get(link);
        if (neighbour == null) {
            return;
        }
        switch (type) {
            case RECORDS -> {
                for (Bytes record : SyncCodec.readRecords(frame, profile.sizes().recordBytes())) {
                    receiveRecord(link, neighbour, record, nowNanos);
                }
            }
            case BUCKETS -> answerBuckets(link, frame);
            case VERSIONS -> compareVersions(link, neighbour, SyncCodec.readVersions(frame));
            case WANT -> {
                for (long shortId : SyncCodec.readWant(frame)) {
                    database.find(shortId).ifPresent(peer -> owe(neighbour, peer));
                }
            }
            case HEARTBEAT, DATAGRAM, ROUTE_ERROR -> throw new Malformed(type + " is no gossip");
        }
    }

    /** Sends what is owed, as far as links have room; true when nothing is left. */
    public boolean flush() {
        boolean all = true;
        for (Map.Entry<Long, Neighbour> entry : neighbours.entrySet()) {
            all &= pay(entry.getKey(), entry.getValue());
        }
        return all;
    }

    /** Forgets old records; call about every second with those who are reachable. */
    public void sweep(Collection<PeerId> reachable, long nowNanos) {
        long purge = profile.timing().purgeNanos();
        var ages = new LinkStateDatabase.Ages(purge / 2, purge, profile.timing().ageLimitNanos());
        for (PeerRecord record : database.sweep(reachable, ages, nowNanos)) {
            forget(record);
        }
    }

    private void receiveRecord(long link, Neighbour neighbour, Bytes encoded, long nowNanos) {
        SignedRecord signed = RecordCodec.decode(encoded);
        PeerId id = signed.record().id();
        Optional<SignedRecord> known = database.get(id);
        int order = known.isPresent() ? signed.compareTo(known.get()) : 1;
        if (order >= 0) {
            neighbour.owed.remove(id);
        }
        if (order <= 0 || !admitted(signed.record(), nowNanos)) {
            return;
        }
        if (!RecordCodec.verify(signed, signer)) {
            throw new Malformed("a record of peer " + id.brief() + " with a wrong signature");
        }
        if (id.equals(self)) {
            listener.ghost(signed.record());
        } else if (database.merge(signed, nowNanos)) {
            oweToAllBut(link, id);
            listener.changed(signed.record(), known.map(SignedRecord::record));
        }
    }

    /** Whether a record may cost us a verification and a place; what is refused comes again with a later sync. */
    private boolean admitted(PeerRecord record, long nowNanos) {
        PeerId id = record.id();
        Optional<PeerId> sameShortId = database.find(id.shortId());
        boolean admitted = sameShortId.isEmpty() || sameShortId.get().equals(id);
        if (admitted
                && sameShortId.isEmpty()
                && database.size() >= profile.overlay().peersMax()) {
            Optional<PeerRecord> evicted = database.evict();
            evicted.ifPresent(this::forget);
            admitted = evicted.isPresent();
        }
        admitted = admitted && allowance(id, nowNanos).spend(nowNanos);
        if (!admitted) {
            refused++;
        }
        return admitted;
    }

    private Allowance allowance(PeerId origin, long nowNanos) {
        Profile.Pacing pacing = profile.pacing();
        return origins.computeIfAbsent(
                origin, id -> new Allowance(pacing.originBurst(), pacing.originRefillNanos(), nowNanos));
    }

    private void forget(PeerRecord record) {
        origins.remove(record.id());
        neighbours.values().forEach(neighbour -> neighbour.owed.remove(record.id()));
        listener.forgotten(record);
    }

    private void startSync(long link, Neighbour neighbour, long nowNanos) {
        neighbour.syncedNanos = nowNanos;
        neighbour.differences = 0;
        outlet.offer(link, SyncCodec.buckets(database.digests()));
    }

    private void answerBuckets(long link, Bytes frame) {
        long mask = SyncCodec.differing(frame, database.digests());
        if (mask == 0) {
            return;
        }
        List<Version> held = new ArrayList<>();
        for (int i = 0; i < Digests.BUCKETS; i++) {
            if ((mask >>> i & 1) != 0) {
                database.bucket(i).forEach(signed -> held.add(Version.of(signed)));
            }
        }
        outlet.offer(link, SyncCodec.versions(new Versions(mask, held)));
    }

    private void compareVersions(long link, Neighbour neighbour, Versions theirs) {
        Map<Long, Version> lacking = new LinkedHashMap<>();
        theirs.held().forEach(version -> lacking.put(version.shortId(), version));
        for (int i = 0; i < Digests.BUCKETS; i++) {
            if ((theirs.buckets() >>> i & 1) != 0) {
                for (SignedRecord ours : database.bucket(i)) {
                    compare(Version.of(ours), ours.record().id(), neighbour, lacking);
                }
            }
        }
        if (!lacking.isEmpty()) {
            outlet.offer(link, SyncCodec.want(List.copyOf(lacking.keySet())));
        }
    }

    /** Leaves in {@code lacking} what they have newer, and owes what we have newer. */
    private void compare(Version ours, PeerId peer, Neighbour neighbour, Map<Long, Version> lacking) {
        Version theirs = lacking.get(ours.shortId());
        int order = theirs == null ? 1 : ours.compareAge(theirs);
        boolean differ = theirs == null || ours.hash() != theirs.hash();
        if (order > 0 || (order == 0 && differ)) {
            owe(neighbour, peer);
        }
        if (order > 0 || !differ) {
            lacking.remove(ours.shortId());
        }
    }

    private void oweToAllBut(long exceptLink, PeerId peer) {
        for (Map.Entry<Long, Neighbour> entry : neighbours.entrySet()) {
            if (entry.getKey() != exceptLink) {
                owe(entry.getValue(), peer);
            }
        }
    }

    private void owe(Neighbour neighbour, PeerId peer) {
        neighbour.owed.add(peer);
        listener.owing();
    }

    private boolean pay(long link, Neighbour neighbour) {
        while (!neighbour.owed.isEmpty()) {
            List<PeerId> paid = new ArrayList<>();
            ByteWriter writer = new ByteWriter(1024).u8(FrameType.RECORDS.firstByte(0));
            Iterator<PeerId> next = neighbour.owed.iterator();
            while (next.hasNext() && writer.size() < profile.sizes().chunkBytes() / 2) {
                PeerId peer = next.next();
                database.get(peer).ifPresent(signed -> writer.bytes(signed.encoded()));
                paid.add(peer);
            }
            if (!outlet.offer(link, writer.toBytes())) {
                return false;
            }
            paid.forEach(neighbour.owed::remove);
        }
        return true;
    }
}
