package io.metcd.conformance.patroni;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.Member;
import io.metcd.conformance.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Patroni and the PostgreSQL that it starts, in a namespace of processes of their own: when its first process is killed
 * all are, as when a host loses its power. PostgreSQL refuses to be root, so they are the user {@code postgres}.
 */
final class Node implements AutoCloseable {
    private static final String USER = "postgres";
    private static final Duration QUERY_LIMIT = Duration.ofSeconds(10);
    private static final int TIMEOUT_MILLIS = 1000;
    private static final String CONFIGURATION = """
            scope: demo
            name: %1$s
            restapi: {listen: '127.0.0.1:%2$d', connect_address: '127.0.0.1:%2$d'}
            etcd3: {hosts: '%3$s'}
            bootstrap:
              dcs:
                ttl: 10
                loop_wait: 2
                retry_timeout: 3
                synchronous_mode: true
                postgresql:
                  use_pg_rewind: true
                  parameters: {shared_buffers: 16MB, max_connections: 20, wal_log_hints: 'on'}
              initdb: [encoding: UTF8, locale: C.UTF-8, auth: trust]
              pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
            postgresql:
              listen: '127.0.0.1:%4$d'
              connect_address: '127.0.0.1:%4$d'
              data_dir: '%5$s/data'
              bin_dir: '%6$s'
              authentication: {superuser: {username: postgres}, replication: {username: replicator}}
              parameters: {unix_socket_directories: '%5$s'}
            """;

    private final String name;
    private final Path directory;
    private final int port;
    private final int restPort;
    private Member process;

    private Node(String name, Path directory, int port, int restPort) {
        this.name = name;
        this.directory = directory;
        this.port = port;
        this.restPort = restPort;
        this.process = run();
    }

    /** Writes the configuration under {@code root} and starts; the lock is kept behind the endpoints. */
    static Node start(String name, Path root, List<String> endpoints, Path binaries) {
        try {
            Path directory = Files.createDirectory(root.resolve(name));
            int port = Ports.free();
            int restPort = Ports.free();
            Files.writeString(
                    directory.resolve("patroni.yml"),
                    CONFIGURATION.formatted(name, restPort, String.join(",", endpoints), port, directory, binaries));
            CommandLine.must("chown", "-R", USER, directory.toString());
            return new Node(name, directory, port, restPort);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again where it was. */
    void boot() {
        process = run();
    }

    private Member run() {
        String patroni = "cd " + directory + " && HOME=$PWD setpriv --reuid=" + USER + " --regid=" + USER
                + " --init-groups patroni patroni.yml; exit $?";
        return Member.start(
                name,
                List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", patroni));
    }

    /** All its processes at once, without a goodbye. */
    void kill() {
        process.kill();
    }

    String name() {
        return name;
    }

    boolean runs() {
        return process.alive();
    }

    /** What Patroni said last, for a failure's text. */
    String said() {
        return process.said();
    }

    /** Whether Patroni says that it is this: {@code primary}, {@code replica} or {@code sync}, a synchronous replica. */
    boolean is(String role) {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + restPort + "/" + role)
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false; // not listening: it is nothing now
        }
    }

    /** What psql prints, or its error. */
    CommandLine.Result query(String sql) {
        return CommandLine.run(
                QUERY_LIMIT,
                List.of(
                        "psql",
                        "-X",
                        "-q",
                        "-tA",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        USER,
                        "-c",
                        sql));
    }

    @Override
    public void close() {
        process.close();
    }
}
