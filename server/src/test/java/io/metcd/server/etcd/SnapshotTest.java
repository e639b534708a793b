package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.SnapshotRequest;
import io.metcd.api.etcdserverpb.SnapshotResponse;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Http;
import io.metcd.store.etcd.EtcdPieces;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots over both protocols, of a state that no socket's buffers take as a whole. */
class SnapshotTest {
    private static final String METHOD = "etcdserverpb.Maintenance/Snapshot";
    private static final String PATH = "/v3/maintenance/snapshot";
    private static final Pattern LINE = Pattern.compile(
            "\\{\"result\":\\{(?:\"remaining_bytes\":\"(\\d+)\",)?\"blob\":\"([^\"]+)\",\"version\":\"3\\.6\\.0\"}}");
    private static final int VALUES = 24;
    private static final int VALUE_BYTES = 1 << 20;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** One loop, so that all connections share its bound. */
    private final Etcd etcd = Etcd.start(ServerOptions.port(0).withEventLoops(1));

    @BeforeEach
    void fill() {
        for (int i = 0; i < VALUES; i++) {
            etcd.put("key" + i, "x".repeat(VALUE_BYTES));
        }
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: json.7, maint.snapshot.1; the lines are as etcd 3.6.14 writes them. */
    @Test
    void byJsonEachPieceIsALine() throws NoSuchAlgorithmException {
        Http.Answer answer = Http.post(port(), PATH, "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        List<byte[]> pieces = new ArrayList<>();
        long size = 0;
        for (String line : answer.body().lines().toList()) {
            Matcher piece = LINE.matcher(line);
            assertThat(piece.matches()).as(line.substring(0, 80)).isTrue();
            byte[] blob = Base64.getDecoder().decode(piece.group(2));
            if (pieces.isEmpty()) {
                size = blob.length + Long.parseLong(piece.group(1));
            }
            pieces.add(blob);
        }
        byte[] hash = pieces.remove(pieces.size() - 1);
        pieces.forEach(digest::update);
        assertThat(hash).isEqualTo(digest.digest());
        assertThat(size).isGreaterThan((long) VALUES * VALUE_BYTES);
        assertThat(pieces.stream().mapToLong(piece -> piece.length).sum()).isEqualTo(size);
    }

    /** contract: maint.snapshot.1, wire.overload.1 */
    @Test
    void fourAtOnceAreSentAndAFifthOnlyWhenOneHasGone() {
        List<Http> clients = new ArrayList<>();
        for (int i = 0; i < Limits.SNAPSHOTS_MAX; i++) {
            clients.add(thatDoesNotReadOn());
        }

        GrpcStream fifth = ask();
        Http.Answer byJson = Http.post(port(), PATH, "");

        assertThat(fifth.status()).isEqualTo(new Status(Code.UNKNOWN, "etcdserver: too many requests"));
        assertThat(byJson.status()).isEqualTo(500);
        assertThat(byJson.body())
                .startsWith("{\"error\":{\"grpc_code\":2,")
                .contains("\"message\":\"etcdserver: too many requests\"");
        assertThat(etcd.get("key1").getCount()).isEqualTo(1);

        clients.remove(0).close();
        awaitRoom();

        clients.forEach(Http::close);
    }

    /** contract: maint.snapshot.1 */
    @Test
    void aClientThatReadsNoFurtherHoldsUpWhatIsMadeForItAndNobodyElse() {
        try (Http slow = thatDoesNotReadOn()) {
            Http.Answer other = Http.post(port(), PATH, "{}");

            assertThat(other.body().lines().count())
                    .isGreaterThan((long) VALUES * VALUE_BYTES / EtcdPieces.PIECE_BYTES);

            StringBuilder rest = new StringBuilder();
            for (String chunk = slow.nextChunk(); !chunk.isEmpty(); chunk = slow.nextChunk()) {
                rest.append(chunk);
            }
            assertThat(rest.toString().lines().count())
                    .isEqualTo(other.body().lines().count() - 1);
        }
    }

    /** contract: maint.snapshot.1 */
    @Test
    void whoseDeadlinePassesMidwayIsToldSoAndMakesRoom() {
        GrpcStream stream = etcd.client().open(METHOD, Map.of("grpc-timeout", "900m"));
        stream.send(SnapshotRequest.getDefaultInstance());
        assertThat(stream.next(SnapshotResponse.parser()).getRemainingBytes()).isPositive();
        stream.pause();
        List<Http> clients = new ArrayList<>();
        for (int i = 1; i < Limits.SNAPSHOTS_MAX; i++) {
            clients.add(thatDoesNotReadOn());
        }

        long late = System.nanoTime() + DEADLINE_NANOS;
        while (Http.post(port(), PATH, "").status() == 500) {
            assertThat(System.nanoTime()).isLessThan(late);
        }

        stream.resume();
        assertThat(stream.status()).isEqualTo(new Status(Code.DEADLINE_EXCEEDED, "context deadline exceeded"));
        clients.forEach(Http::close);
    }

    /** Has got the first line; the rest waits for it. */
    private Http thatDoesNotReadOn() {
        Http http = new Http(port());
        http.begin("POST", PATH, "Content-Length: 2\r\n");
        http.send("{}");
        assertThat(http.head().status()).isEqualTo(200);
        assertThat(http.nextChunk())
                .startsWith("{\"result\":{\"remaining_bytes\":\"")
                .endsWith("}}\n");
        return http;
    }

    private GrpcStream ask() {
        GrpcStream stream = etcd.client().open(METHOD);
        stream.send(SnapshotRequest.getDefaultInstance());
        stream.halfClose();
        return stream;
    }

    /** The server hears of a closed connection soon. */
    private void awaitRoom() {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (System.nanoTime() < deadline) {
            try (GrpcStream stream = ask()) {
                if (stream.poll(200).isPresent()) {
                    return;
                }
            }
        }
        throw new AssertionError("no room for a snapshot, though one of " + Limits.SNAPSHOTS_MAX + " has gone");
    }

    private int port() {
        return etcd.server().port();
    }
}
