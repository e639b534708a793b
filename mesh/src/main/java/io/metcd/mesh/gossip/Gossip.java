package io.metcd.mesh.gossip;

import io.metcd.base.ByteReader;
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
 *
 * <p>Distrust: a signature costs more than all the rest, so records wait for {@link #verifySome}, a few in a turn, and
 * only one that has been verified may take a place. A peer of which nothing is held costs its link a token; room for
 * it is made by whoever was never reachable. So whoever floods the mesh with names fills what is free of it, and takes
 * nobody's place.
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
    private final Unverified unverified;
    private final Map<Long, Neighbour> neighbours = new LinkedHashMap<>();
    /** Of those whose records are held. */
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

        /** Something waits to be verified: {@link Gossip#verifySome} soon. */
        void unverified();

        /** The link has brought a record that its owner has not signed. */
        void forged(long link, String what);
    }

    /** One link, as gossip sees it. */
    private static final class Neighbour {
        final PeerId peer;
        final boolean initiates;
        final Set<PeerId> owed = new LinkedHashSet<>();
        final Allowance newOrigins;
        int differences;
        long syncedNanos;
        long answeredNanos;
        /** VERSIONS are due: this end has sent BUCKETS. */
        boolean asked;
        /** A WANT may come: this end has sent VERSIONS. */
        boolean answered;

        Neighbour(PeerId peer, boolean initiates, Allowance newOrigins) {
            this.peer = peer;
            this.initiates = initiates;
            this.newOrigins = newOrigins;
        }
    }

    /** {@code profile} bounds what is kept; {@code signer} verifies. */
    public Gossip(PeerId self, Profile profile, Signer signer, Outlet outlet, Listener listener) {
        this.self = self;
        this.profile = profile;
        this.signer = signer;
        this.outlet = outlet;
        this.listener = listener;
        Profile.Pacing pacing = profile.pacing();
        this.unverified = new Unverified(pacing.unverifiedPerLink(), pacing.unverifiedBytesPerLink());
    }

    public LinkStateDatabase database() {
        return database;
    }

    /** Records not taken: too many of one origin or one link, or of too many peers. */
    public long refused() {
        return refused + unverified.dropped();
    }

    /** A link is there. */
    public void linkOpened(long link, PeerId peer, long nowNanos) {
        var newOrigins =
                new Allowance(profile.overlay().peersMax(), profile.pacing().newOriginRefillNanos(), nowNanos);
        Neighbour neighbour = new Neighbour(peer, self.compareTo(peer) < 0, newOrigins);
        neighbour.answeredNanos = nowNanos - profile.pacing().syncAnswerGapNanos();
        neighbours.put(link, neighbour);
        if (neighbour.initiates) {
            startSync(link, neighbour, nowNanos);
        }
    }

    public void linkClosed(long link) {
        neighbours.remove(link);
        unverified.closed(link);
    }

    /** Floods this peer's own new record. */
    public void publish(SignedRecord own, long nowNanos) {
        if (database.merge(own, nowNanos)) {
            database.holdForGood(own.record().id());
            oweToAllBut(NO_LINK, own.record().id());
        }
    }

    /** Compares a neighbour's digest with our own. */
    public void digest(long link, long digest, long nowNanos) {
        Neighbour neighbour = neighbours.get(link);
        if (neighbour == null || unverified.waiting(link) > 0) {
            return;
        }
        neighbour.differences = digest == database.digests().whole() ? 0 : neighbour.differences + 1;
        boolean patient = nowNanos - neighbour.syncedNanos >= profile.pacing().repairGapNanos();
        if (neighbour.initiates && patient && neighbour.differences >= DIFFERENCES_BEFORE_SYNC) {
            startSync(link, neighbour, nowNanos);
        }
    }

    /**
     * Takes a RECORDS, BUCKETS, VERSIONS or WANT frame; {@link Malformed} when it is none. Comparisons that come too
     * often, or that nobody has asked for, are not answered: an answer may be far longer than its question.
     */
    public void receive(FrameType type, long link, Bytes frame, long nowNanos) {
        Neighbour neighbour = neighbours.get(link);
        if (neighbour == null) {
            return;
        }
        switch (type) {
            case RECORDS -> {
                ByteReader reader = SyncCodec.open(frame);
                while (reader.hasRemaining()) {
                    Bytes record = SyncCodec.readRecord(reader, profile.sizes().recordBytes());
                    if (RecordCodec.isOfAnotherVersion(record)) {
                        refused++;
                    } else {
                        receiveRecord(link, neighbour, RecordCodec.decode(record));
                    }
                }
                if (!unverified.isEmpty()) {
                    listener.unverified();
                }
            }
            case BUCKETS -> {
                if (nowNanos - neighbour.answeredNanos >= profile.pacing().syncAnswerGapNanos()) {
                    neighbour.answeredNanos = nowNanos;
                    answerBuckets(link, neighbour, frame);
                }
            }
            case VERSIONS -> {
                if (neighbour.asked) {
                    neighbour.asked = false;
                    compareVersions(link, neighbour, SyncCodec.readVersions(frame));
                }
            }
            case WANT -> {
                if (neighbour.answered) {
                    neighbour.answered = false;
                    for (long shortId : SyncCodec.readWant(frame)) {
                        database.find(shortId).ifPresent(peer -> owe(neighbour, peer));
                    }
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

    /** Verifies at most so many of the records that wait, and takes what is news; true when none is left. */
    public boolean verifySome(int most, long nowNanos) {
        int verified = 0;
        while (verified < most) {
            Optional<Unverified.Waiting> next = unverified.next();
            if (next.isEmpty()) {
                return true;
            }
            if (worthVerifying(next.get(), nowNanos)) {
                verified++;
                verify(next.get(), nowNanos);
            }
        }
        return unverified.isEmpty();
    }

    private void receiveRecord(long link, Neighbour neighbour, SignedRecord signed) {
        PeerId id = signed.record().id();
        int order = ageBesideHeld(signed);
        if (order >= 0) {
            neighbour.owed.remove(id);
        }
        if (order > 0) {
            unverified.add(link, signed);
        }
    }

    /** Positive when nothing as new is held. */
    private int ageBesideHeld(SignedRecord signed) {
        Optional<SignedRecord> known = database.get(signed.record().id());
        return known.isPresent() ? signed.compareTo(known.get()) : 1;
    }

    /** Whether a record may cost us a verification; what is refused comes again with a later repair. */
    private boolean worthVerifying(Unverified.Waiting waiting, long nowNanos) {
        Neighbour neighbour = neighbours.get(waiting.link());
        if (neighbour == null || ageBesideHeld(waiting.signed()) <= 0) {
            return false;
        }
        PeerId id = waiting.signed().record().id();
        Optional<PeerId> holder = database.find(id.shortId());
        boolean worth;
        if (holder.isPresent()) {
            worth = holder.get().equals(id) && allowance(id, nowNanos).waitNanos(nowNanos) == 0;
        } else {
            boolean room = database.size() < profile.overlay().peersMax() || database.evictable();
            worth = room && (id.equals(neighbour.peer) || neighbour.newOrigins.spend(nowNanos));
        }
        if (!worth) {
            refused++;
        }
        return worth;
    }

    private void verify(Unverified.Waiting waiting, long nowNanos) {
        SignedRecord signed = waiting.signed();
        PeerId id = signed.record().id();
        if (!RecordCodec.verify(signed, signer)) {
            listener.forged(waiting.link(), "a record of peer " + id.brief() + " with a wrong signature");
            return;
        }
        Optional<PeerRecord> before = database.get(id).map(SignedRecord::record);
        if (before.isEmpty() && database.size() >= profile.overlay().peersMax()) {
            database.evict().ifPresent(this::forget);
        }
        allowance(id, nowNanos).spend(nowNanos);
        if (id.equals(self)) {
            listener.ghost(signed.record());
        } else if (database.merge(signed, nowNanos)) {
            oweToAllBut(waiting.link(), id);
            listener.changed(signed.record(), before);
        }
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
        neighbour.asked = true;
        outlet.offer(link, SyncCodec.buckets(database.digests()));
    }

    private void answerBuckets(long link, Neighbour neighbour, Bytes frame) {
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
        neighbour.answered = true;
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
