package io.metcd.mesh.net;

import io.metcd.base.Scheduler;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every source again and again, more often while this peer is alone, and says what each of them knows now; the
 * mesh dials it. Gossip tells the rest once one peer has been met.
 */
final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Of one source; what it knows more is left out. */
    static final int ADDRESSES_MAX = 64;

    private final Scheduler loop;
    private final List<Source> sources;
    private final Door door;
    private final Map<String, List<String>> last = new TreeMap<>();

    /**
     * What discovery needs of the mesh.
     *
     * @param linked whether there is a link to anybody
     * @param own addresses that lead to this peer
     * @param seeds takes what a source says now
     */
    record Door(BooleanSupplier linked, Set<String> own, Seeds seeds) {}

    /** Takes all that a source knows now, in place of what it said last. */
    @FunctionalInterface
    interface Seeds {
        void are(String source, Collection<String> addresses);
    }

    Discovery(Scheduler loop, List<Source> sources, Door door) {
        this.loop = loop;
        this.sources = List.copyOf(sources);
        this.door = door;
    }

    /** Looks for the first time now; on the loop. */
    void start() {
        if (!sources.isEmpty()) {
            look();
        }
    }

    private void look() {
        for (Source source : sources) {
            source.look(found -> take(source.word(), found));
        }
        loop.schedule(door.linked().getAsBoolean() ? INTERVAL_NANOS : ALONE_NANOS, this::look);
    }

    private void take(String word, List<String> found) {
        List<String> others = found.stream()
                .filter(address -> !door.own().contains(address))
                .distinct()
                .sorted()
                .limit(ADDRESSES_MAX)
                .toList();
        if (!others.equals(last.getOrDefault(word, List.of()))) {
            LOG.info("peers to dial source={} addresses={}", word, others);
            last.put(word, others);
            door.seeds().are(word, others);
        }
    }
}
