package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.FoundingSet.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides when this founder may start consensus, and with whom: pure, fed with what the mesh shows.
 *
 * <p><b>The rule.</b> A life of a founder (peer, incarnation, round) promises one {@link FoundingSet} at most, and only
 * when it sees every slot claimed exactly once, by a reachable peer, and nobody who promises another set or runs a
 * cluster. It starts when it has seen the same promise from every seat of the set, or a seat that has started. Promises
 * are facts signed by their peer, so what one founder has seen is true for all, however old its view is.
 *
 * <p><b>Why two clusters cannot both live.</b> Two sets that have both been promised by all their seats share no life of
 * any peer. As long as one name is one process at a time, a majority of the one set being alive therefore leaves less
 * than a majority of slots to the other.
 *
 * <p><b>Giving up.</b> A promise that cannot be kept any more (a seat has been filled anew, or promises differ) is given
 * up after a random delay by beginning a new round, which for everyone else is a crash and a restart: the member id
 * changes with it. A started member does so only if its log holds no history and a majority of its set is gone for
 * good. A member with a history never gives up: whoever meets it waits, and says so.
 */
final class Founding {
    static final long GIVE_UP_NANOS_MIN = 2_000_000_000L;
    static final long GIVE_UP_NANOS_MAX = 4_000_000_000L;

    /** Where a founder stands. */
    enum Phase {
        WAITING,
        PROMISED,
        STARTED,
        /** An established cluster has no place for this peer. */
        REFUSED
    }

    /** What follows from what is seen; {@code why} tells an operator what is waited for, empty once started. */
    record Verdict(Phase phase, Optional<FoundingSet> set, String why) {}

    /** A peer that is seen to claim a slot. */
    private record Claim(Seat seat, PeerId peer, FoundingPromise promise, long clusterId, boolean reachable) {}

    private final String cluster;
    private final String name;
    private final List<String> slots;
    private final PeerId self;
    private final long incarnation;
    private final RandomSource random;
    private long round;
    private Optional<FoundingSet> promised = Optional.empty();
    private boolean started;
    /** What was published last. */
    private FoundingPromise promise = FoundingPromise.NONE_YET;
    /** When the promise was first seen to be hopeless, and how long to wait from then; unset while it has hope. */
    private Optional<Long> giveUpAt = Optional.empty();

    Founding(ReplicaConfig config, PeerId self, RandomSource random) {
        this.cluster = config.cluster();
        this.name = config.name();
        this.slots = config.founders();
        this.self = self;
        this.incarnation = config.incarnation();
        this.random = random;
    }

    /** What this peer must publish of itself. */
    FoundingPromise promise(boolean history) {
        boolean established = started && history;
        Bytes set = promised.isPresent() ? promised.get().hash() : Bytes.EMPTY;
        if (promise.round() != round
                || promise.established() != established
                || !promise.set().equals(set)) {
            promise = new FoundingPromise(round, set, established);
        }
        return promise;
    }

    /** Looks at the mesh again; to be called on each change of it and now and then. */
    Verdict observe(TopologyView view, long nowNanos, boolean history) {
        List<Claim> claims = claims(view, history);
        if (promised.isPresent() && hopeless(promised.get(), claims, history)) {
            if (giveUpAt.isEmpty()) {
                giveUpAt = Optional.of(nowNanos + random.between(GIVE_UP_NANOS_MIN, GIVE_UP_NANOS_MAX));
            } else if (nowNanos - giveUpAt.get() >= 0) {
                round++;
                promised = Optional.empty();
                started = false;
                giveUpAt = Optional.empty();
                claims = claims(view, false);
            }
        } else {
            giveUpAt = Optional.empty();
        }
        if (promised.isPresent()) {
            return keep(promised.get(), claims);
        }
        Verdict verdict = consider(claims);
        return promised.isPresent() ? keep(promised.get(), claims(view, false)) : verdict;
    }

