package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.mesh.net.MeshServer;
import io.metcd.node.Limits;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.autopilot.Rules;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a member together.
 *
 * <pre>
 * Metcd ── Kv, Leases, Contest, WatchPump
 *   │            │ submit, read, keepAlive        ▲ turns
 *   └─ ReplicaThread ──► Replica.turn() ──────────┘
 *                            │ ▲ packets, calls, views
 *                            ▼ │
 *                        MeshServer (its own thread)      Storage (the journal's threads)
 * </pre>
 */
final class Assembly {
    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
    private static final int HEARTBEAT_TICKS = 5;

    private Assembly() {}

    static Metcd start(Metcd.Builder settings) {
        if (settings.ephemeral == settings.directory.isPresent()) {
            throw new IllegalArgumentException(
                    "say either durable(directory), to keep everything there, or ephemeral(), to keep nothing");
        }
        FoundingGuard.name(settings);
        if (settings.requestBytesMax < 1 || settings.requestBytesMax > Metcd.Builder.REQUEST_BYTES_LIMIT) {
            throw new IllegalArgumentException("requests of " + settings.requestBytesMax + " bytes: give 1 to "
                    + Metcd.Builder.REQUEST_BYTES_LIMIT + ", since one larger would hold all others up");
        }
        // Checked before anything is taken; it is made again with what was.
        ReplicaConfig planned = config(settings, 0);
        Storage storage = settings.directory
                .map(directory -> Storage.in(directory, planned, settings))
                .orElseGet(Storage::inMemory);
        try {
            return start(settings, storage);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private static Metcd start(Metcd.Builder settings, Storage storage) {
        long incarnation = storage.incarnation();
        MeshSettings wanted = settings.mesh.withRequestBytesMax(settings.requestBytesMax);
        MeshServer mesh = MeshServer.bind(
                wanted.config(settings.cluster, settings.name, incarnation),
                storage.peer(),
                wanted.security(settings.cluster));
        storage.peersFile().ifPresent(mesh::remember);
        ReplicaThread thread = new ReplicaThread(settings.name);
        ReplicaConfig planned = config(settings, incarnation);
        ReplicaConfig config = sized(storage.isGivenUp() ? planned.joining() : planned, storage)
                .withUrls(settings.clientUrls, wanted.urlsOf(mesh.config()));
        Replica.Doors doors = new Replica.Doors(
                Clock.system(),
                RandomSource.system(),
                mesh,
                storage.journal(),
                storage.identities(),
                FoundingGuard.doors(settings, storage.promises()));
        sayQuota(settings.quotaBytes, config.limits().quotaBytes());
        Replica replica = new Replica(config, doors, thread::wake);
        mesh.onTopology(settings.onTopology);
        mesh.onFailure(bug -> replica.abort("a bug of ours in the mesh: " + bug));
        Metcd member = new Metcd(new Metcd.Parts(mesh, replica, thread, storage, settings));
        mesh.start();
        return member;
    }

    /** As before, with other times. */
    static ReplicaConfig.Timing timing(ReplicaConfig.Timing before, Duration heartbeat, Duration election) {
        long millis = heartbeat.toMillis();
        int tick = (int) Math.max(1, Math.min(millis / HEARTBEAT_TICKS, ReplicaConfig.Timing.LAN.tickMillis()));
        return new ReplicaConfig.Timing(
                tick,
                (int) Math.max(1, millis / tick),
                (int) Math.max(1, election.toMillis() / tick),
                before.leaseReads(),
                before.checkpointSeconds());
    }

    static long requestNanos(Metcd.Builder settings) {
        return settings.requestTimeout.map(Duration::toNanos).orElse(settings.timing.requestNanos());
    }

    private static ReplicaConfig config(Metcd.Builder settings, long incarnation) {
        boolean unnamed = settings.founders.isEmpty() || settings.expected > 0;
        List<String> founders = unnamed ? List.of(settings.name) : settings.founders;
        ReplicaConfig config = ReplicaConfig.ephemeral(settings.cluster, settings.name, founders, incarnation)
                .withTiming(settings.timing);
        config = config.withLimits(Limits.DEFAULT
                        .withLearnersMax(settings.learnersMax)
                        .withQuotaBytes(settings.quotaBytes)
                        .withinHeap(Runtime.getRuntime().maxMemory()))
                .withZone(settings.zone)
                .withAutopilot(autopilot(settings));
        if (settings.existing) {
            return settings.ephemeral ? config.guest() : config.joining();
        }
        return FoundingGuard.apply(settings, settings.ephemeral ? config : config.durable());
    }

    /** Says what the store may hold: a heap that is too small for it stalls the member long before it ends it. */
    private static void sayQuota(long wanted, long bytes) {
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes < wanted) {
            LOG.warn(
                    "quota_bytes={} and not {}: 45 % of the heap's maximum of {}; raise -Xmx to hold more",
                    bytes, wanted, heap);
        } else {
            LOG.info("quota_bytes={} max_heap_bytes={}", bytes > 0 ? bytes : "off", heap);
        }
    }

    /** What a small disk cannot hold beside its reserve is not begun either. */
    private static ReplicaConfig sized(ReplicaConfig config, Storage storage) {
        Limits limits = config.limits();
        return config.withLimits(
                limits.withJournalBytesMin(Math.min(limits.journalBytesMin(), storage.segmentBytes())));
    }

    private static Rules autopilot(Metcd.Builder settings) {
        int founders = Math.max(settings.founders.size(), settings.expected);
        Rules rules = settings.ephemeral ? Rules.FORGETTING : Rules.KEEPING;
        return rules.with(settings.autopilot)
                .withLostNanos(settings.replaceAfter.map(Duration::toNanos).orElse(rules.lostNanos()))
                .withVoters(settings.voters.orElse(Rules.votersFor(founders)));
    }
}
