package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult.MembershipResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Envelope.Origin;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import io.metcd.store.snapshot.SnapshotReader;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final int LEARNERS_MAX = 1;

    private final TestClient client = new TestClient();

    @BeforeEach
    void aClusterOfTwo() {
        client.run(new Command.MemberDescribe(1, "a", List.of("http://a:2380"), List.of("http://a:2379")));
        client.run(new Command.MemberDescribe(2, "b", List.of("http://b:2380"), List.of()));
    }

    @Test
    void anAddedMemberHasAnEmptyNameAndTheListComesWithIt() {
        // contract: cluster.add.2, cluster.list.2, mvcc.revision.3
        MemberState fresh = MemberState.added(-3, List.of("http://c:2380"), Standing.LEARNER);

        MembershipResult added = (MembershipResult) client.run(new MemberCommand.Add(fresh));

        assertThat(added.id()).isEqualTo(-3);
        assertThat(added.revision()).isEqualTo(1).isEqualTo(client.root().revision());
        assertThat(added.members()).extracting(MemberState::id).containsExactly(1L, 2L, -3L);
        assertThat(client.root().members().get(2)).isEqualTo(fresh);
        assertThat(fresh.started()).isFalse();
    }

    @Test
    void aUrlInUseIsRefusedBeforeItIsProposed() { // contract: cluster.add.2
        assertThat(objection(new MemberCommand.Add(MemberState.added(3, List.of("http://b:2380"), Standing.VOTER))))
                .contains(Refusal.PEER_URLS_EXIST);
        assertThat(objection(new MemberCommand.Update(1, List.of("http://b:2380"))))
                .contains(Refusal.PEER_URLS_EXIST);
        assertThat(objection(new MemberCommand.Update(1, List.of("http://a:2380"))))
                .isEmpty();
    }

    @Test
    void aSecondLearnerIsRefusedAndAVoterIsNot() { // contract: cluster.add.4
        client.run(new MemberCommand.Add(MemberState.added(3, List.of("http://c:2380"), Standing.LEARNER)));

        assertThat(objection(new MemberCommand.Add(MemberState.added(4, List.of("http://d:2380"), Standing.LEARNER))))
                .contains(Refusal.TOO_MANY_LEARNERS);
        assertThat(objection(new MemberCommand.Add(MemberState.added(4, List.of("http://d:2380"), Standing.VOTER))))
                .isEmpty();
    }

    @Test
    void aRemovedIdNeverReturns() { // contract: cluster.remove.1
        client.run(new MemberCommand.Remove(2));

        client.assertRefused(
                new MemberCommand.Add(MemberState.added(2, List.of("http://x:1"), Standing.VOTER)),
                Refusal.MEMBER_NOT_FOUND);
        client.assertRefused(new Command.MemberDescribe(2, "b", List.of(), List.of()), Refusal.MEMBER_NOT_FOUND);
        client.assertRefused(new Command.MemberBind(2, Bytes.of(1), 1), Refusal.MEMBER_NOT_FOUND);
        client.assertRefused(new MemberCommand.Remove(2), Refusal.MEMBER_NOT_FOUND);
        Root copied = copy(client.root());
        assertThat(copied.isRemoved(2)).isTrue();
        assertThat(copied.isRemoved(1)).isFalse();
        assertThat(copied.isRemoved(77)).isFalse();
    }

    @Test
    void onlyALearnerIsPromotedAndWhomItReplacesGoesInTheSameStep() { // contract: cluster.promote.1
        client.run(new MemberCommand.Add(MemberState.added(3, List.of("http://b:2380"), Standing.SUBSTITUTE)));
        client.assertRefused(new MemberCommand.Promote(1, List.of()), Refusal.NOT_A_LEARNER);
        client.assertRefused(new MemberCommand.Promote(9, List.of()), Refusal.MEMBER_NOT_FOUND);

        client.run(new MemberCommand.Promote(3, List.of(2L)));

        assertThat(client.root().members()).extracting(MemberState::id).containsExactly(1L, 3L);
        assertThat(client.root().members().get(1).votes()).isTrue();
        assertThat(client.root().isRemoved(2)).isTrue();
    }

    @Test
    void anUpdateChangesPeerUrlsAndNothingElse() { // contract: cluster.update.1
        client.run(new MemberCommand.Add(MemberState.added(3, List.of("http://c:2380"), Standing.LEARNER)));

        client.run(new MemberCommand.Update(3, List.of("http://z:2380")));
        client.assertRefused(new MemberCommand.Update(9, List.of("http://y:2380")), Refusal.MEMBER_NOT_FOUND);

        assertThat(client.root().members().get(2))
                .isEqualTo(MemberState.added(3, List.of("http://z:2380"), Standing.LEARNER));
    }

    @Test
    void aClusterThatGoesOnAloneRemovesAllOthers() {
        MemberState last = new MemberState(7, "a", List.of("http://a:2380"), List.of(), Bytes.of(7), 9);

        client.run(new MemberCommand.Alone(last));

        assertThat(client.root().members()).containsExactly(last);
        assertThat(client.root().isRemoved(1)).isTrue();
        assertThat(client.root().isRemoved(2)).isTrue();
    }

    @Test
    void aChangeThatTheLeaderRefusedIsAnsweredAsItSaid() {
        long before = client.root().revision();

        client.assertRefused(new MemberCommand.Refuse(Refusal.UNHEALTHY_CLUSTER), Refusal.UNHEALTHY_CLUSTER);

        assertThat(client.root().revision()).isEqualTo(before);
    }

    @Test
    void whatConsensusGoesByIsInTheStateAlsoWhenItsProposalHasTimedOut() {
        Store store = new Store(Limits.defaults());
        Origin origin = new Origin(1, 5, 1);
        MemberState fresh = MemberState.added(3, List.of("http://c:2380"), Standing.VOTER);
        store.apply(1, 1, new Envelope(origin, Caller.TRUSTED, new Command.Noop()).encode());

        Applied applied =
                store.applyChange(2, 1, new Envelope(origin, Caller.TRUSTED, new MemberCommand.Add(fresh)).encode());

        assertThat(applied.duplicate()).isTrue();
        assertThat(store.root().members()).containsExactly(fresh);
    }

    @Test
    void membershipSurvivesASnapshot() {
        client.run(new MemberCommand.Add(MemberState.added(3, List.of("http://c:2380"), Standing.SUBSTITUTE)));

        assertThat(copy(client.root()).members()).isEqualTo(client.root().members());
    }

    private Optional<Refusal> objection(MemberCommand command) {
        return MemberRules.objection(client.root(), command, LEARNERS_MAX);
    }

    private static Root copy(Root root) {
        SnapshotWriter writer = new SnapshotWriter(root, Limits.defaults());
        SnapshotReader reader = new SnapshotReader(Limits.defaults());
        int next = 0;
        for (Optional<Bytes> chunk = writer.chunk(next); chunk.isPresent(); chunk = writer.chunk(next)) {
            reader.accept(chunk.get());
            next++;
        }
        return reader.root();
    }
}
