package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static io.metcd.server.testing.Trio.NAMES;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.DefragmentRequest;
import io.metcd.api.etcdserverpb.DefragmentResponse;
import io.metcd.api.etcdserverpb.HashKVRequest;
import io.metcd.api.etcdserverpb.HashKVResponse;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.Member;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.api.etcdserverpb.MoveLeaderRequest;
import io.metcd.api.etcdserverpb.MoveLeaderResponse;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.Trio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What three members say of themselves, of each other and of what they hold. */
class ThreeMembersTest {
    @TempDir
    private static Path folder;

    private static Trio trio;

    @BeforeAll
    static void start() {
        trio = new Trio(folder);
    }

    @AfterAll
    static void stop() {
        trio.close();
    }

    /** contract: maint.status.1 */
    @Test
    void eachHasItsOwnIdAndOneOfThemLeadsForAll() {
        List<StatusResponse> all = NAMES.stream().map(ThreeMembersTest::status).toList();
        long leader = all.get(0).getLeader();

        assertThat(all)
                .extracting(status -> status.getHeader().getMemberId())
                .doesNotHaveDuplicates()
                .contains(leader);
        assertThat(all).extracting(StatusResponse::getLeader).containsOnly(leader);
        assertThat(all).extracting(status -> status.getHeader().getClusterId()).containsOnly(clusterId());
        assertThat(all).noneMatch(StatusResponse::getIsLearner);
    }

