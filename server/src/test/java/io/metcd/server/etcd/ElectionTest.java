package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.v3electionpb.CampaignRequest;
import io.metcd.api.v3electionpb.CampaignResponse;
import io.metcd.api.v3electionpb.LeaderKey;
import io.metcd.api.v3electionpb.LeaderRequest;
import io.metcd.api.v3electionpb.LeaderResponse;
import io.metcd.api.v3electionpb.ProclaimRequest;
import io.metcd.api.v3electionpb.ProclaimResponse;
import io.metcd.api.v3electionpb.ResignRequest;
import io.metcd.api.v3electionpb.ResignResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final String CAMPAIGN = "v3electionpb.Election/Campaign";
    private static final String LEADER = "v3electionpb.Election/Leader";
    private static final String OBSERVE = "v3electionpb.Election/Observe";
    private static final String PROCLAIM = "v3electionpb.Election/Proclaim";
    private static final String RESIGN = "v3electionpb.Election/Resign";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: election.1 */
    @Test
    void theSecondCandidateLeadsWhenTheFirstResigns() {
        etcd.grant(1, 60);
        etcd.grant(2, 60);
        LeaderKey first = campaign("succession", 1, "one").getLeader();
        try (GrpcStream second = open("succession", 2, "two")) {
            assertThat(second.poll(300)).isEmpty();
            assertThat(leader("succession").getKv().getValue()).isEqualTo(bytes("one"));

            etcd.client()
                    .call(RESIGN, ResignRequest.newBuilder().setLeader(first).build(), ResignResponse.parser());

            LeaderKey next = second.next(CampaignResponse.parser()).getLeader();
            assertThat(next.getName()).isEqualTo(bytes("succession"));
            assertThat(next.getKey()).isEqualTo(bytes("succession/2"));
            assertThat(next.getLease()).isEqualTo(2);
            assertThat(leader("succession").getKv().getCreateRevision()).isEqualTo(next.getRev());
            assertThat(leader("succession").getKv().getValue()).isEqualTo(bytes("two"));
        }
    }

    /** contract: election.2 */
    @Test
    void campaigningAgainWithAnotherValueProclaimsIt() {
        etcd.grant(11, 60);
        LeaderKey first = campaign("again", 11, "one").getLeader();

        CampaignResponse again = campaign("again", 11, "two");

        assertThat(again.getLeader().getRev()).isEqualTo(first.getRev());
        assertThat(leader("again").getKv().getValue()).isEqualTo(bytes("two"));
        assertThat(again.getHeader().getRevision())
                .as("it is that of looking for the key, before the new value")
                .isEqualTo(leader("again").getKv().getModRevision() - 1);
    }

    /** contract: election.2 */
    @Test
    void whoCannotChangeItsValueResigns() {
        etcd.put("gone/d", "one");

        assertThat(etcd.failure(CAMPAIGN, request("gone", 13, "two")).text()).contains("requested lease not found");

        assertThat(etcd.get("gone/d").getKvsList()).isEmpty();
    }

    /** contract: election.3 */
    @Test
    void anObserverHearsOfEachValueAndEachLeader() {
        etcd.grant(21, 60);
        etcd.grant(22, 60);
        try (GrpcStream observer = etcd.client().open(OBSERVE)) {
            observer.send(LeaderRequest.newBuilder().setName(bytes("seen")).build());
            observer.halfClose();
            LeaderKey first = campaign("seen", 21, "one").getLeader();
            assertThat(value(observer)).isEqualTo("one");

            proclaim(first, "one more");
            assertThat(value(observer)).isEqualTo("one more");

            try (GrpcStream second = open("seen", 22, "two")) {
                assertThat(second.poll(200)).isEmpty();
                etcd.revoke(21);
                assertThat(value(observer)).isEqualTo("two");
                second.next();
            }
            assertThat(observer.isOpen()).isTrue();
        }
    }

    /** contract: election.3 */
    @Test
    void anObserverIsToldFirstWhoLeadsAlready() {
        etcd.grant(31, 60);
        campaign("present", 31, "one");
        try (GrpcStream observer = etcd.client().open(OBSERVE)) {
            observer.send(LeaderRequest.newBuilder().setName(bytes("present")).build());

            assertThat(value(observer)).isEqualTo("one");
        }
    }

    /** contract: election.4 */
    @Test
    void whoDoesNotLeadCannotProclaim() {
        etcd.grant(41, 60);
        LeaderKey leader = campaign("deposed", 41, "one").getLeader();
        etcd.revoke(41);
        ProclaimRequest request = ProclaimRequest.newBuilder()
                .setLeader(leader)
                .setValue(bytes("two"))
                .build();

        assertThat(etcd.failure(PROCLAIM, request)).isEqualTo(new Status(Code.UNKNOWN, "election: not leader"));
        assertThat(etcd.failure(
                        LEADER,
                        LeaderRequest.newBuilder().setName(bytes("deposed")).build()))
                .isEqualTo(new Status(Code.UNKNOWN, "election: no leader"));
        etcd.client().call(RESIGN, ResignRequest.newBuilder().setLeader(leader).build(), ResignResponse.parser());
    }

    /** contract: election.4 */
    @Test
    void theLeaderFieldMustBeThere() {
        Status expected = new Status(Code.UNKNOWN, "\"leader\" field must be provided");

        assertThat(etcd.failure(PROCLAIM, ProclaimRequest.getDefaultInstance())).isEqualTo(expected);
        assertThat(etcd.failure(RESIGN, ResignRequest.getDefaultInstance())).isEqualTo(expected);
    }

    @Test
    void whoProclaimsWithoutNamingItsLeaseKeepsIt() {
        etcd.grant(51, 60);
        LeaderKey leader = campaign("forgetful", 51, "one").getLeader();

        proclaim(leader.toBuilder().clearLease().build(), "two");

        assertThat(leader("forgetful").getKv().getValue()).isEqualTo(bytes("two"));
        assertThat(leader("forgetful").getKv().getLease()).isEqualTo(51);
    }

    /** contract: election.4 */
    @Test
    void theLeadersKeyMustNotBeEmpty() {
        Status expected = new Status(Code.UNKNOWN, "etcdserver: key is not provided");
        LeaderKey leader = LeaderKey.newBuilder().setName(bytes("n")).setRev(1).build();

        assertThat(etcd.failure(
                        PROCLAIM, ProclaimRequest.newBuilder().setLeader(leader).build()))
                .isEqualTo(expected);
        assertThat(etcd.failure(
                        RESIGN, ResignRequest.newBuilder().setLeader(leader).build()))
                .isEqualTo(expected);
    }

    private static String value(GrpcStream observer) {
        return observer.next(LeaderResponse.parser()).getKv().getValue().toStringUtf8();
    }

    private static LeaderResponse leader(String name) {
        LeaderRequest request = LeaderRequest.newBuilder().setName(bytes(name)).build();
        return etcd.client().call(LEADER, request, LeaderResponse.parser());
    }

    private static void proclaim(LeaderKey leader, String value) {
        ProclaimRequest request = ProclaimRequest.newBuilder()
                .setLeader(leader)
                .setValue(bytes(value))
                .build();
        etcd.client().call(PROCLAIM, request, ProclaimResponse.parser());
    }

    private static CampaignResponse campaign(String name, long lease, String value) {
        return etcd.client().call(CAMPAIGN, request(name, lease, value), CampaignResponse.parser());
    }

    private static GrpcStream open(String name, long lease, String value) {
        GrpcStream stream = etcd.client().open(CAMPAIGN);
        stream.send(request(name, lease, value));
        stream.halfClose();
        return stream;
    }

    private static CampaignRequest request(String name, long lease, String value) {
        return CampaignRequest.newBuilder()
                .setName(bytes(name))
                .setLease(lease)
                .setValue(bytes(value))
                .build();
    }
}
