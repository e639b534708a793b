package io.metcd.raft.membership;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.quorum.Quorum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** The configuration before the current one, while it is remembered. */
    public Optional<Configuration> former() {
        return history.size() < 2
                ? Optional.empty()
                : Optional.of(history.get(history.size() - 2).configuration());
    }

    /** Whether a remembered configuration up to this index contains the member. */
    public boolean everContained(long member, long index) {
        return history.stream()
                .anyMatch(placed ->
                        placed.index() <= index && placed.configuration().contains(member));
    }

    /** Of the current configuration; another object after each change. */
    public Quorum quorum() {
        return quorum;
    }

    /** The configuration in force at an index not before the snapshot. */
    public Configuration asOf(long index) {
        return placedAsOf(index).configuration();
    }

    /** The entry that brought the configuration in force at an index. */
    public long indexAsOf(long index) {
        return placedAsOf(index).index();
    }

    private Placed placedAsOf(long index) {
        for (int i = history.size() - 1; i >= 0; i--) {
            if (history.get(i).index() <= index) {
                return history.get(i);
            }
        }
        throw new Invariants.Violation("no configuration as of " + index + ", only " + history);
    }

    /** The entry that brought the current configuration; the snapshot's index when none did. */
    public long currentIndex() {
        return latest().index();
    }

    public void appended(Entry entry) {
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
            Invariants.check(entry.index() > latest().index(), "configuration at %s", entry.index());
            history.add(new Placed(
                    entry.index(), ConfigurationCodec.decodeChange(entry.data()).configuration()));
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
