package io.metcd.raft.example;

import java.util.List;
import java.util.TreeMap;

/** A core as it should be. */
public final class CoreThatBehaves {
    private final TreeMap<String, Integer> votes = new TreeMap<>();

    public List<String> voters() {
        return List.copyOf(votes.keySet());
    }
}
