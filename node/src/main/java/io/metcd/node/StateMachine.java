package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.Entry;
import io.metcd.raft.codec.EntryCodec;
import io.metcd.store.Applied;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.Store;
import io.metcd.store.kv.Event;
import io.metcd.store.snapshot.SnapshotReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The store of one member, and what the present turn has changed in it. */
final class StateMachine {
    static final Limits LIMITS = Limits.defaults();
    private static final int SCRUB_REVISIONS = 512;

    /** Told of each command as it is applied. */
    interface Observer {
        void applied(Applied applied, long term);
    }

    private final Observer observer;
    private Store store;
    private Root root;
    private List<Event> events = new ArrayList<>();
    private boolean changed;
    private long duplicates;

    StateMachine(Optional<Recovered.Snapshot> snapshot, Observer observer) {
        this.observer = observer;
        this.store = snapshot.map(StateMachine::restored).orElseGet(() -> new Store(LIMITS));
        this.root = store.root();
    }

    static Root emptyRoot() {
        return new Store(LIMITS).root();
    }

    /** As of the last call of {@link #apply} or {@link #install}. */
    Root root() {
        return root;
    }

    long duplicates() {
        return duplicates;
    }

    void apply(List<Entry> committed) {
        for (Entry entry : committed) {
            Optional<Applied> applied = apply(entry);
            if (applied.isPresent()) {
                events.addAll(applied.get().events());
                duplicates += applied.get().duplicate() ? 1 : 0;
                observer.applied(applied.get(), entry.term());
            } else {
                store.skip(entry.index(), entry.term());
            }
        }
        if (!committed.isEmpty()) {
            root = store.root();
            changed = true;
        }
    }

    /** A change of membership stands in the entry with the configuration that it leads to. */
    private Optional<Applied> apply(Entry entry) {
        if (entry.kind() == Entry.Kind.COMMAND) {
            return Optional.of(store.apply(entry.index(), entry.term(), entry.data()));
        }
        Bytes change = entry.kind() == Entry.Kind.CONFIGURATION
                ? EntryCodec.change(entry).payload()
                : Bytes.EMPTY;
        return change.isEmpty()
                ? Optional.empty()
                : Optional.of(store.applyChange(entry.index(), entry.term(), change));
    }

    /** Goes on from another member's state; false if this member has come as far by itself. */
    boolean install(Root other) {
        if (other.appliedIndex() <= root.appliedIndex()) {
            return false;
        }
        store = Store.at(other, LIMITS);
        root = other;
        // What lies between cannot be told as events: watchers find it in the root's history.
        events = new ArrayList<>();
        changed = true;
        return true;
    }

    /** Frees what compaction has made unreadable, a little at a time. */
    void scrub() {
        if (!root.isScrubbed()) {
            store.scrub(SCRUB_REVISIONS);
            root = store.root();
        }
    }

    /** Whether the state was changed since the last call of {@link #takeEvents}. */
    boolean changed() {
        return changed;
    }

    List<Event> takeEvents() {
        List<Event> taken = events;
        events = new ArrayList<>();
        changed = false;
        return taken;
    }

    private static Store restored(Recovered.Snapshot snapshot) {
        SnapshotReader reader = new SnapshotReader(LIMITS);
        snapshot.chunks().forEach(reader::accept);
        SnapshotMark mark = snapshot.mark();
        Root root = reader.root();
        Invariants.check(
                root.appliedIndex() == mark.index(),
                "the snapshot is as of %s, its mark says %s",
                root.appliedIndex(),
                mark.index());
        return Store.at(root, LIMITS);
    }
}
