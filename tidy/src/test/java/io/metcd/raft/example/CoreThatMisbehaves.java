package io.metcd.raft.example;

import java.util.HashMap;
import java.util.Map;

/** Does in one place what no core may do; the rules are shown to see it. */
public final class CoreThatMisbehaves {
    private final Map<String, Integer> votes = new HashMap<>();

    public int count() {
        return votes.size() + Map.of("a", 1).size();
    }

    public long now() {
        return System.nanoTime();
    }

    public Thread start() {
        return new Thread(this::count);
    }
}
