package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.delete;
import static io.metcd.server.testing.Etcd.deleteRequest;
import static io.metcd.server.testing.Etcd.put;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.range;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static io.metcd.server.testing.Etcd.txn;
import static io.metcd.server.testing.Etcd.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.Compare.CompareResult;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.v3electionpb.LeaderRequest;
import io.metcd.api.v3lockpb.LockRequest;
import io.metcd.api.v3lockpb.LockResponse;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Watcher;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a user may do. There is one with all rights on [k1, k3) and on the prefix p/, with reading on ra and what
 * follows up to rc in two parts, and with writing alone on w.
 */
class AuthRightsTest {
    private static final Status OK = Status.OK;
    private static final Status DENIED = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
    private static final Status DENIED_INSIDE = new Status(Code.UNKNOWN, "etcdserver: permission denied");
    private static final long FOREIGN_LEASE = 600;
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    private static Etcd etcd;
    private static Accounts accounts;
    private static Map<String, String> user;

    @BeforeAll
    static void start() {
        etcd = Etcd.start(ServerOptions.port(0).withAuth(AuthOptions.simple(4, Duration.ofMinutes(5))));
        accounts = new Accounts(etcd.client());
        etcd.grant(FOREIGN_LEASE, 1000);
        etcd.put(putRequest("secret", "s").setLease(FOREIGN_LEASE).build());
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.permit("u", Permission.Type.READWRITE, "k1", "k3");
        accounts.permit("u", Permission.Type.READWRITE, "p/", "p0");
        accounts.permit("u", Permission.Type.READ, "ra", "rb");
        accounts.permit("u", Permission.Type.READ, "rb", "rc");
        accounts.permit("u", Permission.Type.WRITE, "w", "");
        accounts.addUserWithRole("tail");
        accounts.permit("tail", Permission.Type.READ, bytes("t"), ZERO);
        user = accounts.login("u");
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: auth.check.1 */
    @Test
    void aRangeIsGrantedUpToItsEnd() {
        assertThat(as("KV/Put", putRequest("k1", "").build())).isEqualTo(OK);
        assertThat(as("KV/Put", putRequest("k2", "").build())).isEqualTo(OK);
        assertThat(as("KV/Put", putRequest("k3", "").build())).isEqualTo(DENIED);
        assertThat(as("KV/Range", rangeRequest("p/", "p0").build())).isEqualTo(OK);
        assertThat(as("KV/Range", rangeRequest("p/x").build())).isEqualTo(OK);
        assertThat(as("KV/Range", rangeRequest("p0").build())).isEqualTo(DENIED);
        assertThat(as("KV/Range", rangeRequest("p/", "p1").build())).isEqualTo(DENIED);
    }

    /** contract: auth.check.1 */
    @Test
    void grantsThatTouchAreOne() {
        assertThat(as("KV/Range", rangeRequest("ra", "rc").build())).isEqualTo(OK);
        assertThat(as("KV/Range", rangeRequest("ra", "rd").build())).isEqualTo(DENIED);
    }

    /** contract: auth.check.1 */
    @Test
    void anOpenEndNeedsAnOpenGrant() {
        Map<String, String> tail = accounts.login("tail");

        assertThat(as("KV/Range", rangeRequest("k1").setRangeEnd(ZERO).build())).isEqualTo(DENIED);
        assertThat(etcd.client()
                        .failure(
                                "etcdserverpb.KV/Range",
                                rangeRequest("t").setRangeEnd(ZERO).build(),
                                tail))
                .isEqualTo(OK);
        assertThat(etcd.client()
                        .failure(
                                "etcdserverpb.KV/Range",
                                rangeRequest("s").setRangeEnd(ZERO).build(),
                                tail))
                .isEqualTo(DENIED);
    }

    /** contract: auth.check.2; previous pairs could once be read so with writing alone. */
    @Test
    void whoMayOnlyWriteSeesNothing() {
        assertThat(as("KV/Put", putRequest("w", "1").build())).isEqualTo(OK);
        assertThat(as("KV/Put", putRequest("w", "1").setPrevKv(true).build())).isEqualTo(DENIED);
        assertThat(as("KV/Range", rangeRequest("w").build())).isEqualTo(DENIED);
        assertThat(as("KV/DeleteRange", deleteRequest("w", "").setPrevKv(true).build()))
                .isEqualTo(DENIED);
        assertThat(inTxn(put(putRequest("w", "1")))).isEqualTo(OK);
        assertThat(inTxn(put(putRequest("w", "1").setPrevKv(true)))).isEqualTo(DENIED);
        assertThat(inTxn(delete(deleteRequest("w", "").setPrevKv(true)))).isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder()
                        .addFailure(put(putRequest("w", "1").setPrevKv(true))))))
                .isEqualTo(DENIED);
        assertThat(as("KV/DeleteRange", deleteRequest("w", "").build())).isEqualTo(OK);
    }

    /** contract: auth.check.2; nested transactions could once do what their caller could not. */
    @Test
    void aTransactionNeedsTheRightsOfEveryBranchAtEveryDepth() {
        RequestOp fine = put(putRequest("k1", "1"));
        RequestOp foreign = put(putRequest("secret", "1"));

        assertThat(inTxn(fine)).isEqualTo(OK);
        assertThat(as(
                        "KV/Txn",
                        TxnRequest.newBuilder()
                                .addSuccess(fine)
                                .addFailure(foreign)
                                .build()))
                .isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder().addSuccess(foreign)))).isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder().addFailure(foreign)))).isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder()
                        .addSuccess(txn(TxnRequest.newBuilder().addFailure(range(rangeRequest("secret"))))))))
                .isEqualTo(DENIED);
        assertThat(as(
                        "KV/Txn",
                        TxnRequest.newBuilder()
                                .addCompare(version("secret", CompareResult.GREATER, 0))
                                .build()))
                .isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder().addCompare(version("secret", CompareResult.GREATER, 0)))))
                .isEqualTo(DENIED);
        assertThat(etcd.client()
                        .call(
                                "etcdserverpb.KV/Range",
                                rangeRequest("secret").build(),
                                io.metcd.api.etcdserverpb.RangeResponse.parser(),
                                accounts.root())
                        .getKvs(0)
                        .getValue())
                .isEqualTo(bytes("s"));
    }

    /** contract: auth.check.3; a lease of others was once a way to have their keys deleted. */
    @Test
    void aLeaseWithKeysOfOthersIsOutOfReach() {
        assertThat(as("KV/Put", putRequest("k1", "").setLease(FOREIGN_LEASE).build()))
                .isEqualTo(DENIED);
        assertThat(inTxn(put(putRequest("k1", "").setLease(FOREIGN_LEASE)))).isEqualTo(DENIED);
        assertThat(inTxn(txn(TxnRequest.newBuilder()
                        .addFailure(put(putRequest("k1", "").setLease(FOREIGN_LEASE))))))
                .isEqualTo(DENIED);
        assertThat(as(
                        "Lease/LeaseRevoke",
                        LeaseRevokeRequest.newBuilder().setID(FOREIGN_LEASE).build()))
                .isEqualTo(DENIED);
        assertThat(keepAlive(FOREIGN_LEASE)).isEqualTo(DENIED);
    }

    /** contract: auth.check.3 */
    @Test
    void anOwnLeaseIsTheUsersOwn() {
        assertThat(as(
                        "Lease/LeaseGrant",
                        LeaseGrantRequest.newBuilder().setID(700).setTTL(100).build()))
                .isEqualTo(OK);
        assertThat(as("KV/Put", putRequest("k1", "").setLease(700).build())).isEqualTo(OK);
        assertThat(keepAlive(700)).isEqualTo(OK);
        assertThat(keepAlive(799)).isEqualTo(OK);
        assertThat(as(
                        "Lease/LeaseRevoke",
                        LeaseRevokeRequest.newBuilder().setID(700).build()))
                .isEqualTo(OK);
    }

    /** contract: auth.check.3 */
    @Test
    void theKeysOfALeaseAreShownToThoseWhoMayReadThem() {
        LeaseTimeToLiveRequest.Builder timeToLive =
                LeaseTimeToLiveRequest.newBuilder().setID(FOREIGN_LEASE);

        assertThat(as("Lease/LeaseTimeToLive", timeToLive.build())).isEqualTo(OK);
        assertThat(as("Lease/LeaseTimeToLive", timeToLive.setKeys(true).build()))
                .isEqualTo(DENIED);
        assertThat(as("Lease/LeaseLeases", LeaseLeasesRequest.getDefaultInstance()))
                .isEqualTo(DENIED);
        LeaseTimeToLiveResponse seen = etcd.client()
                .call(
                        "etcdserverpb.Lease/LeaseTimeToLive",
                        timeToLive.build(),
                        LeaseTimeToLiveResponse.parser(),
                        accounts.root());
        assertThat(seen.getKeysList()).containsExactly(bytes("secret"));
        assertThat(etcd.client()
                        .call(
                                "etcdserverpb.Lease/LeaseLeases",
                                LeaseLeasesRequest.getDefaultInstance(),
                                LeaseLeasesResponse.parser(),
                                accounts.root())
                        .getLeasesList())
                .anyMatch(lease -> lease.getID() == FOREIGN_LEASE);
    }

    /** contract: auth.check.5 */
    @Test
    void aLeaseEndsByItself() {
        etcd.client()
                .call(
                        "etcdserverpb.Lease/LeaseGrant",
                        LeaseGrantRequest.newBuilder().setID(701).setTTL(2).build(),
                        io.metcd.api.etcdserverpb.LeaseGrantResponse.parser(),
                        accounts.root());
        try (Watcher watcher = new Watcher(etcd.client().open("etcdserverpb.Watch/Watch", user))) {
            watcher.created(Watcher.key("k2x"));
            assertThat(as("KV/Put", putRequest("k2x", "").setLease(701).build()))
                    .isEqualTo(OK);

            assertThat(watcher.next().getEvents(0).getType()).isEqualTo(Event.EventType.PUT);
            assertThat(watcher.next().getEvents(0).getType()).isEqualTo(Event.EventType.DELETE);
        }
    }

    /** contract: watch.create.10, auth.check.1; a grant on one key was once one on all that follow. */
    @Test
    void aWatchIsAskedForTheRangeItWants() {
        try (Watcher watcher = new Watcher(etcd.client().open("etcdserverpb.Watch/Watch", user))) {
            WatchResponse fine = watcher.created(Watcher.key("k2y"));
            assertThat(fine.getCanceled()).isFalse();
            assertThat(fine.getWatchId()).isZero();

            for (WatchCreateRequest.Builder foreign : java.util.List.of(
                    Watcher.key("k1").setRangeEnd(ZERO),
                    Watcher.key("secret"),
                    Watcher.range("k1", "k4"),
                    WatchCreateRequest.newBuilder(),
                    WatchCreateRequest.newBuilder().setRangeEnd(ZERO))) {
                WatchResponse refused = watcher.created(foreign);
                assertThat(refused.getCreated()).isTrue();
                assertThat(refused.getCanceled()).isTrue();
                assertThat(refused.getWatchId()).isEqualTo(-1);
                assertThat(refused.getCancelReason())
                        .isEqualTo("rpc error: code = PermissionDenied desc = etcdserver: permission denied");
            }
            assertThat(watcher.created(Watcher.key("secret").setStartRevision(-1))
                            .getCancelReason())
                    .isEqualTo("etcdserver: mvcc: required revision has been compacted");
            assertThat(watcher.created(Watcher.range("k1", "k1")).getCancelReason())
                    .isEqualTo("mvcc: watcher range is empty");

            assertThat(as("KV/Put", putRequest("k2y", "").build())).isEqualTo(OK);
            WatchResponse event = watcher.next();
            assertThat(event.getWatchId()).isZero();
            assertThat(event.getEvents(0).getKv().getKey()).isEqualTo(bytes("k2y"));
        }
    }

    /** contract: watch.create.10 */
    @Test
    void aWatcherWithoutAGoodNameHearsWhy() {
        try (Watcher nameless = etcd.watcher();
                Watcher bogus =
                        new Watcher(etcd.client().open("etcdserverpb.Watch/Watch", Accounts.with("bogus.9999999")))) {
            assertThat(nameless.created(Watcher.key("k1")).getCancelReason())
                    .isEqualTo("rpc error: code = InvalidArgument desc = etcdserver: user name is empty");
            assertThat(bogus.created(Watcher.key("k1")).getCancelReason())
                    .isEqualTo("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token");
        }
    }

    /** contract: auth.check.6 */
    @Test
    void locksAndElectionsAreKeysLikeOthers() {
        LockResponse lock = etcd.client()
                .call(
                        "v3lockpb.Lock/Lock",
                        LockRequest.newBuilder().setName(bytes("p/lock")).build(),
                        LockResponse.parser(),
                        user);
        assertThat(lock.getKey().toStringUtf8()).startsWith("p/lock/");
        assertThat(etcd.client()
                        .failure(
                                "v3lockpb.Lock/Lock",
                                LockRequest.newBuilder().setName(bytes("q")).build(),
                                user))
                .isEqualTo(DENIED_INSIDE);
        assertThat(etcd.client()
                        .failure(
                                "v3electionpb.Election/Leader",
                                LeaderRequest.newBuilder().setName(bytes("q")).build(),
                                user))
                .isEqualTo(DENIED_INSIDE);
        try (GrpcStream observe = etcd.client().open("v3electionpb.Election/Observe", user)) {
            observe.send(LeaderRequest.newBuilder().setName(bytes("q")).build());
            assertThat(observe.status()).isEqualTo(DENIED_INSIDE);
        }
    }

    /** What etcd lets pass: a transaction that asks for nothing needs no rights, not even a name. */
    @Test
    void whoAsksForNothingNeedsNothing() {
        assertThat(etcd.failure("etcdserverpb.KV/Txn", TxnRequest.getDefaultInstance()))
                .isEqualTo(OK);
        assertThat(inTxn(txn(TxnRequest.newBuilder()))).isEqualTo(OK);
    }

    private static Status inTxn(RequestOp op) {
        return as("KV/Txn", TxnRequest.newBuilder().addSuccess(op).build());
    }

    private static Status as(String method, MessageLite request) {
        return etcd.client().failure("etcdserverpb." + method, request, user);
    }

    /** How a stream of one renewal ends. */
    private static Status keepAlive(long lease) {
        try (GrpcStream stream = etcd.client().open("etcdserverpb.Lease/LeaseKeepAlive", user)) {
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
            stream.halfClose();
            Status status = stream.status();
            if (status.isOk()) {
                assertThat(stream.next(LeaseKeepAliveResponse.parser()).getID()).isEqualTo(lease);
            }
            return status;
        }
    }
}
