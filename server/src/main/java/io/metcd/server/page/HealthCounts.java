package io.metcd.server.page;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the questions after this member's health were answered; shared by all event loops. */
public final class HealthCounts {
    private final LongAdder healthy = new LongAdder();
    private final LongAdder unhealthy = new LongAdder();
    private final Map<Key, Results> checks = new ConcurrentHashMap<>();

    /** A check, and the page on whose behalf it was made. */
    record Key(String page, String check) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byPage = page.compareTo(other.page);
            return byPage != 0 ? byPage : check.compareTo(other.check);
        }
    }

    /** How often a check succeeded and failed, and how it ended last. */
    static final class Results {
        private final LongAdder successes = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private volatile boolean lastOk;

        long successes() {
            return successes.sum();
        }

        long errors() {
            return errors.sum();
        }

        boolean lastOk() {
            return lastOk;
        }
    }

    void health(boolean ok) {
        (ok ? healthy : unhealthy).increment();
    }

    void check(String page, String check, boolean ok) {
        Results results = checks.computeIfAbsent(new Key(page, check), key -> new Results());
        (ok ? results.successes : results.errors).increment();
        results.lastOk = ok;
    }

    long healthy() {
        return healthy.sum();
    }

    long unhealthy() {
        return unhealthy.sum();
    }

    SortedMap<Key, Results> checks() {
        return new TreeMap<>(checks);
    }
}
