package io.metcd.cli.flags;

import static io.metcd.cli.flags.Flag.refused;
import static io.metcd.cli.flags.Flag.used;
import static io.metcd.cli.flags.Flag.usedSwitch;
import static io.metcd.cli.flags.Flag.warned;
import static io.metcd.cli.flags.Flag.warnedSwitch;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** etcd's flags by topic, so that a unit file changes only the name of the program. */
final class EtcdFlags {
    private static final String BYTES_DECIDE = "the log is cut by bytes";
    private static final String ENGINE = "etcd's storage engine has this knob; there is no such engine here";
    private static final String ONE_CERTIFICATE =
            "one certificate serves both ends of a link: give it as --peer-cert-file,"
                    + " issued for clientAuth and serverAuth";
    private static final String LATER = "not built yet";
    private static final String GOSSIP = "peers find each other by gossip: name seeds with --join";

    private static final String TRACING = "traces are not collected";

    /** Names of before 3.6 that still do what they say. */
    static final SortedMap<String, String> OLDER_NAMES = new TreeMap<>(Map.of(
            "experimental-watch-progress-notify-interval", "watch-progress-notify-interval",
            "experimental-warning-apply-duration", "warning-apply-duration",
            "experimental-warning-unary-request-duration", "warning-unary-request-duration"));

    private EtcdFlags() {}

