package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.FoundingPromise.Ballot;
import io.metcd.node.FoundingSet.Seat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides when this founder may start consensus, and with whom: fed with what the mesh shows, and with time.
 *
 * <p><b>The rule.</b> A life of a founder (peer, life, round) promises one {@link FoundingSet} at most, and only while
 * nobody whom it can reach runs an established cluster. Which set that may be is said by a {@link FoundingRule}: every
 * slot claimed by one peer, or the lowest peers of a view that all of them share. It starts when it has seen the same
 * promise from every seat of the set, or a seat that has started; with a {@link FoundingLock}, only when the lowest of
 * them has taken that for the set. Promises are facts signed by their peer, so what one founder has seen is true for
 * all, however old its view is.
 *
 * <p><b>Why two clusters cannot both live.</b> Two sets that have both been promised by all their seats share no life of
 * any peer. With slots, as long as one name is one process at a time, a majority of the one set being alive therefore
 * leaves less than a majority of slots to the other. With counted founders that keep their promises on disk, two
 * sets need twice as many data directories as founders are expected. Without disks nothing bounds the number of lives;
 * there the lock decides, or the risk is accepted.
 *
 * <p><b>Giving up.</b> A promise that cannot be kept any more is given up after a random delay by beginning a new round,
 * which for everyone else is a crash and a restart: the member id changes with it. A kept promise is given up only with
 * proof that its set can never start. A member with a history never gives up: whoever meets it waits, and says so.
 */
public final class Founding {
    static final long GIVE_UP_NANOS_MIN = 2_000_000_000L;
    static final long GIVE_UP_NANOS_MAX = 4_000_000_000L;

    /** Where a founder stands. */
    public enum Phase {
        WAITING,
        PROMISED,
        STARTED,
        /** An established cluster has no place for this peer. */
        REFUSED,
        /** The promise cannot be kept on the disk. */
        FAILED
    }

    /** What follows from what is seen; {@code why} tells an operator what is waited for, empty once started. */
    public record Verdict(Phase phase, Optional<FoundingSet> set, String why) {}

    /** What a founding stands on besides the mesh. */
    public record Doors(PromiseStore promises, Optional<FoundingLock> lock) {
        /** Of slots, and of those who accept the risk. */
        public static final Doors NONE = new Doors(PromiseStore.NONE, Optional.empty());
    }

    private final ReplicaConfig config;
    private final PeerId self;
    private final RandomSource random;
    private final FoundingRule rule;
    private final PromiseStore promises;
    private final Optional<LockKeeper> lock;
    private long life;
    private long round;
    private Optional<FoundingSet> promised = Optional.empty();
    private boolean started;
    /** What was published last. */
    private FoundingPromise promise;
    /** When the promise was first seen to be hopeless, and how long to wait from then; unset while it has hope. */
    private Optional<Long> giveUpAt = Optional.empty();

    private Optional<String> fault = Optional.empty();

    /** A founding by slots, or by those who accept the risk. */
    public Founding(ReplicaConfig config, PeerId self, RandomSource random) {
        this(config, self, random, Doors.NONE);
    }

    public Founding(ReplicaConfig config, PeerId self, RandomSource random, Doors doors) {
        this.config = config;
        this.self = self;
        this.random = random;
        this.rule = config.expect().founders() > 0
                ? new ExpectRule(config)
                : new SlotRule(config.cluster(), config.founders());
        this.promises = doors.promises();
        this.lock = doors.lock().map(each -> new LockKeeper(each, config.cluster()));
        this.life = config.incarnation();
        this.promise = new FoundingPromise(
                life, round, Bytes.EMPTY, false, new Ballot(rule.expects(), Bytes.EMPTY, Bytes.EMPTY));
        recover();
    }

    /** What this peer must publish of itself. */
    public FoundingPromise promise(boolean history) {
        Bytes set = promised.isPresent() ? promised.get().hash() : Bytes.EMPTY;
        Bytes candidates = promised.isPresent() ? Bytes.EMPTY : rule.candidates();
        boolean same = promise.life() == life && promise.round() == round && promise.established() == history;
        if (!same
                || !promise.set().equals(set)
                || !promise.ballot().candidates().equals(candidates)) {
            boolean proposes = rule.expects() > 0 && promised.isPresent() && !history;
            Bytes proposal = proposes ? promised.get().encode() : Bytes.EMPTY;
            Ballot ballot = new Ballot(rule.expects(), candidates, proposal);
            promise = new FoundingPromise(life, round, set, history, ballot);
        }
        return promise;
    }

    /** Looks at the mesh again; to be called on each change of it and now and then. */
    public Verdict observe(TopologyView view, long nowNanos, boolean history) {
        List<Claim> claims = claims(view, history);
        if (promised.isPresent() && !(started && history) && givesUp(promised.get(), claims, nowNanos)) {
            claims = claims(view, false);
        }
        if (promised.isEmpty() && fault.isEmpty()) {
            Verdict verdict = consider(claims, nowNanos);
            if (promised.isEmpty()) {
                return verdict;
            }
            claims = claims(view, false);
        }
        List<Claim> seen = claims;
        return fault.map(text -> new Verdict(Phase.FAILED, Optional.empty(), text))
                .orElseGet(() -> keep(promised, seen));
    }

    /** Without a promise: may one be given? */
    private Verdict consider(List<Claim> claims, long nowNanos) {
        for (Claim claim : claims) {
            if (claim.reachable() && claim.promise().established()) {
                return outside(claim);
            }
        }
        FoundingRule.Choice choice = rule.choose(claims, nowNanos);
        Optional<String> closed =
                lock.flatMap(each -> each.closed(nowNanos, choice.set().isPresent()));
        if (choice.set().isEmpty() || closed.isPresent()) {
            return waiting(closed.orElse(choice.why()));
        }
        promised = choice.set();
        save();
        return new Verdict(Phase.PROMISED, promised, "");
    }

