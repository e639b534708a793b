package io.metcd.server.etcd;

import io.metcd.base.Bytes;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One observer of an election: hears of the leader there is, of each value it proclaims and of each new leader. One
 * that does not keep up hears of the newest leader when it does.
 */
final class Observation implements Registry.Producer {
    private final Bytes prefix;
    private final Outbound out;
    private final Sender sender;
    private final ReplicaBridge replica;
    private final Consumer<Observation> onOver;

    /** What was told last, empty if the election has no leader. */
    private Optional<KeyValue> leader = Optional.empty();

    /** Everything up to this revision has been looked at; 0 until the observation has begun. */
    private long position;

    private boolean lagging;
    private boolean over;

    /** Tells the observer. */
    @FunctionalInterface
    interface Sender {
        void leader(long revision, KeyValue kv);
    }

    Observation(Bytes prefix, Outbound out, Sender sender, ReplicaBridge replica, Consumer<Observation> onOver) {
        this.prefix = prefix;
        this.out = out;
        this.sender = sender;
        this.replica = replica;
        this.onOver = onOver;
    }

    /** The oldest entry of the queue at a revision; empty also if that revision is compacted. */
    static Optional<KeyValue> leader(Root root, Bytes prefix, long revision) {
        RangeQuery query = RangeQuery.of(KeyRange.prefix(prefix))
                .withRevision(revision)
                .withSort(Order.ASCEND, Target.CREATE)
                .withLimit(1);
        return Candidacy.first(root, query);
    }

    /** Begins with the state after a barrier. */
    void begin(Root root) {
        if (position == 0) {
            look(root);
        }
    }

    void onTurn(Root root, List<Event> events) {
        if (over || position == 0 || lagging) {
            return;
        }
        if (events.isEmpty()) {
            look(root);
            return;
        }
        for (Event event : events) {
            if (event.revision() > position && !lagging) {
                follow(event, root);
            }
        }
        position = Math.max(position, root.revision());
    }

    @Override
    public void writable() {
        if (lagging && !over) {
            lagging = false;
            look(replica.root());
        }
    }

    @Override
    public void cancelled() {
        if (!over) {
            over = true;
            onOver.accept(this);
        }
    }

    void end(Status status) {
        if (!over) {
            cancelled();
            out.end(status);
        }
    }

    private void follow(Event event, Root root) {
        Bytes key = event.kv().key();
        boolean ofLeader = leader.isPresent() && leader.get().key().equals(key);
        if (event.type() == Event.Type.DELETE) {
            if (ofLeader) {
                lead(event.revision(), leader(root, prefix, event.revision()));
            }
        } else if (ofLeader || (leader.isEmpty() && key.startsWith(prefix))) {
            lead(event.revision(), Optional.of(event.kv()));
        }
    }

    /** Compares what is with what was told. */
    private void look(Root root) {
        if (over || root.revision() == position) {
            return;
        }
        position = root.revision();
        Optional<KeyValue> now = leader(root, prefix, 0);
        if (!isSame(now)) {
            lead(position, now);
        }
    }

    private boolean isSame(Optional<KeyValue> other) {
        return leader.isPresent() == other.isPresent()
                && (leader.isEmpty()
                        || (leader.get().key().equals(other.get().key())
                                && leader.get().modRevision() == other.get().modRevision()));
    }

    private void lead(long revision, Optional<KeyValue> next) {
        leader = next;
        if (next.isPresent()) {
            sender.leader(revision, next.get());
            lagging = !out.writable();
        }
    }
}
