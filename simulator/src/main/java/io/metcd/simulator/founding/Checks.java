package io.metcd.simulator.founding;

import io.metcd.base.Bytes;
import io.metcd.node.FoundingPromise;
import io.metcd.node.FoundingSet;
import io.metcd.node.FoundingSet.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must hold of every founding, looked at after each step. */
public final class Checks {
    private static final long DETECTION_NANOS = 2_000_000_000L;

    private final Mode mode;
    /** What each life has promised. */
    private final Map<String, Bytes> promises = new TreeMap<>();
    /** The sets that somebody has started, by cluster id. */
    private final Map<Long, FoundingSet> started = new TreeMap<>();

    private final TreeSet<String> doubles = new TreeSet<>();
    private final TreeSet<String> met = new TreeSet<>();
    private final TreeSet<String> detected = new TreeSet<>();
    /** Since when two founders of two clusters reach each other and could know it. */
    private final Map<String, Long> contacts = new TreeMap<>();

    private long slowestDetection;
    private boolean split;
    /** Whether the mesh is as prompt as it promises, so that alarms must be in time. */
    private boolean prompt;

    private Optional<String> violation = Optional.empty();

    Checks(Shape shape) {
        this.mode = shape.mode();
        this.prompt = shape.prompt();
    }

    Optional<String> violation() {
        return violation;
    }

    /** Whether two clusters were founded where that must never happen. */
    boolean split() {
        return split;
    }

    /** Pairs of clusters of which members lived at one time, be it a survivor of one that is lost. */
    int doubles() {
        return doubles.size();
    }

    /** Of them, those whose members could reach each other for long enough. */
    int met() {
        return met.size();
    }

    /** Of those, how many were in every such member's status in time. */
    int detected() {
        return (int) met.stream().filter(detected::contains).count();
    }

    long slowestDetectionNanos() {
        return slowestDetection;
    }

    /** Whether a contact has not lasted long enough yet to judge it. */
    boolean waits(long now) {
        return contacts.values().stream().anyMatch(since -> now - since <= DETECTION_NANOS);
    }

    /** From now on, whoever meets must tell in time. */
    void expectAlarms() {
        prompt = true;
    }

    void looked(Founder founder) {
        founder.promise().ifPresent(promise -> promised(founder, promise));
        founder.running().ifPresent(set -> started(founder, set));
    }

    private void promised(Founder founder, FoundingPromise promise) {
        if (promise.set().isEmpty()) {
            return;
        }
        String life = founder.peer + "/" + promise.life() + "/" + promise.round();
        Bytes earlier = promises.put(life, promise.set());
        if (earlier != null && !earlier.equals(promise.set())) {
            fail(founder + " has promised two sets in one life");
        }
    }

    private void started(Founder founder, FoundingSet set) {
        if (started.put(set.clusterId(), set) != null) {
            return;
        }
        for (Seat seat : set.seats()) {
            String life = seat.peer()
                    .map(peer -> peer + "/" + seat.incarnation() + "/" + seat.round())
                    .orElse("");
            if (!life.isEmpty() && !promises.getOrDefault(life, Bytes.EMPTY).equals(set.hash())) {
                fail(founder + " has started a set that '" + seat.slot() + "' never promised");
            }
        }
        if (mode.onceForAll() && started.size() > 1) {
            split = true;
            fail("two clusters were founded: " + started.values());
        }
    }

    /** Looks at all that live now. */
    void step(World world) {
        List<Founder> alive = world.alive();
        List<FoundingSet> ruling = new ArrayList<>();
        for (FoundingSet set : started.values()) {
            long members = alive.stream()
                    .filter(founder -> founder.clusterId() == set.clusterId())
                    .count();
            if (members > set.seats().size() / 2) {
                ruling.add(set);
            }
        }
        if (ruling.size() > 1 && mode != Mode.EXPECT_RISK) {
            split = true;
            fail("two clusters live: " + ruling);
        }
        for (Founder a : alive) {
            for (Founder b : alive) {
                if (a.hasHistory() && b.hasHistory() && Long.compareUnsigned(a.clusterId(), b.clusterId()) < 0) {
                    contact(a, b, world);
                }
            }
        }
    }

