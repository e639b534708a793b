package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.putRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseStatus;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.mvccpb.Event;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Watcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final String GRANT = "etcdserverpb.Lease/LeaseGrant";
    private static final String KEEP_ALIVE = "etcdserverpb.Lease/LeaseKeepAlive";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: lease.grant.1, lease.grant.4 */
    @Test
    void anIdIsChosenOrTaken() {
        long revision = etcd.revision();

        LeaseGrantResponse chosen = etcd.grant(0, 60);
        LeaseGrantResponse negative = etcd.grant(-5, 60);
        Status again = etcd.failure(
                GRANT, LeaseGrantRequest.newBuilder().setID(-5).setTTL(60).build());

        assertThat(chosen.getID()).isPositive();
        assertThat(chosen.getTTL()).isEqualTo(60);
        assertThat(chosen.getError()).isEmpty();
        assertThat(chosen.getHeader().getRevision()).isEqualTo(revision);
        assertThat(negative.getID()).isEqualTo(-5);
        assertThat(again).isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: lease already exists"));
    }

    /** contract: lease.grant.2, lease.grant.3 */
    @Test
    void aShortLeaseIsRaisedToTheLeastAndALongOneIsRefused() {
        assertThat(etcd.grant(0, 1).getTTL()).isEqualTo(2);
        assertThat(etcd.grant(0, 0).getTTL()).isEqualTo(2);
        assertThat(etcd.grant(0, -5).getTTL()).isEqualTo(2);
        assertThat(etcd.grant(0, 9_000_000_000L).getTTL()).isEqualTo(9_000_000_000L);
        assertThat(etcd.failure(
                        GRANT,
                        LeaseGrantRequest.newBuilder().setTTL(9_000_000_001L).build()))
                .isEqualTo(new Status(Code.OUT_OF_RANGE, "etcdserver: too large lease TTL"));
    }

    /** contract: lease.revoke.1, lease.revoke.2 */
    @Test
    void revokingDeletesTheKeysInOneRevision() {
        etcd.grant(100, 60);
        etcd.put(putRequest("l/b", "x").setLease(100).build());
        long before = etcd.put(putRequest("l/a", "x").setLease(100).build())
                .getHeader()
                .getRevision();
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.range("l/", "l0"));

            long after = etcd.revoke(100).getHeader().getRevision();

            assertThat(after).isEqualTo(before + 1);
            assertThat(watcher.next().getEventsList())
                    .extracting(event -> event.getKv().getKey().toStringUtf8())
                    .containsExactly("l/a", "l/b");
            assertThat(etcd.failure(
                            "etcdserverpb.Lease/LeaseRevoke",
                            LeaseRevokeRequest.newBuilder().setID(100).build()))
                    .isEqualTo(new Status(Code.NOT_FOUND, "etcdserver: requested lease not found"));
        }
    }

    /** contract: lease.alive.1, lease.alive.2, lease.alive.5 */
    @Test
    void keepAlivesAreAnsweredInOrderAndAMissingLeaseWithZero() {
        etcd.grant(200, 60);
        try (GrpcStream stream = etcd.client().open(KEEP_ALIVE)) {
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(200).build());
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(404).build());
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(200).build());
            stream.halfClose();

            LeaseKeepAliveResponse first = stream.next(LeaseKeepAliveResponse.parser());
            LeaseKeepAliveResponse missing = stream.next(LeaseKeepAliveResponse.parser());
            LeaseKeepAliveResponse last = stream.next(LeaseKeepAliveResponse.parser());

            assertThat(first.getID()).isEqualTo(200);
            assertThat(first.getTTL()).isEqualTo(60);
            assertThat(first.getHeader().getRevision()).isPositive();
            assertThat(missing.getID()).isEqualTo(404);
            assertThat(missing.getTTL()).isZero();
            assertThat(last.getTTL()).isEqualTo(60);
            assertThat(stream.status()).isEqualTo(Status.OK);
        }
    }

    /** contract: lease.ttl.1, lease.ttl.2 */
    @Test
    void whatIsLeftOfALease() {
        etcd.grant(300, 60);
        etcd.put(putRequest("ttl/a", "x").setLease(300).build());

        LeaseTimeToLiveResponse plain = timeToLive(300, false);
        LeaseTimeToLiveResponse withKeys = timeToLive(300, true);
        LeaseTimeToLiveResponse missing = timeToLive(404, true);

        assertThat(plain.getGrantedTTL()).isEqualTo(60);
        assertThat(plain.getTTL()).isBetween(50L, 60L);
        assertThat(plain.getKeysCount()).isZero();
        assertThat(withKeys.getKeysList()).containsExactly(bytes("ttl/a"));
        assertThat(missing.getID()).isEqualTo(404);
        assertThat(missing.getTTL()).isEqualTo(-1);
        assertThat(missing.getGrantedTTL()).isZero();
        assertThat(missing.getHeader().getRevision()).isPositive();
    }

    /** contract: lease.list.1, diff.25 */
    @Test
    void allLeasesAreListedTheShortestFirst() {
        etcd.grant(400, 7000);
        etcd.grant(401, 6000);
        etcd.grant(402, 8000);

        LeaseLeasesResponse leases = etcd.client()
                .call(
                        "etcdserverpb.Lease/LeaseLeases",
                        LeaseLeasesRequest.getDefaultInstance(),
                        LeaseLeasesResponse.parser());

        assertThat(leases.getLeasesList()).extracting(LeaseStatus::getID).containsSubsequence(401L, 400L, 402L);
    }

    /** contract: lease.key.1, kv.put.9 */
    @Test
    void aKeyFollowsItsLastLease() {
        etcd.grant(500, 60);
        etcd.grant(501, 60);
        etcd.put(putRequest("moved", "x").setLease(500).build());
        etcd.put(putRequest("moved", "x").setLease(501).build());

        etcd.revoke(500);
        assertThat(etcd.get("moved").getKvs(0).getLease()).isEqualTo(501);

        etcd.revoke(501);
        assertThat(etcd.get("moved").getCount()).isZero();
    }

    /** contract: lease.expire.1, watch.event.5 */
    @Test
    void aLeaseThatIsNotKeptAliveEndsWithItsKeys() {
        etcd.grant(600, 2);
        etcd.put(putRequest("expires", "x").setLease(600).build());
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("expires"));

            Event gone = watcher.next().getEvents(0);

            assertThat(gone.getType()).isEqualTo(Event.EventType.DELETE);
            assertThat(timeToLive(600, false).getTTL()).isEqualTo(-1);
        }
    }

    private static LeaseTimeToLiveResponse timeToLive(long id, boolean keys) {
        LeaseTimeToLiveRequest request =
                LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(keys).build();
        return etcd.client().call("etcdserverpb.Lease/LeaseTimeToLive", request, LeaseTimeToLiveResponse.parser());
    }
}
