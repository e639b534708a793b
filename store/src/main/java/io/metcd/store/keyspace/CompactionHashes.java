package io.metcd.store.keyspace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the hash of each revision that is compacted, as of before, and keeps the last of them: so a member that was
 * asked before a compaction and one that is asked behind it say the same, as etcd's do. They are this member's memory,
 * not part of the state.
 */
final class CompactionHashes {
    /** So many compactions may wait for their hash, and hold on to what they drop; a further one goes without. */
    static final int WAITING_MAX = 4;

    /** As etcd keeps. */
    static final int KEPT_MAX = 10;

    /**
     * What readers see.
     *
     * @param kept by rising revision
     * @param awaited the revisions whose hash is under way
     */
    record Found(List<RevisionHash> kept, List<Long> awaited) {
        static final Found NONE = new Found(List.of(), List.of());
    }

    private final ArrayDeque<KeyspaceHash> waiting = new ArrayDeque<>();
    private Found found;

    /** Goes on from what was kept; what was under way then is not. */
    CompactionHashes(Found found) {
        this.found = found.awaited().isEmpty() ? found : new Found(found.kept(), List.of());
    }

    /** Before a compaction. */
    void expect(Keyspace before, long revision) {
        if (waiting.size() < WAITING_MAX) {
            waiting.add(KeyspaceHash.ofCompaction(before, revision));
            found = new Found(found.kept(), awaited());
        }
    }

    /** Does so much work; true if there is more to do. */
    boolean advance(int work) {
        KeyspaceHash first = waiting.peek();
        if (first != null && !first.advance(work)) {
            waiting.remove();
            List<RevisionHash> kept = new ArrayList<>(found.kept());
            kept.add(first.value());
            found = new Found(List.copyOf(kept.subList(Math.max(0, kept.size() - KEPT_MAX), kept.size())), awaited());
        }
        return !waiting.isEmpty();
    }

    Found found() {
        return found;
    }

    private List<Long> awaited() {
        return waiting.stream().map(KeyspaceHash::revision).toList();
    }
}
