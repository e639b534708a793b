package io.metcd.conformance.torture;

import io.metcd.conformance.client.KvClient.Stored;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients know of their writes. Each key is written at most once by a client, so whatever is stored under it says
 * how often the write took effect: an acknowledged write exactly once, at the revision that was acknowledged; one
 * without an answer once or never, and once seen it must stay. For any thread.
 */
public final class Ledger {
    private static final long UNKNOWN = 0;

    private final ConcurrentSkipListMap<String, Long> revisions = new ConcurrentSkipListMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong newest = new AtomicLong();

    /** Writes down that the key is about to be written; returns the highest revision acknowledged so far. */
    public long attempt(String key) {
        if (revisions.putIfAbsent(key, UNKNOWN) != null) {
            throw new IllegalArgumentException("a key is written once: " + key);
        }
        return newest.get();
    }

    /**
     * Writes down the answer.
     *
     * @param before what {@link #attempt} returned: the write began later, so its revision must be higher
     */
    public void acknowledge(String key, long revision, long before) {
        revisions.put(key, revision);
        acknowledged.incrementAndGet();
        newest.accumulateAndGet(revision, Math::max);
        if (revision <= before) {
            throw new BrokenPromise("the put of " + key + " was acknowledged at revision " + revision
                    + ", but revision " + before + " had been acknowledged before it began");
        }
    }

    /** The write was never sent: nothing may be found of it. */
    public void withdraw(String key) {
        revisions.remove(key, UNKNOWN);
    }

    /** What must be found under the prefix by a linearizable read that begins after this call. */
    public Expectation expect(String prefix) {
        SortedMap<String, Long> known = new TreeMap<>();
        revisions.subMap(prefix, prefix + Character.MAX_VALUE).forEach((key, revision) -> {
            if (revision != UNKNOWN) {
                known.put(key, revision);
            }
        });
        return new Expectation(known);
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    public long newestRevision() {
        return newest.get();
    }

    /** Attempts whose outcome nobody knows: neither acknowledged nor seen. */
    public long unknown() {
        return revisions.values().stream()
                .filter(revision -> revision == UNKNOWN)
                .count();
    }

    /** The value that belongs to a key; some are long, so that segments fill. */
    public static String valueOf(String key) {
        int hash = key.hashCode();
        int length = Math.floorMod(hash, 16) == 0 ? 2_000 : Math.floorMod(hash >> 4, 200);
        return "value of " + key + " " + "x".repeat(length);
    }

    /** What a read must show. */
    public final class Expectation {
        private final SortedMap<String, Long> known;

        private Expectation(SortedMap<String, Long> known) {
            this.known = known;
        }

        /** Compares with what was found through {@code member}; throws when a promise is broken. */
        public void mustEqual(List<Stored> found, String member) {
            Map<String, Stored> stored = new TreeMap<>();
            for (Stored kv : found) {
                stored.put(kv.key(), kv);
                judge(kv, member);
            }
            known.forEach((key, revision) -> {
                if (!stored.containsKey(key)) {
                    throw new BrokenPromise(
                            "LOST: " + key + " was acknowledged at revision " + revision + " and is not at " + member);
                }
            });
        }

        public int size() {
            return known.size();
        }
    }

    private void judge(Stored kv, String member) {
        Long revision = revisions.get(kv.key());
        String what = kv.key() + " at " + member;
        if (revision == null) {
            throw new BrokenPromise(what + " was never written");
        }
        if (kv.version() != 1) {
            throw new BrokenPromise(what + " was written once and took effect " + kv.version() + " times");
        }
        if (!kv.value().equals(valueOf(kv.key()))) {
            throw new BrokenPromise(what + " holds another value: " + kv.value());
        }
        if (revision == UNKNOWN) {
            // An answer may come in between; then it must name the same revision.
            revision = revisions.replace(kv.key(), UNKNOWN, kv.modRevision())
                    ? Long.valueOf(kv.modRevision())
                    : revisions.get(kv.key());
        }
        if (revision == null || revision != kv.modRevision()) {
            throw new BrokenPromise(what + " has revision " + kv.modRevision() + ", acknowledged was " + revision);
        }
    }

    /** Something that a durable cluster promises did not hold. */
    public static final class BrokenPromise extends IllegalStateException {
        private static final long serialVersionUID = 1;

        public BrokenPromise(String text) {
            super(text);
        }
    }
}