    /** Without a promise: may one be given? */
    private Verdict consider(List<Claim> claims) {
        for (Claim claim : claims) {
            if (claim.reachable() && claim.promise().established()) {
                return new Verdict(Phase.REFUSED, Optional.empty(), refusal(claim));
            }
        }
        List<Seat> seats = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String slot : slots) {
            List<Claim> claimants = claimants(slot, claims);
            if (claimants.size() > 1) {
                return waiting("two peers claim the slot '" + slot + "': "
                        + claimants.get(0).peer().brief() + " and "
                        + claimants.get(1).peer().brief() + "; give one of them another name");
            }
            if (claimants.isEmpty()) {
                missing.add("'" + slot + "'");
            } else {
                seats.add(claimants.get(0).seat());
            }
        }
        if (!missing.isEmpty()) {
            return waiting("waiting for the founders " + String.join(", ", missing) + " of cluster '" + cluster + "'");
        }
        FoundingSet set = new FoundingSet(cluster, seats);
        for (Claim claim : claims) {
            if (claim.reachable() && contradicts(claim, set)) {
                return waiting("waiting for '" + claim.seat().slot() + "' ("
                        + claim.peer().brief() + "), which has promised another set of founders, to give up");
            }
        }
        promised = Optional.of(set);
        return new Verdict(Phase.PROMISED, promised, "");
    }

    /** With a promise: has everyone given the same? */
    private Verdict keep(FoundingSet set, List<Claim> claims) {
        if (started) {
            return new Verdict(Phase.STARTED, promised, "");
        }
        List<String> silent = new ArrayList<>();
        boolean running = false;
        for (Seat seat : set.seats()) {
            boolean agrees = false;
            for (Claim claim : claims) {
                agrees |= claim.seat().equals(seat) && claim.promise().set().equals(set.hash());
                running |= claim.seat().equals(seat) && claim.clusterId() == set.clusterId();
            }
            if (!agrees) {
                silent.add("'" + seat.slot() + "'");
            }
        }
        if (silent.isEmpty() || running) {
            started = true;
            return new Verdict(Phase.STARTED, promised, "");
        }
        return new Verdict(
                Phase.PROMISED, promised, "waiting for the promise of the founders " + String.join(", ", silent));
    }

    private boolean hopeless(FoundingSet set, List<Claim> claims, boolean history) {
        if (started && history) {
            return false;
        }
        int replaced = 0;
        boolean contradicted = false;
        for (Seat seat : set.seats()) {
            boolean alive = false;
            boolean anew = false;
            for (Claim claim : claims) {
                if (claim.reachable() && claim.seat().slot().equals(seat.slot())) {
                    alive |= claim.seat().equals(seat);
                    anew |= !claim.seat().equals(seat);
                    contradicted |= contradicts(claim, set);
                }
            }
            replaced += anew && !alive ? 1 : 0;
        }
        return started ? replaced > set.seats().size() / 2 : replaced > 0 || contradicted;
    }

    private static boolean contradicts(Claim claim, FoundingSet set) {
        boolean otherPromise = claim.promise().given() && !claim.promise().set().equals(set.hash());
        return otherPromise || (claim.clusterId() != 0 && claim.clusterId() != set.clusterId());
    }

    private static List<Claim> claimants(String slot, List<Claim> claims) {
        return claims.stream()
                .filter(claim -> claim.reachable() && claim.seat().slot().equals(slot))
                .toList();
    }

    /** Every founder that is seen, this one as it is now rather than as the view has it. */
    private List<Claim> claims(TopologyView view, boolean history) {
        List<Claim> claims = new ArrayList<>();
        FoundingPromise own = promise(history);
        long ownCluster = started && promised.isPresent() ? promised.get().clusterId() : 0;
        Seat ownSeat = new Seat(name, Optional.of(self), incarnation, round);
        claims.add(new Claim(ownSeat, self, own, ownCluster, true));
        for (TopologyView.PeerView peer : view.peers().values()) {
            Optional<FoundingPromise> promise = FoundingPromise.of(peer.facts());
            if (promise.isPresent() && !peer.id().equals(self)) {
                Seat seat = new Seat(
                        peer.facts().name(),
                        Optional.of(peer.id()),
                        peer.incarnation(),
                        promise.get().round());
                claims.add(
                        new Claim(seat, peer.id(), promise.get(), peer.facts().clusterId(), peer.reachable()));
            }
        }
        return claims;
    }

    private String refusal(Claim survivor) {
        return "slot '" + name + "' of cluster '" + cluster + "' is bound to an earlier life of this peer: the cluster"
                + " is established (seen at '" + survivor.seat().slot() + "', "
                + survivor.peer().brief()
                + "), and a member without a disk cannot come back into its slot";
    }

    private static Verdict waiting(String why) {
        return new Verdict(Phase.WAITING, Optional.empty(), why);
    }
}
