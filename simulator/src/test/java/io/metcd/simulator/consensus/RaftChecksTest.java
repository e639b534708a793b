package io.metcd.simulator.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.Message;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Ready;
import io.metcd.raft.Role;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each checker sees the violation that it is there for. */
class RaftChecksTest {
    private static final Configuration THREE = Configuration.of(1, 2, 3);

    private boolean durable = true;
    private final RaftChecks checks = new RaftChecks((index, term) -> durable);
    private final MirrorLog a = new MirrorLog();
    private final MirrorLog b = new MirrorLog();

    private static Entry entry(long term, long index, String text) {
        return new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8(text));
    }

    private static RaftStatus status(long self, Role role, long term, long commit, MirrorLog log) {
        return new RaftStatus(
                self,
                role,
                term,
                0,
                0,
                commit,
                commit,
                log.last(),
                log.first(),
                log.last(),
                0,
                THREE,
                false,
                0,
                List.of());
    }

    @Test
    void twoLeadersOfOneTermAreSeen() {
        checks.won(1, 7);
        checks.won(1, 7);

        assertThatThrownBy(() -> checks.won(2, 7)).hasMessageContaining("election safety");
    }

    @Test
    void differentEntriesOfOneIndexAndTermAreSeen() {
        checks.appended(List.of(entry(1, 1, "x")), a);

        assertThatThrownBy(() -> checks.appended(List.of(entry(1, 1, "y")), b)).hasMessageContaining("log matching");
    }

    @Test
    void equalEntriesBehindDifferentOnesAreSeen() {
        checks.appended(List.of(entry(1, 1, "x"), entry(3, 2, "z")), a);
        checks.appended(List.of(entry(2, 1, "y")), b);

        assertThatThrownBy(() -> checks.appended(List.of(entry(3, 2, "z")), b)).hasMessageContaining("log matching");
    }

    @Test
    void aLeaderWithoutACommittedEntryIsSeen() {
        checks.appended(List.of(entry(1, 1, "x")), a);
        checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0);

        assertThatThrownBy(() -> checks.stepped(status(2, Role.LEADER, 2, 0, b), b, 0))
                .hasMessageContaining("leader completeness");
    }

    @Test
    void twoCommitsOfOneIndexAreSeen() {
        checks.appended(List.of(entry(1, 1, "x")), a);
        checks.appended(List.of(entry(2, 1, "y")), b);
        checks.stepped(status(1, Role.FOLLOWER, 1, 1, a), a, 0);

        assertThatThrownBy(() -> checks.stepped(status(2, Role.FOLLOWER, 2, 1, b), b, 0))
                .hasMessageContaining("state machine safety");
    }

    @Test
    void aCommitThatGoesBackIsSeen() {
        checks.appended(List.of(entry(1, 1, "x")), a);
        checks.stepped(status(1, Role.FOLLOWER, 1, 1, a), a, 0);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.FOLLOWER, 1, 0, a), a, 1))
                .hasMessageContaining("commit monotonic");
    }

    @Test
    void aCommitThatIsOnNoMajorityOfDisksIsSeen() {
        durable = false;
        checks.appended(List.of(entry(1, 1, "x")), a);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0))
                .hasMessageContaining("committed before durable");
    }

    @Test
    void anAcknowledgementOfWhatIsNotOnDiskIsSeen() {
        HostDisk disk = new HostDisk(THREE);
        write(disk, new HardState(1, 0, 0), List.of(entry(1, 1, "x")));
        Message two = new Message.AppendReply(2, 1, 1, 1, 2, 0, 2, 1, false, 2, List.of(), 0);
        Message one = new Message.AppendReply(2, 1, 1, 1, 1, 0, 2, 1, false, 2, List.of(), 0);

        assertThatCode(() -> DurableFirst.leaves(one, 1, disk)).doesNotThrowAnyException();
        assertThatThrownBy(() -> DurableFirst.leaves(two, 1, disk)).hasMessageContaining("durable first");
    }

    @Test
    void aVoteThatIsNotOnDiskIsSeen() {
        HostDisk disk = new HostDisk(THREE);
        write(disk, new HardState(2, 1, 0), List.of());

        assertThatCode(() -> DurableFirst.leaves(new Message.VoteReply(2, 1, 2, true, 0, 0), 0, disk))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> DurableFirst.leaves(new Message.VoteReply(2, 3, 2, true, 0, 0), 0, disk))
                .hasMessageContaining("durable first");
        assertThatThrownBy(() -> DurableFirst.leaves(new Message.Vote(2, 3, 3, 0, 0), 0, disk))
                .hasMessageContaining("durable first");
    }

    @Test
    void aMirrorLogIsOverwrittenCompactedAndReset() {
        a.set(1, 1, 10);
        a.set(2, 1, 11);
        a.set(3, 2, 12);
        a.set(2, 3, 13);
        assertThat(a.last()).isEqualTo(2);
        a.set(3, 3, 14);
        a.compact(2);

        assertThat(a.first()).isEqualTo(3);
        assertThat(a.term(2)).isEqualTo(3);
        assertThat(a.hash(3)).isEqualTo(14);
        assertThat(a.holds(3, 3)).isTrue();
        assertThat(a.holds(3, 2)).isFalse();
        assertThat(a.holds(4, 3)).isFalse();
        a.reset(9, 5);
        assertThat(a.last()).isEqualTo(9);
    }

    private static void write(HostDisk disk, HardState state, List<Entry> entries) {
        disk.write(new Ready(
                Optional.of(state),
                entries,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty()));
        disk.complete();
    }
}
