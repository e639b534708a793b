package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.metcd.api.etcdserverpb.Member;
import io.metcd.api.etcdserverpb.MemberAddRequest;
import io.metcd.api.etcdserverpb.MemberAddResponse;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.api.etcdserverpb.MemberPromoteRequest;
import io.metcd.api.etcdserverpb.MemberRemoveRequest;
import io.metcd.api.etcdserverpb.MemberRemoveResponse;
import io.metcd.api.etcdserverpb.MemberUpdateRequest;
import io.metcd.api.etcdserverpb.MemberUpdateResponse;
import io.metcd.api.etcdserverpb.MoveLeaderRequest;
import io.metcd.api.etcdserverpb.MoveLeaderResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members come and go; the texts are etcd's. */
class MembershipTest {
    private final Etcd etcd = Etcd.start();

    @BeforeEach
    void theMemberHasSaidItsName() {
        while (members().stream().noneMatch(member -> !member.getName().isEmpty())) {
            etcd.put("k", "v");
        }
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: cluster.add.1 */
    @Test
    void badPeerUrlsAreRefused() {
        for (String bad : List.of(
                "://x",
                "mailto:a@b",
                "h:2380",
                "ftp://h:2380",
                "http://h",
                "http://h:2380/path",
                "http://h:2380/",
                "http://h:port",
                "::")) {
            assertFails(add(false, bad), Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid");
        }
        assertFails(add(false), Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid");
    }

    /** contract: cluster.add.2, cluster.list.2, wire.header.3 */
    @Test
    void anAddedMemberHasAnIdAndNoName() {
        MemberAddResponse added = call(add(true, "http://b:2381", "http://b:2380"));

        assertThat(added.getHeader().getRevision()).isZero();
        assertThat(added.getMember().getID()).isNotZero();
        assertThat(added.getMember().getName()).isEmpty();
        assertThat(added.getMember().getIsLearner()).isTrue();
        assertThat(added.getMember().getPeerURLsList()).containsExactly("http://b:2380", "http://b:2381");
        assertThat(added.getMembersList()).hasSize(2).contains(added.getMember());
        assertThat(members()).isEqualTo(added.getMembersList());
        assertFails(add(false, "http://b:2380"), Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists");
    }

    /** contract: cluster.add.4, cluster.promote.1 */
    @Test
    void learnersHaveTheirRules() {
        MemberAddResponse added = call(add(true, "http://b:2380"));

        assertFails(
                add(true, "http://c:2380"),
                Code.FAILED_PRECONDITION,
                "etcdserver: too many learner members in cluster");
        assertPromoteFails(
                added.getMember().getID(),
                Code.FAILED_PRECONDITION,
                "etcdserver: can only promote a learner member which is in sync with leader");
        assertPromoteFails(
                members().get(0).getID() == added.getMember().getID()
                        ? members().get(1).getID()
                        : members().get(0).getID(),
                Code.FAILED_PRECONDITION,
                "etcdserver: can only promote a learner member");
        assertPromoteFails(99, Code.NOT_FOUND, "etcdserver: member not found");
    }

    /** contract: cluster.update.1, cluster.remove.1 */
    @Test
    void membersAreUpdatedAndRemoved() {
        long id = call(add(true, "http://b:2380")).getMember().getID();

        MemberUpdateResponse updated = etcd.client()
                .call(
                        "etcdserverpb.Cluster/MemberUpdate",
                        MemberUpdateRequest.newBuilder()
                                .setID(id)
                                .addPeerURLs("http://z:1")
                                .build(),
                        MemberUpdateResponse.parser());
        assertThat(updated.getMembersList()).anySatisfy(member -> {
            assertThat(member.getPeerURLsList()).containsExactly("http://z:1");
            assertThat(member.getIsLearner()).isTrue();
        });
        MemberRemoveResponse removed =
                etcd.client().call("etcdserverpb.Cluster/MemberRemove", remove(id), MemberRemoveResponse.parser());
        assertThat(removed.getMembersList()).hasSize(1);
        assertThat(etcd.failure("etcdserverpb.Cluster/MemberRemove", remove(id)))
                .isEqualTo(new Status(Code.NOT_FOUND, "etcdserver: member not found"));
        assertThat(etcd.failure(
                        "etcdserverpb.Cluster/MemberUpdate",
                        MemberUpdateRequest.newBuilder().setID(id).build()))
                .isEqualTo(new Status(Code.NOT_FOUND, "etcdserver: member not found"));
        assertThat(etcd.failure(
                        "etcdserverpb.Cluster/MemberRemove",
                        remove(members().get(0).getID())))
                .isEqualTo(new Status(
                        Code.UNKNOWN, "etcdserver: re-configuration failed due to not enough started members"));
    }

    /** contract: error.5, maint.move.1 */
    @Test
    void leadershipGoesToAVoterOnly() {
        long learner = call(add(true, "http://b:2380")).getMember().getID();

        for (long bad : new long[] {learner, 99}) {
            assertThat(etcd.failure(
                            "etcdserverpb.Maintenance/MoveLeader",
                            MoveLeaderRequest.newBuilder().setTargetID(bad).build()))
                    .isEqualTo(new Status(Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee"));
        }
        MoveLeaderRequest toItself = MoveLeaderRequest.newBuilder()
                .setTargetID(etcd.replica().status().memberId())
                .build();
        MoveLeaderResponse moved =
                etcd.client().call("etcdserverpb.Maintenance/MoveLeader", toItself, MoveLeaderResponse.parser());
        assertThat(moved.hasHeader()).isFalse();
    }

    private List<Member> members() {
        return etcd.client()
                .call(
                        "etcdserverpb.Cluster/MemberList",
                        MemberListRequest.newBuilder().setLinearizable(true).build(),
                        MemberListResponse.parser())
                .getMembersList();
    }

    private static MemberAddRequest add(boolean learner, String... urls) {
        return MemberAddRequest.newBuilder()
                .addAllPeerURLs(List.of(urls))
                .setIsLearner(learner)
                .build();
    }

    private static MemberRemoveRequest remove(long id) {
        return MemberRemoveRequest.newBuilder().setID(id).build();
    }

    private MemberAddResponse call(MemberAddRequest request) {
        return etcd.client().call("etcdserverpb.Cluster/MemberAdd", request, MemberAddResponse.parser());
    }

    private void assertFails(MessageLite request, Code code, String text) {
        assertThat(etcd.failure("etcdserverpb.Cluster/MemberAdd", request)).isEqualTo(new Status(code, text));
    }

    private void assertPromoteFails(long id, Code code, String text) {
        MemberPromoteRequest request =
                MemberPromoteRequest.newBuilder().setID(id).build();
        assertThat(etcd.failure("etcdserverpb.Cluster/MemberPromote", request)).isEqualTo(new Status(code, text));
    }
}