    /** With a promise: has everyone given the same? */
    private Verdict keep(Optional<FoundingSet> promise, List<Claim> claims) {
        if (promise.isEmpty() || started) {
            return new Verdict(started ? Phase.STARTED : Phase.WAITING, promise, "");
        }
        FoundingSet set = promise.get();
        List<Seat> silent = new ArrayList<>();
        boolean running = false;
        boolean present = true;
        for (Seat seat : set.seats()) {
            boolean agrees = false;
            boolean here = false;
            for (Claim claim : claims) {
                boolean its = claim.seat().equals(seat);
                agrees |= its && claim.promise().set().equals(set.hash());
                running |= its && claim.clusterId() == set.clusterId();
                here |= its && claim.reachable();
            }
            if (!agrees) {
                silent.add(seat);
            }
            present &= here;
        }
        Optional<Claim> rival = claims.stream()
                .filter(claim -> claim.reachable() && claim.promise().established() && claim.runsAnother(set))
                .findFirst();
        if (running || (silent.isEmpty() && rival.isEmpty() && unlocked(set, present))) {
            return begin();
        }
        return new Verdict(
                Phase.PROMISED,
                promise,
                rival.map(claim -> outside(claim).why())
                        .orElseGet(() -> silent.isEmpty()
                                ? lock.map(LockKeeper::why).orElse("")
                                : "waiting for the promise of the founders " + labels(silent, claims)
                                        + rule.advice(claims, silent)));
    }

    /** From now on this founder never founds again, if it has a disk to remember that. */
    private Verdict begin() {
        started = true;
        save();
        return started
                ? new Verdict(Phase.STARTED, promised, "")
                : new Verdict(Phase.FAILED, Optional.empty(), fault.orElse(""));
    }

    /** Where there is a lock: whether it was taken for the set, by this founder if it is the lowest one. */
    private boolean unlocked(FoundingSet set, boolean allPresent) {
        boolean lowest =
                set.seats().stream().flatMap(seat -> seat.peer().stream()).allMatch(peer -> self.compareTo(peer) <= 0);
        return lock.map(each -> each.has(set, lowest && allPresent)).orElse(true);
    }

    private boolean givesUp(FoundingSet set, List<Claim> claims, long nowNanos) {
        boolean lost = !started && lock.map(each -> each.isLostFor(set)).orElse(false);
        if (!lost && !rule.isHopeless(set, claims, started)) {
            giveUpAt = Optional.empty();
            return false;
        }
        if (giveUpAt.isEmpty()) {
            giveUpAt = Optional.of(nowNanos + random.between(GIVE_UP_NANOS_MIN, GIVE_UP_NANOS_MAX));
        }
        if (!lost && nowNanos - giveUpAt.get() < 0) {
            return false;
        }
        giveUpAt = Optional.empty();
        if (!lost && lock.isPresent() && lock.get().closed(nowNanos, true).isPresent()) {
            if (lock.get().has(set, false)) {
                begin();
            }
            return false; // if another set has the lock, this one is lost from now on
        }
        round++;
        promised = Optional.empty();
        started = false;
        save();
        return true;
    }

    private void recover() {
        try {
            Optional<PromiseStore.Kept> kept = promises.load();
            kept.ifPresent(each -> {
                life = each.life();
                round = each.round();
                promised = each.set();
                started = each.started();
            });
            if (kept.isEmpty()) {
                save(); // whoever counts on this life must find it again after a restart
            }
        } catch (IOException cause) {
            fault = Optional.of("the promise to found a cluster cannot be read: " + cause.getMessage());
        }
    }

    /** Before anybody hears of it. */
    private void save() {
        try {
            promises.save(new PromiseStore.Kept(life, round, promised, started));
        } catch (IOException cause) {
            promised = Optional.empty();
            started = false;
            fault = Optional.of("the promise to found a cluster cannot be kept: " + cause.getMessage());
        }
    }

    private List<Claim> claims(TopologyView view, boolean history) {
        FoundingPromise own = promise(history);
        long ownCluster = started && promised.isPresent() ? promised.get().clusterId() : 0;
        Seat seat = Claim.seat(config.name(), self, own);
        return Claim.all(view, new Claim(seat, self, config.name(), own, ownCluster, true));
    }

    private Verdict outside(Claim member) {
        String seen = "(seen at " + member.label() + ", cluster id " + Long.toHexString(member.clusterId()) + ")";
        return rule.expects() > 0
                ? waiting("the cluster '" + config.cluster() + "' is established without this peer " + seen
                        + ": it waits to be made a member")
                : new Verdict(
                        Phase.REFUSED,
                        Optional.empty(),
                        "slot '" + config.name() + "' of cluster '" + config.cluster()
                                + "' is bound to an earlier life of this peer: the cluster is established " + seen
                                + ", and a member without a disk cannot come back into its slot");
    }

    private static String labels(List<Seat> seats, List<Claim> claims) {
        List<String> labels = new ArrayList<>();
        for (Seat seat : seats) {
            labels.add(claims.stream()
                    .filter(claim -> claim.expects() > 0 && claim.seat().equals(seat))
                    .map(Claim::label)
                    .findFirst()
                    .orElse("'" + seat.slot() + "'"));
        }
        return String.join(", ", labels);
    }

    private static Verdict waiting(String why) {
        return new Verdict(Phase.WAITING, Optional.empty(), why);
    }
}