    /** contract: cluster.list.1, wire.header.3 */
    @Test
    void eachListsAllWithTheirUrlsByTheIdsOfTheirHeaders() {
        Map<String, Long> ids = new TreeMap<>();
        NAMES.forEach(name -> ids.put(name, status(name).getHeader().getMemberId()));
        for (String name : NAMES) {
            MemberListResponse list = list(name);
            while (list.getMembersList().stream().anyMatch(member -> member.getClientURLsCount() == 0)) {
                list = list(name); // until each has said where it is
            }

            assertThat(list.getHeader().getRevision()).isZero();
            assertThat(list.getHeader().getClusterId()).isEqualTo(clusterId());
            assertThat(list.getHeader().getMemberId()).isEqualTo(ids.get(name));
            assertThat(list.getHeader().getRaftTerm()).isPositive();
            assertThat(list.getMembersList())
                    .isSortedAccordingTo((one, other) -> Long.compareUnsigned(one.getID(), other.getID()));
            assertThat(list.getMembersList()).hasSize(3).allSatisfy(member -> {
                assertThat(member.getID()).isEqualTo(ids.get(member.getName()));
                assertThat(member.getClientURLsList()).containsExactly("http://" + member.getName() + ".example:2379");
                assertThat(member.getPeerURLsList()).hasSize(1);
                assertThat(member.getIsLearner()).isFalse();
            });
            assertThat(list.getMembersList()).extracting(Member::getName).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    /** contract: mvcc.agree.1, read.4 */
    @Test
    void whatIsWrittenThroughOneIsReadThroughTheOthers() {
        for (int i = 0; i < 60; i++) {
            PutResponse put = trio.call(
                    NAMES.get(i % 3),
                    "etcdserverpb.KV/Put",
                    putRequest("agree", "v" + i).build(),
                    PutResponse.parser());

            List<RangeResponse> read = NAMES.stream()
                    .map(reader -> trio.call(
                            reader,
                            "etcdserverpb.KV/Range",
                            rangeRequest("agree").build(),
                            RangeResponse.parser()))
                    .toList();

            assertThat(read)
                    .extracting(RangeResponse::getKvsList)
                    .containsOnly(read.get(0).getKvsList());
            assertThat(read)
                    .extracting(answer -> answer.getHeader().getRevision())
                    .containsOnly(put.getHeader().getRevision());
        }
    }

    /** contract: maint.hash.1 */
    @Test
    void theHashOfTheKeysIsOneAlsoBehindACompaction() {
        long revision = 0;
        for (int i = 0; i < 30; i++) {
            revision = trio.call(
                            NAMES.get(i % 3),
                            "etcdserverpb.KV/Put",
                            putRequest("hash" + i % 7, "v" + i).build(),
                            PutResponse.parser())
                    .getHeader()
                    .getRevision();
        }
        HashKVResponse before = oneHash(revision);
        trio.call(
                "a",
                "etcdserverpb.KV/Compact",
                CompactionRequest.newBuilder()
                        .setRevision(revision - 5)
                        .setPhysical(true)
                        .build(),
                CompactionResponse.parser());
        for (String name : NAMES) {
            trio.call(
                    name,
                    "etcdserverpb.Maintenance/Defragment",
                    DefragmentRequest.getDefaultInstance(),
                    DefragmentResponse.parser());
        }

        HashKVResponse behind = oneHash(revision);

        assertThat(behind.getHashRevision()).isEqualTo(before.getHashRevision());
        assertThat(behind.getCompactRevision()).isEqualTo(revision - 5);
    }

    /** contract: maint.move.1 */
    @Test
    void leadershipIsGivenToAVoterByTheLeaderAlone() {
        String leader = leader();
        String other = leader.equals("a") ? "b" : "a";

        assertThat(trio.failure(other, "etcdserverpb.Maintenance/MoveLeader", moveTo(status(other))))
                .isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: not leader"));
        assertThat(trio.failure(
                        leader,
                        "etcdserverpb.Maintenance/MoveLeader",
                        MoveLeaderRequest.newBuilder().setTargetID(99).build()))
                .isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee"));

        MoveLeaderResponse moved = trio.call(
                leader, "etcdserverpb.Maintenance/MoveLeader", moveTo(status(other)), MoveLeaderResponse.parser());

        assertThat(moved.hasHeader()).isFalse();
        assertThat(status(other).getLeader())
                .isEqualTo(status(other).getHeader().getMemberId());
    }

    /** contract: lease.alive.3, lease.ttl.3, lease.ttl.2, read.2 */
    @Test
    void aLeaseIsFoundThroughAnyMemberAsSoonAsItIsGranted() {
        for (int i = 0; i < 9; i++) {
            long id = 900L + i;
            LeaseGrantRequest grant =
                    LeaseGrantRequest.newBuilder().setID(id).setTTL(60).build();
            trio.call(NAMES.get(i % 3), "etcdserverpb.Lease/LeaseGrant", grant, LeaseGrantResponse.parser());

            assertThat(keepAlive(NAMES.get((i + i / 3) % 3), id).getTTL()).isEqualTo(60);
            assertThat(timeToLive(NAMES.get((i + 1 + i / 3) % 3), id).getGrantedTTL())
                    .isEqualTo(60);
        }
        for (String name : NAMES) {
            assertThat(keepAlive(name, 404).getTTL()).isZero();
            assertThat(timeToLive(name, 404).getTTL()).isEqualTo(-1);
        }
    }

    private static LeaseKeepAliveResponse keepAlive(String through, long id) {
        try (GrpcStream stream = trio.client(through).open("etcdserverpb.Lease/LeaseKeepAlive")) {
            stream.send(LeaseKeepAliveRequest.newBuilder().setID(id).build());
            return stream.next(LeaseKeepAliveResponse.parser());
        }
    }

    private static LeaseTimeToLiveResponse timeToLive(String through, long id) {
        return trio.call(
                through,
                "etcdserverpb.Lease/LeaseTimeToLive",
                LeaseTimeToLiveRequest.newBuilder().setID(id).build(),
                LeaseTimeToLiveResponse.parser());
    }

    /** The hash that all three give. */
    private static HashKVResponse oneHash(long revision) {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        List<HashKVResponse> all = new ArrayList<>();
        for (String name : NAMES) {
            trio.call(name, "etcdserverpb.KV/Range", rangeRequest("any").build(), RangeResponse.parser());
            all.add(trio.call(name, "etcdserverpb.Maintenance/HashKV", request, HashKVResponse.parser()));
        }
        assertThat(all)
                .extracting(HashKVResponse::getHash)
                .containsOnly(all.get(0).getHash());
        assertThat(all)
                .extracting(HashKVResponse::getCompactRevision)
                .containsOnly(all.get(0).getCompactRevision());
        return all.get(0);
    }

    private static String leader() {
        return NAMES.stream()
                .filter(name ->
                        status(name).getLeader() == status(name).getHeader().getMemberId())
                .findFirst()
                .orElseThrow();
    }

    private static long clusterId() {
        return trio.node("a").replica().status().clusterId();
    }

    private static MoveLeaderRequest moveTo(StatusResponse of) {
        return MoveLeaderRequest.newBuilder()
                .setTargetID(of.getHeader().getMemberId())
                .build();
    }

    private static StatusResponse status(String name) {
        return trio.call(
                name, "etcdserverpb.Maintenance/Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());
    }

    private static MemberListResponse list(String name) {
        return trio.call(
                name,
                "etcdserverpb.Cluster/MemberList",
                MemberListRequest.newBuilder().setLinearizable(true).build(),
                MemberListResponse.parser());
    }
}
