package io.metcd.raft.membership;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.quorum.Quorum;
import java.util.ArrayList;
import java.util.List;

/**
 * The configurations in the log. A member uses the latest one it has, committed or not (Raft §6), so a truncation may
 * bring an older one back.
 *
 * <p>Invariant: ascending by index, never empty; the first one is in force at the snapshot.
 */
public final class Membership {
    private final List<Placed> history = new ArrayList<>();
    private Quorum quorum;

    private record Placed(long index, Configuration configuration) {}

    public Membership(long snapshotIndex, Configuration configuration) {
        history.add(new Placed(snapshotIndex, configuration));
        quorum = new Quorum(configuration);
    }

    public Configuration current() {
        return latest().configuration();
    }

    /** Of the current configuration; another object after each change. */
    public Quorum quorum() {
        return quorum;
    }

    /** The configuration in force at an index not before the snapshot. */
    public Configuration asOf(long index) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).index() <= index) {
                return history.get(i).configuration();
            }
        }
        throw new Invariants.Violation("no configuration as of " + index + ", only " + history);
    }

    public void appended(Entry entry) {
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
            Invariants.check(entry.index() > latest().index(), "configuration at %s", entry.index());
            history.add(new Placed(entry.index(), ConfigurationCodec.decode(entry.data())));
            quorum = new Quorum(current());
        }
    }

    /** Entries from this index on are gone. */
    public void truncated(long from) {
        boolean changed = false;
        while (latest().index() >= from) {
            history.remove(history.size() - 1);
            changed = true;
        }
        if (changed) {
            quorum = new Quorum(current());
        }
    }

    /** Entries up to this index are in the state machine. */
    public void compacted(long index) {
        while (history.size() > 1 && history.get(1).index() <= index) {
            history.remove(0);
        }
    }

    /** The state machine has been replaced, and the log with it unless it continues that state. */
    public void installed(long index, Configuration configuration) {
        history.removeIf(placed -> placed.index() <= index);
        history.add(0, new Placed(index, configuration));
        quorum = new Quorum(current());
    }

    private Placed latest() {
        Invariants.check(!history.isEmpty(), "a member without a configuration");
        return history.get(history.size() - 1);
    }
}
