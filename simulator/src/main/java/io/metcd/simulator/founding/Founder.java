package io.metcd.simulator.founding;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.Founding;
import io.metcd.node.FoundingPromise;
import io.metcd.node.FoundingSet;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.SplitAlarm;
import io.metcd.simulator.world.SimProcess;
import java.util.Optional;

/** One life of one process: it looks, decides as the real founding does, and says what it is. */
final class Founder {
    final SimProcess process;
    final int host;
    final PeerId peer;
    final Sight sight;
    final SplitAlarm alarm = new SplitAlarm();
    private final ReplicaConfig config;
    private final Optional<Founding> founding;
    private Optional<FoundingSet> running = Optional.empty();
    private Optional<Bytes> runningHash = Optional.empty();
    private String why = "";
    private boolean history;
    private long said;
    private boolean looking;

    /** Who a founder is. */
    record Person(SimProcess process, PeerId peer, ReplicaConfig config) {}

    Founder(Person person, Optional<Founding> founding, boolean history) {
        this.process = person.process();
        this.host = process.id();
        this.peer = person.peer();
        this.config = person.config();
        this.sight = new Sight(peer);
        this.founding = founding;
        this.history = history;
    }

    boolean isAwake() {
        return !process.ended() && !process.paused();
    }

    boolean hasHistory() {
        return history && running.isPresent();
    }

    /** A leader has committed something. */
    void reign() {
        history = true;
    }

    Optional<FoundingSet> running() {
        return running;
    }

    long clusterId() {
        return running.map(FoundingSet::clusterId).orElse(0L);
    }

    String name() {
        return config.name();
    }

    String why() {
        return why;
    }

    /** What it promises now; founders that start without a word promise nothing. */
    Optional<FoundingPromise> promise() {
        return founding.map(each -> each.promise(hasHistory()));
    }

    /** True until the look that was asked for has happened. */
    boolean askLook() {
        boolean asked = looking;
        looking = true;
        return !asked;
    }

    /** Looks at what it has heard. */
    void look(long nowNanos) {
        looking = false;
        TopologyView view = sight.view();
        if (hasHistory()) {
            alarm.observe(view, clusterId(), running.orElseThrow().epoch());
            return;
        }
        if (founding.isEmpty()) {
            start(FoundingSet.ofSlots(config.cluster(), config.founders()));
            return;
        }
        Founding.Verdict verdict = founding.get().observe(view, nowNanos, history);
        why = verdict.why();
        if (verdict.phase() == Founding.Phase.STARTED) {
            start(verdict.set().orElseThrow());
        } else {
            running = Optional.empty();
            runningHash = Optional.empty();
            history = false;
        }
    }

    /** Its new record, if it has anything new to say. */
    Optional<Sight.Word> speak() {
        PeerFacts facts = PeerFacts.named(config.name());
        Optional<FoundingPromise> promise = promise();
        if (promise.isPresent()) {
            facts = facts.withPromise(promise.get().encode());
        }
        if (running.isPresent()) {
            FoundingSet set = running.get();
            facts = facts.withMember(host + 1L, set.clusterId(), set.epoch()).withLeader(0, history ? 1 : 0);
        }
        for (Sight.Word own : sight.words()) {
            if (own.peer.equals(peer) && own.incarnation == config.incarnation() && own.facts.equals(facts)) {
                return Optional.empty();
            }
        }
        Sight.Word record = new Sight.Word(peer, config.incarnation(), ++said, facts);
        sight.hear(record);
        return Optional.of(record);
    }

    private void start(FoundingSet set) {
        why = "";
        if (!runningHash.equals(Optional.of(set.hash()))) {
            running = Optional.of(set);
            runningHash = Optional.of(set.hash());
        }
    }

    @Override
    public String toString() {
        return process.name()
                + running.map(set -> " runs " + Long.toHexString(set.clusterId()))
                        .orElse("")
                + (history ? " with a history" : "")
                + (why.isEmpty() ? "" : ": " + why);
    }
}
