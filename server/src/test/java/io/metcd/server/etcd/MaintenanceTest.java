package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.api.etcdserverpb.DefragmentRequest;
import io.metcd.api.etcdserverpb.DefragmentResponse;
import io.metcd.api.etcdserverpb.DowngradeRequest;
import io.metcd.api.etcdserverpb.DowngradeRequest.DowngradeAction;
import io.metcd.api.etcdserverpb.DowngradeResponse;
import io.metcd.api.etcdserverpb.HashKVRequest;
import io.metcd.api.etcdserverpb.HashKVResponse;
import io.metcd.api.etcdserverpb.HashRequest;
import io.metcd.api.etcdserverpb.HashResponse;
import io.metcd.api.etcdserverpb.SnapshotRequest;
import io.metcd.api.etcdserverpb.SnapshotResponse;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators ask of one member. The hashes were answered by etcd 3.6.14 to the same requests. */
class MaintenanceTest {
    private final Etcd etcd = Etcd.start();

    @AfterEach
    void close() {
        etcd.close();
    }

    /** contract: maint.hash.1 */
    @Test
    void theHashOfTheKeysIsThatOfEtcd() {
        assertThat(hashKv(0).getHash()).isEqualTo((int) 1084519789L);
        assertThat(hashKv(0).getCompactRevision()).isEqualTo(-1);
        assertThat(hashKv(0).getHashRevision()).isEqualTo(1);

        etcd.put("a", "1");
        etcd.put("b", "2");
        assertThat(hashKv(0).getHash()).isEqualTo(1827592406);
        etcd.delete("a");

        assertThat(hashKv(0).getHash()).isEqualTo(1562576432);
        assertThat(hashKv(3).getHash()).isEqualTo(1827592406);
        assertThat(hashKv(3).getHashRevision()).isEqualTo(3);
        assertThat(hashKv(3).getHeader().getRevision()).isEqualTo(4);
    }

    /** contract: maint.hash.1 */
    @Test
    void theHashOfARevisionIsTheSameBeforeAndBehindItsCompaction() {
        for (int i = 0; i < 50; i++) {
            etcd.put("key" + i % 7, "value" + i);
        }
        etcd.delete("key3");
        HashKVResponse before = hashKv(40);

        etcd.compact(40);
        defragment();

        HashKVResponse behind = hashKv(40);
        assertThat(behind.getHash()).isEqualTo(before.getHash());
        assertThat(behind.getCompactRevision()).isEqualTo(-1);
        assertThat(hashKv(0).getCompactRevision()).isEqualTo(40);
    }

