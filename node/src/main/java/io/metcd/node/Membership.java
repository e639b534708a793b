package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which peer speaks for which member. What the log has bound is bound, and only the log can change it. Before that,
 * founders without disks are bound by the founding itself, and a member that is bound to nobody yet is who claims its id
 * in the mesh: the first one that can be reached, until the log decides.
 */
final class Membership {
    private final MemberIdentity identity;
    private final PeerId selfPeer;
    /** Bound by the founding; the log confirms it soon after. */
    private final TreeMap<Long, PeerId> founded = new TreeMap<>();

    private final TreeMap<Long, PeerId> claimed = new TreeMap<>();
    private final TreeMap<Long, String> names = new TreeMap<>();
    private final TreeMap<Long, PeerId> peers = new TreeMap<>();
    private final TreeMap<PeerId, Long> members = new TreeMap<>();
    private Root root = Root.EMPTY;
    private List<MemberState> known = List.of();
    private Optional<String> displaced = Optional.empty();

    Membership(MemberIdentity identity, Optional<FoundingSet> founding, PeerId selfPeer) {
        this.identity = identity;
        this.selfPeer = selfPeer;
        for (FoundingSet.Seat seat : founding.map(FoundingSet::seats).orElse(List.of())) {
            seat.peer().ifPresent(peer -> founded.put(founding.get().memberId(seat.slot()), peer));
        }
        bindAll();
    }

    long self() {
        return identity.memberId();
    }

    MemberIdentity identity() {
        return identity;
    }

    /** All members but this one of which the peer is known. */
    List<Long> others() {
        List<Long> others = new ArrayList<>(peers.keySet());
        others.remove(self());
        return others;
    }

    Optional<PeerId> peer(long member) {
        return Optional.ofNullable(peers.get(member));
    }

    /** 0 for a peer that is no member. */
    long member(PeerId peer) {
        return members.getOrDefault(peer, 0L);
    }

    /** The name of a member for logs, or its number. */
    String name(long member) {
        return names.getOrDefault(member, Long.toHexString(member));
    }

    /** What the state says of members, by unsigned id. */
    List<MemberState> known() {
        return known;
    }

    Optional<MemberState> known(long member) {
        return known.stream().filter(each -> each.id() == member).findFirst();
    }

    /** Takes what the state says now; true if it is another membership than before. */
    boolean follow(Root now) {
        if (now.memberTable() == root.memberTable()) {
            return false;
        }
        root = now;
        List<MemberState> before = known;
        known = now.members();
        if (known.equals(before)) {
            return false;
        }
        bindAll();
        displaced = findDisplaced();
        return true;
    }

    /** Binds what is unbound to who claims it. */
    void observe(TopologyView view) {
        boolean changed = false;
        for (TopologyView.PeerView peer : view.peers().values()) {
            long member = peer.facts().memberId();
            boolean claims = member != 0 && peer.facts().clusterId() == identity.clusterId() && peer.reachable();
            if (claims && isOpen(member) && isReplaceable(member, peer.id(), view)) {
                claimed.put(member, peer.id());
                changed = true;
            }
        }
        if (changed) {
            bindAll();
        }
    }

    /** Why this peer may not speak for its member, in words for an operator. */
    Optional<String> displaced() {
        return displaced;
    }

    boolean isRemoved() {
        return root.isRemoved(self());
    }

    /** Whether this member was removed, and its peer may come again as another one. */
    boolean isReplaced() {
        return root.isReplaced(self());
    }

    private Optional<String> findDisplaced() {
        if (root.isRemoved(self())) {
            return Optional.of(isReplaced() ? replaced(identity) : removed(identity));
        }
        return known(self())
                .filter(member -> !member.peer().isEmpty() && !member.peer().equals(selfPeer.id16()))
                .map(member -> taken(identity, new PeerId(member.peer()).brief()));
    }

    static String removed(MemberIdentity identity) {
        return "this member (" + Long.toHexString(identity.memberId()) + ") was removed from the cluster '"
                + identity.cluster() + "'; its id never returns";
    }

    static String replaced(MemberIdentity identity) {
        return "cluster '" + identity.cluster() + "' goes on without this member ("
                + Long.toHexString(identity.memberId()) + "), which was away: started again, it comes as a new one";
    }

    static String taken(MemberIdentity identity, String peer) {
        return "member '" + identity.name() + "' of cluster '" + identity.cluster() + "' is bound to another peer ("
                + peer + "): a member that has lost its data directory cannot come back into its"
                + " place; remove it with 'etcdctl member remove " + Long.toHexString(identity.memberId())
                + "', add it again, and start it with --initial-cluster-state existing";
    }

    /** Also a member that the state here does not know yet: it may have come while this one was away, and lead now. */
    private boolean isOpen(long member) {
        boolean bound = known(member).map(each -> !each.peer().isEmpty()).orElse(false) || founded.containsKey(member);
        return member != self() && !bound && !root.isRemoved(member);
    }

    private boolean isReplaceable(long member, PeerId by, TopologyView view) {
        PeerId before = claimed.get(member);
        return before == null || (!before.equals(by) && !view.reachable(before));
    }

    private void bindAll() {
        peers.clear();
        members.clear();
        names.clear();
        identity.founderNames().forEach((member, name) -> {
            if (!root.isRemoved(member)) {
                names.put(member, name);
                bind(member, Bytes.EMPTY);
            }
        });
        claimed.forEach((member, peer) -> {
            if (isOpen(member)) {
                put(member, peer);
            }
        });
        for (MemberState member : known) {
            if (member.started()) {
                names.put(member.id(), member.name());
            }
            bind(member.id(), member.peer());
        }
        if (!root.isRemoved(self())) {
            names.putIfAbsent(self(), identity.name());
            put(self(), selfPeer);
        }
    }

    private void bind(long member, Bytes committed) {
        PeerId soft = founded.getOrDefault(member, claimed.get(member));
        if (!committed.isEmpty()) {
            put(member, new PeerId(committed));
        } else if (soft != null) {
            put(member, soft);
        }
    }

    /** A peer speaks for one member; what the log says last wins. */
    private void put(long member, PeerId peer) {
        PeerId before = peers.put(member, peer);
        if (before != null) {
            members.remove(before);
        }
        members.put(peer, member);
    }

    /** Earlier and later lives of the name: also a founder that has never said it. */
    List<Long> namesakes(MemberState substitute, Configuration configuration) {
        List<Long> namesakes = new ArrayList<>();
        for (MemberState each : known) {
            if (each.name().equals(substitute.name()) && each.id() != substitute.id()) {
                namesakes.add(each.id());
            }
        }
        identity.founder(substitute.name())
                .map(MemberIdentity.Founder::memberId)
                .ifPresent(founder -> {
                    if (configuration.contains(founder) && !namesakes.contains(founder)) {
                        namesakes.add(founder);
                    }
                });
        return namesakes;
    }

    /** How many learners wait to be needed. */
    long standbys() {
        return known.stream()
                .filter(member -> member.standing() == MemberState.Standing.STANDBY)
                .count();
    }

    /** The voters among the known, by the state; for checks before a change. */
    List<MemberState> voters() {
        List<MemberState> voters = new ArrayList<>(known);
        voters.removeIf(member -> !member.votes());
        return voters;
    }
}
