package io.metcd.mesh.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who was refused at our door, and why. A stranger that comes back with the same mistake is counted, not logged again:
 * a wrong password is retried every second.
 */
final class RefusedPeers {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedPeers.class);
    private static final int REMEMBERED_MAX = 64;

    private final Map<Refused, Long> counts = new LinkedHashMap<>();
    private volatile List<MeshServer.RefusedPeer> published = List.of();

    private record Refused(String host, String words) {}

    void add(String host, String words) {
        Refused refused = new Refused(host, words);
        Long known = counts.remove(refused);
        if (known == null) {
            LOG.warn("refused peer from={} reason=\"{}\"", host, words);
        }
        counts.put(refused, known == null ? 1 : known + 1);
        if (counts.size() > REMEMBERED_MAX) {
            counts.remove(counts.keySet().iterator().next());
        }
        List<MeshServer.RefusedPeer> all = new ArrayList<>(counts.size());
        counts.forEach((key, count) -> all.add(new MeshServer.RefusedPeer(key.host(), key.words(), count)));
        published = List.copyOf(all);
    }

    /** Least recent first; from any thread. */
    List<MeshServer.RefusedPeer> recent() {
        return published;
    }
}
