package io.metcd.mesh.gossip;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The newest record of every peer: a map that only moves up in the order of records, so that merging is commutative,
 * associative and idempotent (a join-semilattice) and all peers end with the same map whatever came first.
 *
 * <p>Each peer may forget on its own: a record whose owner has long been unreachable becomes dormant, which takes it out
 * of digests and answers, and later disappears. Dormancy first, so that two peers whose clocks differ a little do not
 * hand each other a dead peer's record for ever.
 */
public final class LinkStateDatabase {
    private final SortedMap<PeerId, Held> held = new TreeMap<>();
    private final SortedMap<Long, PeerId> byShortId = new TreeMap<>();
    private final Digests digests = new Digests();
    private long bytes;

    /** A record and when it came. */
    private static final class Held {
        SignedRecord signed;
        long acceptedNanos;
        boolean reachable;
        boolean everReachable;
        long unreachableSinceNanos;
        boolean dormant;

        Held(SignedRecord signed) {
            this.signed = signed;
        }

        boolean goesBefore(Held other) {
            return everReachable == other.everReachable
                    ? unreachableSinceNanos - other.unreachableSinceNanos < 0
                    : !everReachable;
        }
    }

    /** Ages after which records are put to sleep and forgotten. */
    public record Ages(long dormantNanos, long purgeNanos, long limitNanos) {}

    /** Takes the record if it is newer than the one held; the join of the lattice. */
    public boolean merge(SignedRecord signed, long nowNanos) {
        PeerId id = signed.record().id();
        Held old = held.get(id);
        if (old == null) {
            old = new Held(signed);
            held.put(id, old);
            byShortId.put(id.shortId(), id);
        } else if (signed.compareTo(old.signed) <= 0) {
            return false;
        } else {
            if (!old.dormant) {
                digests.toggle(id, old.signed.hash());
            }
            bytes -= old.signed.encoded().size();
            old.signed = signed;
        }
        bytes += signed.encoded().size();
        old.dormant = false;
        old.acceptedNanos = nowNanos;
        old.unreachableSinceNanos = nowNanos;
        digests.toggle(id, signed.hash());
        return true;
    }

    /** This peer itself, which is in reach before any sweep has said so, and never makes room for others. */
    public void holdForGood(PeerId id) {
        Held one = held.get(id);
        if (one != null) {
            one.reachable = true;
            one.everReachable = true;
        }
    }

    public Optional<SignedRecord> get(PeerId id) {
        Held one = held.get(id);
        return one == null ? Optional.empty() : Optional.of(one.signed);
    }

    /** The peer whose id begins so. */
    public Optional<PeerId> find(long shortId) {
        return Optional.ofNullable(byShortId.get(shortId));
    }

    public int size() {
        return held.size();
    }

    /** Of all records held, as their owners signed them. */
    public long bytes() {
        return bytes;
    }

    /** All records in ascending order of their ids. */
    public List<PeerRecord> records() {
        List<PeerRecord> records = new ArrayList<>(held.size());
        for (Held one : held.values()) {
            records.add(one.signed.record());
        }
        return records;
    }

    /** The records of a bucket that others should know. */
    public List<SignedRecord> bucket(int bucket) {
        List<SignedRecord> records = new ArrayList<>();
        for (Held one : held.values()) {
            if (!one.dormant && Digests.bucket(one.signed.record().id()) == bucket) {
                records.add(one.signed);
            }
        }
        return records;
    }

    public Digests digests() {
        return digests;
    }

    /** Notes who is reachable, puts to sleep and forgets what is old; returns what was forgotten. */
    public List<PeerRecord> sweep(Collection<PeerId> reachable, Ages ages, long nowNanos) {
        List<PeerRecord> forgotten = new ArrayList<>();
        Iterator<Held> each = held.values().iterator();
        while (each.hasNext()) {
            Held one = each.next();
            boolean nowReachable = reachable.contains(one.signed.record().id());
            if (nowReachable || one.reachable) {
                one.unreachableSinceNanos = nowNanos;
            }
            one.reachable = nowReachable;
            one.everReachable |= nowReachable;
            long lonely = nowNanos - one.unreachableSinceNanos;
            setDormant(one, lonely >= ages.dormantNanos());
            if (lonely >= ages.purgeNanos() || nowNanos - one.acceptedNanos >= ages.limitNanos()) {
                setDormant(one, true);
                each.remove();
                bytes -= one.signed.encoded().size();
                byShortId.remove(one.signed.record().id().shortId());
                forgotten.add(one.signed.record());
            }
        }
        return forgotten;
    }

    /** Whether {@link #evict} would find somebody. */
    public boolean evictable() {
        for (Held one : held.values()) {
            if (!one.reachable) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes room by forgetting a peer that is not reachable: first those that never were, of them as of the others
     * the one for which that has been so longest; empty when all are reachable.
     */
    public Optional<PeerRecord> evict() {
        Held oldest = null;
        for (Held one : held.values()) {
            if (!one.reachable && (oldest == null || one.goesBefore(oldest))) {
                oldest = one;
            }
        }
        if (oldest == null) {
            return Optional.empty();
        }
        PeerRecord record = oldest.signed.record();
        setDormant(oldest, true);
        held.remove(record.id());
        bytes -= oldest.signed.encoded().size();
        byShortId.remove(record.id().shortId());
        return Optional.of(record);
    }

    private void setDormant(Held one, boolean dormant) {
        if (one.dormant != dormant) {
            one.dormant = dormant;
            digests.toggle(one.signed.record().id(), one.signed.hash());
        }
    }
}