    static List<Flag> all() {
        return Stream.of(member(), cluster(), discovery(), limits(), engine(), older(), security(), observation())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Flag> member() {
        return List.of(
                used("name", "default", "the member's name"),
                used("data-dir", "", "the member's directory, its own alone; NAME.etcd by default"),
                refused("wal-dir", "the log is in the data directory: put that on the disk that you mean"),
                used(
                        "config-file",
                        "",
                        "YAML with flags' names as keys; all other flags and variables are then ignored"),
                used("listen-client-urls", "http://localhost:2379", "where clients connect, comma-separated"),
                used("advertise-client-urls", "", "where clients are told to connect; as listened by default"),
                used(
                        "listen-client-http-urls",
                        "",
                        "where JSON and pages are answered, away from gRPC; both by default"),
                used(
                        "listen-peer-urls",
                        "http://localhost:2380",
                        "where the mesh listens: http:// for TCP, quic://, or one of each"),
                used("initial-advertise-peer-urls", "", "where other peers dial; as listened by default"),
                used("heartbeat-interval", "100", "milliseconds between a leader's heartbeats"),
                used("election-timeout", "1000", "milliseconds without a leader until an election"),
                warnedSwitch("initial-election-tick-advance", "elections do not wait at boot"),
                warnedSwitch("pre-vote", "pre-vote is always on"),
                usedSwitch("force-new-cluster", "false", "begin a new cluster of this member alone with its data"));
    }

    private static List<Flag> cluster() {
        return List.of(
                used("initial-cluster", "", "founders and where they are dialled: a=http://h:2380,b=http://i:2380"),
                used("initial-cluster-state", "new", "new, or existing for a member that was added to a cluster"),
                used("initial-cluster-token", "etcd-cluster", "the cluster's name, unless --cluster gives one"),
                warnedSwitch("strict-reconfig-check", "changes of membership are always checked"),
                used("max-learners", "1", "learners that may be added to the cluster"));
    }

    private static List<Flag> discovery() {
        return Stream.of(
                        "discovery",
                        "discovery-token",
                        "discovery-endpoints",
                        "discovery-dial-timeout",
                        "discovery-request-timeout",
                        "discovery-keepalive-time",
                        "discovery-keepalive-timeout",
                        "discovery-insecure-transport",
                        "discovery-insecure-skip-tls-verify",
                        "discovery-cert",
                        "discovery-key",
                        "discovery-cacert",
                        "discovery-user",
                        "discovery-password",
                        "discovery-srv",
                        "discovery-srv-name",
                        "discovery-proxy",
                        "discovery-fallback")
                .map(name -> name.contains("insecure") ? warnedSwitch(name, GOSSIP) : warned(name, GOSSIP))
                .toList();
    }

    /** Experiments of earlier versions, and what is only there to be taken away. */
    private static List<Flag> older() {
        return List.of(
                warned("experimental-warning-apply-duration", LATER),
                warned("experimental-bootstrap-defrag-threshold-megabytes", ENGINE),
                warnedSwitch("experimental-compact-hash-check-enabled", LATER),
                warned("experimental-compact-hash-check-time", LATER),
                warned("experimental-compaction-batch-limit", ENGINE),
                warned("experimental-compaction-sleep-interval", ENGINE),
                warned("experimental-corrupt-check-time", LATER),
                warnedSwitch("experimental-enable-distributed-tracing", TRACING),
                warned("experimental-distributed-tracing-address", TRACING),
                warned("experimental-distributed-tracing-instance-id", TRACING),
                warned("experimental-distributed-tracing-sampling-rate", TRACING),
                warned("experimental-distributed-tracing-service-name", TRACING),
                warned("experimental-downgrade-check-time", "a downgrade is not watched"),
                usedSwitch("experimental-enable-lease-checkpoint", "", "older name of the feature LeaseCheckpoint"),
                usedSwitch(
                        "experimental-enable-lease-checkpoint-persist",
                        "",
                        "older name of the feature LeaseCheckpointPersist"),
                warnedSwitch("experimental-memory-mlock", ENGINE),
                warnedSwitch("experimental-peer-skip-client-san-verification", "peers are known by their keys"),
                warnedSwitch(
                        "experimental-stop-grpc-service-on-defrag", "there is nothing that a defragmentation stops"),
                warnedSwitch("experimental-txn-mode-write-with-shared-buffer", ENGINE),
                warned("v2-deprecation", "there is no v2 here"));
    }

    private static List<Flag> limits() {
        return List.of(
                used("max-txn-ops", "128", "operations in a transaction"),
                used(
                        "max-request-bytes",
                        "1572864",
                        "largest request in bytes, at most 16 MiB; the same on every member"),
                used("max-concurrent-streams", "4294967295", "calls at once on one connection"),
                used(
                        "quota-backend-bytes",
                        "0",
                        "bytes of data at which writes are refused; 0 is 2 GiB, below 0 never"),
                used("grpc-keepalive-min-time", "5s", "between a client's pings; more often, and it is cut off"),
                used("grpc-keepalive-interval", "2h", "between the server's pings; 0s for none"),
                used("grpc-keepalive-timeout", "20s", "until a client that does not answer one is gone"),
                used("watch-progress-notify-interval", "10m", "between progress notifications of an idle watcher"),
                used(
                        "experimental-watch-progress-notify-interval",
                        "",
                        "older name of --watch-progress-notify-interval"));
    }

    private static List<Flag> engine() {
        return List.of(
                warned("snapshot-count", BYTES_DECIDE),
                warned("snapshot-catchup-entries", BYTES_DECIDE),
                warned("experimental-snapshot-catchup-entries", BYTES_DECIDE),
                warned("max-snapshots", "as many are kept as are needed to start"),
                warned("max-wals", BYTES_DECIDE),
                warned("backend-batch-interval", ENGINE),
                warned("backend-batch-limit", ENGINE),
                warned("backend-bbolt-freelist-type", ENGINE),
                warnedSwitch("unsafe-no-fsync", "what is acknowledged is always on the disk"),
                warnedSwitch("memory-mlock", ENGINE),
                warnedSwitch("socket-reuse-port", "sockets are opened as the system does"),
                warnedSwitch("socket-reuse-address", "sockets are opened as the system does"),
                warned("raft-read-timeout", "links are watched by the mesh"),
                warned("raft-write-timeout", "links are watched by the mesh"),
                used(
                        "auto-compaction-mode",
                        "periodic",
                        "periodic or revision: what --auto-compaction-retention counts"),
                used(
                        "auto-compaction-retention",
                        "0",
                        "history that the leader keeps: hours or 30m, or revisions; 0 for all"),
                warned("compaction-batch-limit", ENGINE),
                warned("compaction-sleep-interval", ENGINE),
                warned("bootstrap-defrag-threshold-megabytes", ENGINE),
                warned("compact-hash-check-time", LATER),
                warnedSwitch("compact-hash-check-enabled", LATER),
                warned("corrupt-check-time", LATER),
                warnedSwitch("experimental-initial-corrupt-check", LATER),
                used(
                        "feature-gates",
                        "",
                        "etcd's features; LeaseCheckpoint=true: a new leader goes on with what is left of long leases"));
    }

    private static List<Flag> security() {
        return List.of(
                used(
                        "cert-file",
                        "",
                        "the server's certificate for https:// client URLs, in PEM; read anew when renewed"),
                used("key-file", "", "its private key, in PEM without a passphrase; read anew when renewed"),
                usedSwitch("client-cert-auth", "false", "a client's certificate says which user it is"),
                used("trusted-ca-file", "", "who signs client certificates; with it clients must show one"),
                used("client-crl-file", "", "list of client certificates that are revoked, in PEM or DER"),
                used("client-cert-allowed-hostname", "", "hosts of which a client certificate must name one"),
                usedSwitch("auto-tls", "false", "https:// with a certificate that the member makes itself"),
                used("self-signed-cert-validity", "1", "years for which --auto-tls makes its certificate"),
                used("tls-min-version", "TLS1.2", "lowest version for clients: TLS1.2 or TLS1.3; the mesh has TLS 1.3"),
                used("tls-max-version", "", "highest version for clients: TLS1.2 or TLS1.3"),
                used("cipher-suites", "", "suites of TLS 1.2 for clients, comma-separated; sound ones by default"),
                warned("client-cert-file", "a member is nobody's client with a certificate"),
                warned("client-key-file", "a member is nobody's client with a certificate"),
                refused("peer-client-cert-file", ONE_CERTIFICATE),
                refused("peer-client-key-file", ONE_CERTIFICATE),
                used("peer-cert-file", "", "certificate of this member for https:// peer URLs, and who signed it"),
                used("peer-key-file", "", "its private key"),
                usedSwitch("peer-client-cert-auth", "false", "what --peer-trusted-ca-file already means"),
                used("peer-trusted-ca-file", "", "who may sign the certificates of other members"),
                used("peer-crl-file", "", "revoked certificates of members"),
                used("peer-cert-allowed-cn", "", "common names one of which a member's certificate must have"),
                used("peer-cert-allowed-hostname", "", "hosts one of which a member's certificate must be for"),
                usedSwitch(
                        "peer-auto-tls", "false", "what http:// means here, too: the mesh makes its own certificates"),
                warnedSwitch("peer-skip-client-san-verification", "peers are known by their keys"),
                used(
                        "auth-token",
                        "simple",
                        "tokens of users: simple, or jwt,sign-method=…,priv-key=…,pub-key=…,ttl=…"),
                used("auth-token-ttl", "300", "seconds after which a simple token that nobody used ends"),
                used("bcrypt-cost", "10", "work of hashing a password, 4 to 31: each step more doubles it"),
                usedSwitch("enable-grpc-gateway", "true", "answer JSON over HTTP on the client port"),
                used("cors", "*", "origins whose pages may read answers of plain HTTP, comma-separated"),
                used("host-whitelist", "*", "host names under which a port without TLS answers plain HTTP"));
    }

    private static List<Flag> observation() {
        return List.of(
                used("log-level", "info", "debug, info, warn or error"),
                used("log-format", "console", "console for text, or json for one object a line"),
                used("log-outputs", "default", "default for standard error, stdout, stderr, or files, comma-separated"),
                warned("logger", "there is one logger"),
                warnedSwitch("enable-log-rotation", "the log goes to standard error"),
                warned("log-rotation-config-json", "the log goes to standard error"),
                used("metrics", "basic", "basic, or extensive with the times of calls"),
                used("listen-metrics-urls", "", "where metrics and health are answered besides the client port"),
                warnedSwitch("enable-pprof", "a Java program is looked into with its own tools"),
                warned("warning-apply-duration", LATER),
                used("warning-unary-request-duration", "300ms", "a call that takes longer is told of in the log"),
                used(
                        "experimental-warning-unary-request-duration",
                        "",
                        "older name of --warning-unary-request-duration"),
                warned("downgrade-check-time", "a downgrade is not watched"),
                warnedSwitch("enable-distributed-tracing", TRACING),
                warned("distributed-tracing-address", TRACING),
                warned("distributed-tracing-instance-id", TRACING),
                warned("distributed-tracing-sampling-rate", TRACING),
                warned("distributed-tracing-service-name", TRACING));
    }

    static List<Flag> mesh() {
        return List.of(
                usedSwitch("ephemeral", "false", "keep everything in memory, and nothing in a directory"),
                used("cluster", "", "the cluster's name; --initial-cluster-token by default"),
                used("founders", "", "names of the members that found the cluster, comma-separated"),
                used("join", "", "peers to dial, comma-separated: HOST:PORT, quic://HOST:PORT, srv:NAME, file:PATH"),
                used(
                        "password-file",
                        "",
                        "file with keys of './metcd password gen', one a line: the first is proved, all are accepted"),
                usedSwitch("allow-weak-password", "false", "accept a passphrase instead of a generated key"),
                usedSwitch("no-mesh-listen", "false", "only dial other peers, never listen for them"),
                usedSwitch("insecure-mesh", "false", "let any peer join, beyond loopback, without a password"),
                used("expect", "", "how many members found the cluster, whoever they are; instead of --founders"),
                used("zone", "", "where this member runs: voters are spread over the zones"),
                used("role", "voter", "voter, or relay: carries what others send, holds no data, has no vote"),
                used("mesh-profile", "lan", "lan or wan: how soon the mesh gives up a link"),
                used("mesh-discovery", "on", "on, or off to dial nobody but the addresses of --join"),
                usedSwitch(
                        "lease-reads",
                        "false",
                        "on all members or none: the leader answers reads without asking the others"),
                used("founding-lock", "", "with --expect: a file that all founders share; the first cluster has it"),
                usedSwitch(
                        "accept-split-risk",
                        "false",
                        "with --expect: let two halves of a network found two clusters of one name"),
                used("autopilot", "", "on, off or dry-run; on, but off with --initial-cluster"),
                used("voters", "", "how many members should vote, 3, 5 or 7; enough for the founders by default"),
                used("replace-after", "", "how long a voter must be gone; 15m, with --ephemeral 10s by default"));
    }
}