    private void contact(Founder a, Founder b, World world) {
        String pair = Long.toHexString(a.clusterId()) + "+" + Long.toHexString(b.clusterId());
        String both = a.process.name() + "+" + b.process.name();
        long now = world.queue.now();
        doubles.add(pair);
        if (!prompt || !a.isAwake() || !b.isAwake() || !world.connected(a, b)) {
            contacts.remove(both);
            return;
        }
        long since = contacts.computeIfAbsent(both, key -> now);
        boolean alarmed = tells(a, b.clusterId()) && tells(b, a.clusterId());
        if (alarmed && detected.add(pair)) {
            slowestDetection = Math.max(slowestDetection, now - since);
        }
        if (now - since > DETECTION_NANOS) {
            met.add(pair);
            if (!alarmed) {
                fail("two clusters have been in contact for 2 s and nothing tells of it: " + a + " / " + b);
            }
        }
    }

    private static boolean tells(Founder founder, long other) {
        return founder.alarm.rivals().stream().anyMatch(rival -> rival.clusterId() == other)
                && founder.alarm.text("orders").orElse("").contains(Long.toHexString(other));
    }

    /** Judges a world in which everybody lives and reaches everybody: empty while it has not come to rest. */
    Optional<Outcome> rest(List<Founder> alive) {
        boolean thrownAway = mode == Mode.EXPECT_LOCK
                && started.keySet().stream().anyMatch(id -> processes(id, alive) && !canReign(id, alive));
        if (thrownAway) {
            return Optional.empty();
        }
        boolean reigns = alive.stream().anyMatch(Founder::hasHistory);
        if (!reigns) {
            return alive.stream().allMatch(founder -> isLockedOut(founder, alive))
                    ? Optional.of(Outcome.BLOCKED)
                    : Optional.empty();
        }
        for (Founder founder : alive) {
            boolean survives = founder.running().isPresent() && !canReign(founder.clusterId(), alive);
            if (!founder.hasHistory() && founder.why().isEmpty() && !survives) {
                return Optional.empty();
            }
        }
        boolean whole = started.values().stream()
                .anyMatch(set -> alive.stream()
                                .filter(founder -> founder.hasHistory() && founder.clusterId() == set.clusterId())
                                .count()
                        > set.seats().size() / 2);
        return Optional.of(whole ? Outcome.FOUNDED : Outcome.BLOCKED);
    }

    /** The set that has the lock has lost its majority: the others say so, and its survivors can do nothing. */
    private boolean isLockedOut(Founder founder, List<Founder> alive) {
        boolean survivor = founder.running().isPresent() && !canReign(founder.clusterId(), alive);
        return (mode == Mode.EXPECT_LOCK && survivor)
                || founder.why().contains("belongs to the cluster")
                || founder.why().contains("has started to have");
    }

    /** Whether those who run a cluster are enough for a leader. */
    private boolean canReign(long clusterId, List<Founder> alive) {
        FoundingSet set = started.get(clusterId);
        long members = alive.stream()
                .filter(founder -> founder.clusterId() == clusterId)
                .count();
        return set != null && members > set.seats().size() / 2;
    }

    /** Whether the processes that have promised a cluster live in sufficient number, though they may have given up. */
    private boolean processes(long clusterId, List<Founder> alive) {
        FoundingSet set = started.get(clusterId);
        if (set == null) {
            return false;
        }
        long living = set.seats().stream()
                .filter(seat -> alive.stream().anyMatch(founder -> seat.peer().equals(Optional.of(founder.peer))))
                .count();
        return living > set.seats().size() / 2;
    }

    /** What a run came to. */
    public enum Outcome {
        /** A cluster lives, and whoever is not in it says why. */
        FOUNDED,
        /** The cluster has lost its majority, and a survivor or the lock keeps everybody from founding another. */
        BLOCKED
    }

    private void fail(String what) {
        if (violation.isEmpty()) {
            violation = Optional.of(what);
        }
    }
}
