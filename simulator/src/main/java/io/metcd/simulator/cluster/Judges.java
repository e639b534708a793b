package io.metcd.simulator.cluster;

import io.metcd.base.RandomSource;
import io.metcd.node.Replica;
import io.metcd.simulator.history.Chronicle;
import io.metcd.simulator.history.History;
import io.metcd.simulator.history.LeaseTimeline;
import io.metcd.simulator.history.Linearizability;
import io.metcd.simulator.history.StateHashes;
import io.metcd.simulator.world.SimProcess;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that is written down about a run, and what it is judged by. */
public final class Judges {
    private static final long DRAIN_NANOS_MAX = 200_000_000;

    private final History history = new History();
    private final Chronicle chronicle = new Chronicle();
    private final LeaseTimeline leases = new LeaseTimeline();
    private final StateHashes hashes = new StateHashes();
    private final List<Watcher> watchers = new ArrayList<>();
    private final RandomSource random;

    public Judges(RandomSource random, ClusterOptions.Load load) {
        this.random = random;
        Workload keys = new Workload(load, random.fork(), "w");
        for (int i = 0; i < load.watchers(); i++) {
            KeyRange range = random.chance(0.5) ? KeyRange.ALL : KeyRange.single(keys.key());
            watchers.add(new Watcher("w" + i, chronicle, range, random.chance(0.5)));
        }
    }

    public History history() {
        return history;
    }

    Chronicle chronicle() {
        return chronicle;
    }

    public LeaseTimeline leases() {
        return leases;
    }

    List<Watcher> watchers() {
        return List.copyOf(watchers);
    }

    /** Listens to a life of a member; its watches are served by a hub of their own, as a server's loop does it. */
    public Desk desk(SimProcess process, Replica replica) {
        Desk desk = new Desk(process);
        replica.subscribe(desk::turned);
        return desk;
    }

    /** At the end, when nothing is under way any more. */
    public void judge() {
        Linearizability.check(history, chronicle, leases);
    }

    boolean watchersComplete() {
        return watchers.stream().allMatch(watcher -> !watcher.attached() || watcher.isComplete());
    }

    /** The watches at one life of one member. */
    public final class Desk {
        private final SimProcess process;
        private final List<Watcher> attached = new ArrayList<>();
        private Optional<WatchHub> hub = Optional.empty();

        private Desk(SimProcess process) {
            this.process = process;
        }

        /** Whether watches can begin here. */
        boolean open() {
            return hub.isPresent() && !process.ended() && !process.paused();
        }

        void attach(Watcher watcher) {
            attached.add(watcher);
            watcher.attach(hub.orElseThrow().open(watchers.indexOf(watcher)));
        }

        /** The member is gone. */
        List<Watcher> close() {
            attached.forEach(Watcher::detach);
            return attached;
        }

        /** The progress interval of a server has passed. */
        void progressTick() {
            hub.ifPresent(each -> each.onProgressTick().forEach(this::drain));
            attached.forEach(Watcher::requestProgress);
        }

        private void turned(Root root, List<Event> events) {
            long now = process.virtualNow();
            chronicle.applied(process.name(), events, now);
            hashes.applied(process.name(), root.appliedIndex(), root.stateHash());
            if (hub.isEmpty()) {
                hub = Optional.of(new WatchHub(root, Limits.defaults()));
            } else {
                hub.get().onTurn(root, events).forEach(this::drain);
            }
        }

        private void drain(WatchStream stream) {
            Watcher watcher = watchers.get((int) stream.tag());
            if (random.chance(0.9)) {
                watcher.drain();
            } else {
                process.scheduler().schedule(random.between(1, DRAIN_NANOS_MAX), watcher::drain);
            }
        }
    }
}
