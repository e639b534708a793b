package io.metcd.mesh.gossip;

import io.metcd.base.ByteReader;
import io.metcd.base.Signer;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.List;

/**
 * This peer's own record: what it will say next, when it may say it, and how it outranks ghosts of its past lives.
 *
 * <p>Each publication costs every other peer a verification, so they are paced: in bursts a few, then two a second, and
 * the further apart the more peers there are. A record says no more than others take: of more links than fit beside the
 * facts, the cheapest are claimed.
 */
public final class OwnRecord {
    /** By so much a record may grow with its sequence and the number of its links. */
    private static final int ROOM_FOR_COUNTS = 16;

    private final PeerId id;
    private final MeshConfig config;
    private final Signer signer;
    private final Allowance allowance;
    private final Profile.Timing timing;
    private final Profile.Pacing pacing;
    /** All links; {@link #next} claims those that fit. */
    private LinkClaims links = LinkClaims.NONE;

    private int bareBytes;
    private boolean unclaimedAsked;
    private PeerRecord next;
    private boolean unsaid = true;
    private boolean saidOnce;
    private long saidNanos;

    /** Begins with the configured name, addresses and incarnation. */
    public OwnRecord(MeshConfig config, Signer signer, long nowNanos) {
        this.id = PeerId.of(signer.publicKey());
        this.config = config;
        this.signer = signer;
        this.timing = config.profile().timing();
        this.pacing = config.profile().pacing();
        this.allowance = new Allowance(pacing.publishBurst(), pacing.publishRefillNanos(), nowNanos);
        List<String> addresses = config.advertised();
        int most = config.profile().sizes().addressesMax();
        this.next = new PeerRecord(
                id,
                signer.publicKey(),
                config.incarnation(),
                0,
                config.relayWilling() ? PeerRecord.Standing.RELAY : PeerRecord.Standing.LEAF,
                PeerFacts.named(config.name()),
                addresses.subList(0, Math.min(most, addresses.size())),
                LinkClaims.NONE);
        this.bareBytes = RecordCodec.sign(next, signer).encoded().size();
    }

    /** What holds now, said or not. */
    public PeerRecord current() {
        return next;
    }

    /** Refused with {@link IllegalArgumentException} when they make the record too long for others to take. */
    public void setFacts(PeerFacts facts) {
        if (facts.equals(next.facts())) {
            return;
        }
        PeerRecord changed = new PeerRecord(
                id,
                next.publicKey(),
                next.incarnation(),
                next.sequence(),
                next.standing(),
                facts,
                next.addresses(),
                LinkClaims.NONE);
        int size;
        try {
            size = RecordCodec.decode(RecordCodec.sign(changed, signer).encoded())
                    .encoded()
                    .size();
            if (size > config.profile().sizes().recordBytes() * 3 / 4) {
                throw new IllegalArgumentException("facts make a record of " + size + " bytes");
            }
        } catch (ByteReader.Malformed e) {
            throw new IllegalArgumentException("facts that no peer could read: " + e.getMessage(), e);
        }
        bareBytes = size;
        next = changed;
        change(next.standing(), claimable(), next.incarnation(), next.sequence());
    }

    /** Links that are not claimed because a record has no room for them. */
    public int unclaimed() {
        return links.size() - next.links().size();
    }

    /** Whether there are such links, and were none when this was asked last. */
    public boolean unclaimedIsNews() {
        boolean before = unclaimedAsked;
        unclaimedAsked = unclaimed() > 0;
        return unclaimedAsked && !before;
    }

    public void setLinks(LinkClaims newLinks) {
        links = newLinks;
        LinkClaims claims = claimable();
        if (!claims.equals(next.links())) {
            change(next.standing(), claims, next.incarnation(), next.sequence());
        }
    }

    private LinkClaims claimable() {
        Profile.Sizes sizes = config.profile().sizes();
        int room = (sizes.recordBytes() - bareBytes - ROOM_FOR_COUNTS) / RecordCodec.CLAIM_BYTES;
        return links.cheapest(Math.max(0, Math.min(sizes.linksMax(), room)));
    }

    /** From now on this peer counts as gone. */
    public void leave() {
        links = LinkClaims.NONE;
        change(PeerRecord.Standing.LEAVING, links, next.incarnation(), next.sequence());
    }

    /** Makes the next record newer than one of a past life, or of a clone. */
    public void outrank(PeerRecord ghost) {
        if (next.compareAge(ghost) > 0) {
            return;
        }
        if (ghost.incarnation() > next.incarnation()) {
            change(next.standing(), next.links(), ghost.incarnation() + 1, 0);
        } else {
            change(next.standing(), next.links(), next.incarnation(), ghost.sequence());
        }
    }

    /** Whether something has not been said yet, or must be said again lest others forget. */
    public boolean due(long nowNanos) {
        return unsaid || nowNanos - saidNanos >= timing.refreshNanos();
    }

    /** How long to wait before saying it, in a mesh of so many peers. */
    public long waitNanos(int peers, long nowNanos) {
        if (!saidOnce) {
            return 0;
        }
        long gap = Math.max(timing.coalesceNanos(), peers * pacing.publishPerPeerNanos());
        return Math.max(allowance.waitNanos(nowNanos), saidNanos + gap - nowNanos);
    }

    /** Signs what holds now, as the newest record. */
    public SignedRecord say(long nowNanos) {
        change(next.standing(), next.links(), next.incarnation(), next.sequence() + 1);
        unsaid = false;
        saidOnce = true;
        saidNanos = nowNanos;
        allowance.spend(nowNanos);
        return RecordCodec.sign(next, signer);
    }

    private void change(PeerRecord.Standing standing, LinkClaims claims, long incarnation, long sequence) {
        next = new PeerRecord(
                id, next.publicKey(), incarnation, sequence, standing, next.facts(), next.addresses(), claims);
        unsaid = true;
    }
}
