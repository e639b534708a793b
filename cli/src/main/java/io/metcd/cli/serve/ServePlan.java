package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FeatureGates;
import io.metcd.cli.flags.FlagValues;
import io.metcd.server.WebOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.compaction.Retention;
import io.metcd.server.vertx.ConnectionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What {@code serve} will start. Whoever holds a plan holds one without mistakes.
 *
 * @param cluster name of the mesh and of the cluster
 * @param directory where the member keeps everything; empty for one that keeps nothing
 * @param existing whether the cluster exists already and has made a place for this member
 * @param alone whether what the directory holds begins a new cluster of this member alone
 * @param autonomy how far the cluster changes by itself who votes
 * @param counted how founders are counted; expects nobody if they are named
 * @param mesh how it takes part in the mesh
 * @param tls how those ports of clients speak TLS that do; empty if none does
 * @param observers ports and settings of those who watch the member
 * @param web what of plain HTTP the client port answers
 * @param auth how users are known
 */
public record ServePlan(
        String name,
        String cluster,
        Optional<Path> directory,
        boolean existing,
        boolean alone,
        Autonomy autonomy,
        List<String> founders,
        Counted counted,
        MeshPlan mesh,
        List<Address> clientListen,
        Observers observers,
        List<String> clientUrls,
        Optional<ClientTls> tls,
        Timing timing,
        Limits limits,
        WebOptions web,
        AuthOptions auth) {
    static final int ELECTION_MILLIS_MAX = 50_000;
    static final long QUOTA_BYTES = 2L << 30;
    private static final long STREAMS_MAX = (1L << 32) - 1;
    static final int ELECTION_PER_HEARTBEAT_MIN = 5;

    /**
     * Between heartbeats, and until an election; whether reads at the leader go by the others' promises, and whether what
     * is left of leases goes into the log.
     */
    public record Timing(Duration heartbeat, Duration election, boolean leaseReads, boolean leaseCheckpoints) {}

    /** Bounds of the client port. */
    public record Limits(
            int txnOps,
            int requestBytes,
            long quotaBytes,
            Duration progressInterval,
            int learners,
            Optional<Retention> history,
            ConnectionRules connections) {}

    /** Checks everything that can be checked before anything starts. */
    public static ServePlan of(FlagValues values, SortedMap<String, String> environment) {
        String name = name(values);
        Optional<Path> directory = directory(values, name);
        String cluster = MeshPlan.cluster(values);
        Founders founders = Founders.of(values, name);
        List<Address> clients =
                Address.listening(values.origin("listen-client-urls"), values.list("listen-client-urls"));
        Observers observers = Observers.of(values);
        List<Address> listening = observers.besides(clients);
        List<String> clientUrls = clientUrls(values, clients);
        MeshPlan mesh = MeshPlan.of(values, environment, founders.others());
        return new ServePlan(
                name,
                cluster,
                directory,
                existing(values),
                alone(values),
                Autonomy.of(values),
                founders.names(),
                founders.counted(),
                mesh,
                clients,
                observers,
                clientUrls,
                ClientTls.of(values, listening, clientUrls),
                timing(values),
                new Limits(
                        values.number("max-txn-ops"),
                        values.number("max-request-bytes"),
                        quota(values),
                        values.duration("watch-progress-notify-interval"),
                        values.number("max-learners"),
                        HistoryKept.of(values),
                        connections(values)),
                Observers.web(values),
                TokenFlags.of(values));
    }

    /** As etcd names it when nobody does. */
    private static Optional<Path> directory(FlagValues values, String name) {
        if (!values.on("ephemeral")) {
            String given = values.text("data-dir");
            return Optional.of(Path.of(given.isEmpty() ? name + ".etcd" : given));
        }
        if (values.isSet("data-dir")) {
            throw Mistake.usage(values.origin("data-dir") + " and " + values.origin("ephemeral")
                    + ": a member keeps its data or it does not; leave one of them out");
        }
        return Optional.empty();
    }

    /** Whether the member comes into a cluster that exists. */
    private static boolean existing(FlagValues values) {
        String state = values.text("initial-cluster-state");
        if (!state.equals("new") && !state.equals("existing")) {
            throw Mistake.usage(values.origin("initial-cluster-state") + " is new or existing, not '" + state + "'");
        }
        return state.equals("existing");
    }

    private static boolean alone(FlagValues values) {
        if (values.on("force-new-cluster") && values.on("ephemeral")) {
            throw Mistake.usage(values.origin("force-new-cluster") + " and " + values.origin("ephemeral")
                    + ": there is no kept data to begin with; './metcd refound' asks a member that still runs");
        }
        return values.on("force-new-cluster");
    }

    static String name(FlagValues values) {
        String name = values.text("name");
        if (name.isEmpty() || name.chars().anyMatch(c -> c == ',' || c == '=' || c <= ' ')) {
            throw Mistake.usage(values.origin("name") + ": '" + name
                    + "' is not a name: use letters and digits without blanks, commas or equals signs");
        }
        return name;
    }

    static List<String> clientUrls(FlagValues values, List<Address> listen) {
        String flag = values.origin("advertise-client-urls");
        List<String> given = values.list("advertise-client-urls").stream()
                .map(url -> Address.ofUrl(flag, url).url())
                .toList();
        if (!given.isEmpty()) {
            return given;
        }
        if (listen.stream().anyMatch(Address::isEverywhere)) {
            throw Mistake.usage("--advertise-client-urls is needed when listening everywhere ("
                    + values.text("listen-client-urls") + "): say where clients reach this member");
        }
        return listen.stream().map(Address::url).toList();
    }

    static ConnectionRules connections(FlagValues values) {
        long streams = values.wholeNumber("max-concurrent-streams");
        if (streams < 1 || streams > STREAMS_MAX) {
            throw Mistake.usage(
                    values.origin("max-concurrent-streams") + " is 1 to " + STREAMS_MAX + ", not " + streams);
        }
        return ConnectionRules.DEFAULT
                .withStreamsMax(streams)
                .withKeepalive(
                        values.duration("grpc-keepalive-min-time"),
                        values.duration("grpc-keepalive-interval"),
                        values.duration("grpc-keepalive-timeout"));
    }

    /** 0 is etcd's default of 2 GiB; below 0 there is none. */
    private static long quota(FlagValues values) {
        long bytes = values.wholeNumber("quota-backend-bytes");
        return bytes == 0 ? QUOTA_BYTES : bytes;
    }

    private static Timing timing(FlagValues values) {
        int heartbeat = values.number("heartbeat-interval");
        int election = values.number("election-timeout");
        if (election < ELECTION_PER_HEARTBEAT_MIN * heartbeat || election > ELECTION_MILLIS_MAX) {
            throw Mistake.usage(values.origin("election-timeout") + " (" + election + " ms) must be at least "
                    + ELECTION_PER_HEARTBEAT_MIN + " times " + values.origin("heartbeat-interval") + " (" + heartbeat
                    + " ms) and at most " + ELECTION_MILLIS_MAX + " ms");
        }
        return new Timing(
                Duration.ofMillis(heartbeat),
                Duration.ofMillis(election),
                values.on("lease-reads"),
                FeatureGates.leaseCheckpoints(values));
    }
}
