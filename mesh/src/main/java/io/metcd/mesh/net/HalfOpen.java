package io.metcd.mesh.net;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The accepted connections that have not proved themselves yet. Whoever opens more than its share pushes out its own
 * oldest; when all are too many, the oldest of all goes. So a flood from one address never costs another its place.
 */
final class HalfOpen<C> {
    private final int max;
    private final int perSourceMax;

    /** Connection to source address, oldest first. */
    private final Map<C, String> sources = new LinkedHashMap<>();

    /** Invariant: the number of connections in {@link #sources} with that source, never 0. */
    private final Map<String, Integer> counts = new TreeMap<>();

    HalfOpen(int max, int perSourceMax) {
        this.max = max;
        this.perSourceMax = perSourceMax;
    }

    /** Adds a connection; the one that it pushed out, if any, is no longer here and must be dropped. */
    Optional<C> add(String source, C connection) {
        Optional<C> pushedOut = Optional.empty();
        if (counts.getOrDefault(source, 0) >= perSourceMax) {
            pushedOut = sources.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(source))
                    .findFirst()
                    .map(Map.Entry::getKey);
        } else if (sources.size() >= max) {
            pushedOut = Optional.of(sources.keySet().iterator().next());
        }
        pushedOut.ifPresent(this::remove);
        sources.put(connection, source);
        counts.merge(source, 1, Integer::sum);
        return pushedOut;
    }

    /** Without effect on a connection that is not there. */
    void remove(C connection) {
        String source = sources.remove(connection);
        if (source != null) {
            counts.compute(source, (any, count) -> count == null || count == 1 ? null : count - 1);
        }
    }

    List<C> all() {
        return List.copyOf(sources.keySet());
    }

    int size() {
        return sources.size();
    }
}
