package io.metcd.simulator.history;

import io.metcd.base.Invariants;
import java.util.HashMap;
import java.util.Map;

/** Members that have applied the same entries have the same state: one hash for each applied index. */
public final class StateHashes {
    private final Map<Long, Long> hashes = new HashMap<>();

    public void applied(String member, long index, long hash) {
        Long known = hashes.putIfAbsent(index, hash);
        Invariants.check(
                known == null || known == hash,
                "determinism: %s has another state than others at applied index %s",
                member,
                index);
    }
}