    /** contract: maint.hash.1 */
    @Test
    void hashesOfWhatIsCompactedOrToComeAreRefused() {
        for (int i = 0; i < 5; i++) {
            etcd.put("key", "value" + i);
        }
        etcd.compact(4);

        assertThat(failure("HashKV", hash(3)))
                .isEqualTo(new Status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"));
        assertThat(failure("HashKV", hash(7)))
                .isEqualTo(new Status(Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"));
    }

    /** contract: maint.defrag.1, wire.header.3 */
    @Test
    void defragmentingAnswersWithoutAHeaderAndGivesRoomBack() {
        for (int i = 0; i < 20; i++) {
            etcd.put("key" + i, "x".repeat(1000));
        }
        for (int i = 0; i < 10; i++) {
            etcd.delete("key" + i);
        }
        etcd.compact(etcd.revision());
        DefragmentResponse answer = defragment();

        assertThat(answer.hasHeader()).isFalse();
        assertThat(status().getDbSize()).isBetween(10_000L, 14_000L);
        assertThat(etcd.get("key10").getCount()).isEqualTo(1);
    }

    /** contract: maint.downgrade.1 */
    @Test
    void aDowngradeIsValidatedByItsVersion() {
        for (String target : List.of("3.5", "3.5.0", "3.5.1", "3.5.0-rc.1", "03.5")) {
            assertThat(downgrade(DowngradeAction.VALIDATE, target).getVersion()).isEqualTo("3.6");
        }
        for (String target : List.of("3.4", "3.6", "3.7", "2.5")) {
            assertThat(failure("Downgrade", request(DowngradeAction.VALIDATE, target)))
                    .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version"));
        }
        for (String target : List.of("x", "", "3", "v3.5", "3.5.0.1", "3.5-rc", "9".repeat(1000))) {
            assertThat(failure("Downgrade", request(DowngradeAction.VALIDATE, target)))
                    .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: wrong downgrade target version format"));
        }
    }

    /** contract: maint.downgrade.2 */
    @Test
    void noDowngradeBeginsAndEndingNoneIsFine() {
        assertThat(failure("Downgrade", request(DowngradeAction.ENABLE, "3.5")))
                .isEqualTo(new Status(Code.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version"));
        assertThat(failure("Downgrade", request(DowngradeAction.ENABLE, "x")).text())
                .isEqualTo("etcdserver: wrong downgrade target version format");
        assertThat(failure(
                        "Downgrade",
                        DowngradeRequest.newBuilder().setActionValue(7).build()))
                .isEqualTo(new Status(Code.UNKNOWN, "etcdserver: unknown method"));

        assertThat(downgrade(DowngradeAction.CANCEL, "").getVersion()).isEqualTo("3.6");
        assertThat(status().getDowngradeInfo().getEnabled()).isFalse();
    }

    /** contract: maint.snapshot.1 */
    @Test
    void aSnapshotComesInPiecesWithTheHashOfAllOfThemBehind() throws NoSuchAlgorithmException {
        for (int i = 0; i < 50; i++) {
            etcd.put("key" + i, "x".repeat(i == 7 ? 300_000 : 500));
        }
        GrpcStream stream = etcd.client().open("etcdserverpb.Maintenance/Snapshot");
        stream.send(SnapshotRequest.getDefaultInstance());

        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        SnapshotResponse piece = stream.next(SnapshotResponse.parser());
        long total = piece.getBlob().size() + piece.getRemainingBytes();
        long received = 0;
        while (received < total) {
            assertThat(piece.getBlob().size()).isLessThanOrEqualTo(32 << 10);
            assertThat(piece.getVersion()).isEqualTo("3.6.0");
            assertThat(piece.hasHeader()).isFalse();
            digest.update(piece.getBlob().toByteArray());
            received += piece.getBlob().size();
            assertThat(piece.getRemainingBytes()).isEqualTo(total - received);
            piece = stream.next(SnapshotResponse.parser());
        }

        assertThat(received).isEqualTo(total).isGreaterThan(300_000);
        assertThat((received + 32) % 512).isEqualTo(32);
        assertThat(piece.getBlob().toByteArray()).isEqualTo(digest.digest());
        assertThat(stream.status()).isEqualTo(Status.OK);
    }

    /** contract: maint.snapshot.1 */
    @Test
    void snapshotsThatAreGivenUpMakeRoomForOthers() {
        etcd.put("key", "x".repeat(1_000_000));
        for (int i = 0; i < Limits.SNAPSHOTS_MAX + 3; i++) {
            GrpcStream stream = etcd.client().open("etcdserverpb.Maintenance/Snapshot");
            stream.send(SnapshotRequest.getDefaultInstance());
            assertThat(stream.next(SnapshotResponse.parser()).getRemainingBytes())
                    .isPositive();
            stream.cancel();
        }
    }

    /** contract: maint.hash.2 */
    @Test
    void theHashOfEverythingFollowsWhatIsWritten() {
        int empty = hash();
        etcd.put("a", "1");

        assertThat(hash()).isNotZero().isNotEqualTo(empty).isEqualTo(hash());
    }

    private int hash() {
        return call("Hash", HashRequest.getDefaultInstance(), HashResponse.parser())
                .getHash();
    }

    private HashKVResponse hashKv(long revision) {
        return call("HashKV", hash(revision), HashKVResponse.parser());
    }

    private static HashKVRequest hash(long revision) {
        return HashKVRequest.newBuilder().setRevision(revision).build();
    }

    private DefragmentResponse defragment() {
        return call("Defragment", DefragmentRequest.getDefaultInstance(), DefragmentResponse.parser());
    }

    private StatusResponse status() {
        return call("Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());
    }

    private DowngradeResponse downgrade(DowngradeAction action, String version) {
        return call("Downgrade", request(action, version), DowngradeResponse.parser());
    }

    private static DowngradeRequest request(DowngradeAction action, String version) {
        return DowngradeRequest.newBuilder()
                .setAction(action)
                .setVersion(version)
                .build();
    }

    private <A> A call(String method, MessageLite request, Parser<A> parser) {
        return etcd.client().call("etcdserverpb.Maintenance/" + method, request, parser);
    }

    private Status failure(String method, MessageLite request) {
        return etcd.failure("etcdserverpb.Maintenance/" + method, request);
    }
}
