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
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.membership.Change;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each checker sees the violation that it is there for. */
class RaftChecksTest {
    private static final Configuration THREE = Configuration.of(1, 2, 3);

    /** The members whose disks hold everything. */
    private Set<Long> durable = Set.of(1L, 2L, 3L, 4L, 5L);

    private final RaftChecks checks = new RaftChecks(THREE, (member, index, term) -> durable.contains(member));
    private final MirrorLog a = new MirrorLog(THREE);
    private final MirrorLog b = new MirrorLog(THREE);

    private static Entry entry(long term, long index, String text) {
        return new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8(text));
    }

    private static Entry change(long index, Configuration configuration) {
        Bytes data = ConfigurationCodec.encodeChange(new Change(configuration, Bytes.EMPTY));
        return new Entry(1, index, Entry.Kind.CONFIGURATION, data);
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
                log.configurationAt(log.last()),
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
        durable = Set.of(1L);
        checks.appended(List.of(entry(1, 1, "x")), a);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0))
                .hasMessageContaining("committed before durable");
    }

    @Test
    void aCommitThatCountsALearnerIsSeen() {
        Configuration learners = new Configuration(List.of(1L, 2L, 3L), List.of(4L, 5L), List.of());
        durable = Set.of(1L, 4L, 5L);
        checks.appended(List.of(change(1, learners)), a);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0))
                .hasMessageContaining("committed before durable");
    }

    @Test
    void aRemovedLeaderThatCountsItselfIsSeen() {
        durable = Set.of(1L, 2L);
        checks.appended(List.of(change(1, Configuration.of(2, 3))), a);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0))
                .hasMessageContaining("committed before durable");
    }

    @Test
    void aCommitByOneHalfOfAJointConfigurationIsSeen() {
        durable = Set.of(1L, 2L, 4L);
        checks.appended(List.of(change(1, new Configuration(List.of(1L, 4L, 5L), List.of(), List.of(1L, 2L, 3L)))), a);
        checks.stepped(status(1, Role.LEADER, 1, 1, a), a, 0);
        durable = Set.of(1L, 2L, 3L);
        checks.appended(List.of(entry(1, 2, "x")), a);

        assertThatThrownBy(() -> checks.stepped(status(1, Role.LEADER, 1, 2, a), a, 1))
                .hasMessageContaining("committed before durable");
    }

    @Test
    void aChangeOfTwoVotersInOneStepIsSeen() {
        assertThatThrownBy(() -> checks.appended(List.of(change(1, Configuration.of(3, 4, 5))), a))
                .hasMessageContaining("change of membership");
    }

    @Test
    void aSecondChangeBeforeTheFirstIsCommittedIsSeen() {
        List<Entry> two = List.of(change(1, Configuration.of(1, 2)), change(2, THREE));
        checks.appended(two, a);

        assertThatThrownBy(() -> checks.leads(status(1, Role.LEADER, 1, 0, a), two, a))
                .hasMessageContaining("one change at a time");
    }

    @Test
    void aMemberThatGoesByAnotherConfigurationThanItsLogIsSeen() {
        checks.appended(List.of(change(1, Configuration.of(1, 2))), a);
        RaftStatus old = status(1, Role.FOLLOWER, 1, 0, b);

        assertThatThrownBy(() -> checks.stepped(old, a, 0)).hasMessageContaining("configuration");
    }

    @Test
    void aRemovalThatWasNotCommittedIsSeen() {
        assertThatThrownBy(() -> checks.removed(3, 0)).hasMessageContaining("is removed");
    }

    /** What may still come into force counts as well. */
    @Test
    void thoseWhoSufficeDecideInEveryConfigurationToCome() {
        assertThat(checks.suffice(member -> member != 3)).isTrue();

        checks.appended(List.of(change(1, Configuration.of(2, 3))), a);

        assertThat(checks.suffice(member -> member != 3)).isFalse();
        assertThat(checks.suffice(member -> member != 1)).isTrue();
    }

    @Test
    void anAcknowledgementOfWhatIsNotOnDiskIsSeen() {
        HostDisk disk = new HostDisk();
        write(disk, new HardState(1, 0, 0), List.of(entry(1, 1, "x")));
        Message two = new Message.AppendReply(2, 1, 1, 1, 2, 0, 2, 1, false, 2, List.of(), 0);
        Message one = new Message.AppendReply(2, 1, 1, 1, 1, 0, 2, 1, false, 2, List.of(), 0);

        assertThatCode(() -> DurableFirst.leaves(one, 1, disk)).doesNotThrowAnyException();
        assertThatThrownBy(() -> DurableFirst.leaves(two, 1, disk)).hasMessageContaining("durable first");
    }

    @Test
    void aVoteThatIsNotOnDiskIsSeen() {
        HostDisk disk = new HostDisk();
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
        a.reset(9, 5, THREE);
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
