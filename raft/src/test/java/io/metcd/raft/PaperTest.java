package io.metcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One test for each claim of "In Search of an Understandable Consensus Algorithm", under its section. */
class PaperTest {
    private static Message.Append append(long term, long prevIndex, long prevTerm, long commit, long... terms) {
        return new Message.Append(
                2, 1, term, 1, prevIndex, prevTerm, commit, false, Solo.entries(prevIndex + 1, terms));
    }

    private static Solo in(Role role) {
        Solo member = Solo.of(3, 1);
        return switch (role) {
            case FOLLOWER -> member;
            case PRE_CANDIDATE -> member.askForVotes();
            case CANDIDATE -> member.stand();
            case LEADER -> member.lead();
        };
    }

    /** §5.1: "if one server's current term is smaller than the other's, then it updates its current term". */
    @ParameterizedTest
    @EnumSource(Role.class)
    void aLargerTermIsTakenOverAndLeadsBackToFollower(Role role) {
        Solo member = in(role);
        assertThat(member.role()).isEqualTo(role);

        member.step(append(9, 0, 0, 0));

        assertThat(member.term()).isEqualTo(9);
        assertThat(member.role()).isEqualTo(Role.FOLLOWER);
        assertThat(member.raft.status().leader()).isEqualTo(2);
    }

    /** §5.1: "if a server receives a request with a stale term number, it rejects the request". */
    @Test
    void aStaleTermIsRejected() {
        Solo member = Solo.of(3, 5, 1);

        member.step(append(4, 1, 1, 1, 4));

        assertThat(member.logTerms()).containsExactly(1L);
        assertThat(member.raft.status().commit()).isZero();
        assertThat(member.sent(Message.HeartbeatReply.class))
                .extracting(Message::term)
                .containsExactly(5L);
    }

    /** §5.2: "when servers start up, they begin as followers". */
    @Test
    void aServerStartsAsAFollower() {
        assertThat(Solo.of(3, 1).role()).isEqualTo(Role.FOLLOWER);
    }

    /** §5.2: "leaders send periodic heartbeats to all followers". */
    @Test
    void aLeaderSendsHeartbeats() {
        Solo leader = Solo.of(3, 1).lead();
        leader.sent(Message.class);

        leader.tick(Solo.HEARTBEAT);

        assertThat(leader.sent(Message.Heartbeat.class)).extracting(Message::to).containsExactly(2L, 3L);
    }

    /** §5.2: "a server remains in follower state as long as it receives valid RPCs from a leader". */
    @Test
    void aFollowerThatHearsItsLeaderStaysOne() {
        Solo follower = Solo.of(3, 1);

        for (int i = 0; i < 20; i++) {
            follower.step(new Message.Heartbeat(2, 1, 1, 0, 0)).tick(Solo.ELECTION - 1);
        }

        assertThat(follower.role()).isEqualTo(Role.FOLLOWER);
        assertThat(follower.raft.status().leader()).isEqualTo(2);
    }

    /** §5.2: "increments its current term", "votes for itself and issues RequestVote RPCs in parallel". */
    @Test
    void aCandidateVotesForItselfAndAsksAllOthers() {
        Solo candidate = Solo.of(5, 7, 1, 7).stand();

        assertThat(candidate.term()).isEqualTo(8);
        assertThat(candidate.raft.status().vote()).isEqualTo(1);
        assertThat(candidate.sent(Message.Vote.class))
                .containsExactly(
                        new Message.Vote(1, 2, 8, 2, 7),
                        new Message.Vote(1, 3, 8, 2, 7),
                        new Message.Vote(1, 4, 8, 2, 7),
                        new Message.Vote(1, 5, 8, 2, 7));
    }

    /** §5.2: "a candidate wins an election if it receives votes from a majority of the servers in the full cluster". */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, LEADER",
        "3, 1, 0, LEADER",
        "3, 0, 1, CANDIDATE",
        "3, 0, 2, FOLLOWER",
        "5, 1, 0, CANDIDATE",
        "5, 1, 2, CANDIDATE",
        "5, 2, 2, LEADER",
        "5, 1, 3, FOLLOWER"
    })
    void aMajorityOfVotesWins(int size, int granted, int refused, Role outcome) {
        Solo candidate = Solo.of(size, 1).stand();

        for (int i = 0; i < granted + refused; i++) {
            candidate.step(new Message.VoteReply(2 + i, 1, candidate.term(), i < granted, 0, 0));
        }

        assertThat(candidate.role()).isEqualTo(outcome);
    }

    /** §5.2: the same vote, repeated by the network, is one vote. */
    @Test
    void aRepeatedVoteCountsOnce() {
        Solo candidate = Solo.of(5, 1).stand();

        candidate.step(new Message.VoteReply(2, 1, candidate.term(), true, 0, 0));
        candidate.step(new Message.VoteReply(2, 1, candidate.term(), true, 0, 0));

        assertThat(candidate.role()).isEqualTo(Role.CANDIDATE);
    }

    /** §5.2: "each server will vote for at most one candidate in a given term, on a first-come-first-served basis". */
    @Test
    void oneVoteInATerm() {
        Solo voter = Solo.of(3, 1);

        voter.step(new Message.Vote(2, 1, 2, 0, 0)).step(new Message.Vote(3, 1, 2, 0, 0));
        voter.step(new Message.Vote(2, 1, 2, 0, 0));

        assertThat(voter.sent(Message.VoteReply.class))
                .extracting(reply -> reply.to() + " " + reply.granted())
                .containsExactly("2 true", "3 false", "2 true");
    }

    /** §5.2: "if the leader's term is at least as large as the candidate's current term … returns to follower". */
    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PRE_CANDIDATE", "CANDIDATE"})
    void aCandidateGivesWayToALeaderOfItsTerm(Role role) {
        Solo candidate = in(role);

        candidate.step(new Message.Heartbeat(3, 1, candidate.term(), 0, 0));

        assertThat(candidate.role()).isEqualTo(Role.FOLLOWER);
        assertThat(candidate.raft.status().leader()).isEqualTo(3);
    }

    /** §5.2: "if the term in the RPC is smaller …, the candidate rejects the RPC and continues in candidate state". */
    @Test
    void aCandidateGoesOnWhenAFormerLeaderSpeaks() {
        Solo candidate = in(Role.CANDIDATE);

        candidate.step(append(candidate.term() - 1, 0, 0, 0, 1));

        assertThat(candidate.role()).isEqualTo(Role.CANDIDATE);
        assertThat(candidate.logTerms()).isEmpty();
    }

    /** §5.2: "each candidate will time out and start a new election". */
    @Test
    void aCandidateWithoutVotesAsksAnew() {
        Solo candidate = in(Role.CANDIDATE);
        long term = candidate.term();

        candidate.tick(2 * Solo.ELECTION);

        assertThat(candidate.role()).isEqualTo(Role.PRE_CANDIDATE);
        assertThat(candidate.term()).isEqualTo(term);
    }

    /** §5.2: "election timeouts are chosen randomly from a fixed interval". */
    @Test
    void electionTimeoutsAreSpreadOverTheInterval() {
        TreeSet<Integer> timeouts = new TreeSet<>();
        for (long seed = 1; seed <= 300; seed++) {
            Solo follower = Solo.seeded(seed, 3, 1).step(new Message.Heartbeat(2, 1, 1, 0, 0));
            int ticks = 0;
            while (follower.role() == Role.FOLLOWER) {
                follower.tick(1);
                ticks++;
            }
            timeouts.add(ticks);
        }

        assertThat(timeouts).hasSize(Solo.ELECTION);
        assertThat(timeouts.first()).isEqualTo(Solo.ELECTION);
        assertThat(timeouts.last()).isEqualTo(2 * Solo.ELECTION - 1);
    }

    /** §5.3: "the leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel". */
    @Test
    void aCommandIsSentToAllFollowers() {
        Solo leader = Solo.of(3, 1).lead();
        leader.step(leader.acknowledge(2, 1)).step(leader.acknowledge(3, 1));
        leader.sent(Message.class);

        leader.propose("x", "y");

        assertThat(leader.sent(Message.Append.class))
                .extracting(append -> append.to() + " " + append.prevIndex() + " "
                        + append.entries().size())
                .containsExactly("2 1 2", "3 1 2");
    }

    /** §5.3: "when the entry has been safely replicated, the leader applies the entry", on a majority. */
    @Test
    void aMajorityCommits() {
        Solo leader = Solo.of(5, 1).lead().propose("x");

        leader.step(leader.acknowledge(2, 2));
        assertThat(leader.raft.status().commit()).isZero();

        leader.step(leader.acknowledge(4, 2));
        assertThat(leader.raft.status().commit()).isEqualTo(2);
        assertThat(leader.applied).hasSize(2);
    }

    /** §5.3: "this also commits all preceding entries in the leader's log, including … by previous leaders". */
    @Test
    void whatIsInFrontIsCommittedToo() {
        Solo leader = Solo.of(3, 3, 1, 1, 2).lead();

        leader.step(leader.acknowledge(2, 4));

        assertThat(leader.applied).extracting(Entry::term).containsExactly(1L, 1L, 2L, 4L);
    }

    /** §5.3: "once a follower learns that a log entry is committed, it applies the entry … (in log order)". */
    @Test
    void aFollowerAppliesWhatItLearnsToBeCommitted() {
        Solo follower = Solo.of(3, 1);

        follower.step(append(1, 0, 0, 2, 1, 1, 1));

        assertThat(follower.applied).extracting(Entry::index).containsExactly(1L, 2L);
    }

    /** §5.3: "if the follower does not find an entry in its log with the same index and term, then it refuses". */
    @Test
    void theEntryInFrontMustBeTheSame() {
        Solo follower = Solo.of(3, 3, 1, 2);

        follower.step(append(3, 2, 3, 0, 3));

        assertThat(follower.logTerms()).containsExactly(1L, 2L);
        Message.AppendReply reply = follower.sent(Message.AppendReply.class).get(0);
        assertThat(reply.conflict()).isTrue();
        assertThat(reply.match()).isZero();
    }

    /** §5.3, figure 7: "conflicting entries in follower logs will be overwritten with entries from the leader's log". */
    @ParameterizedTest
    @CsvSource({
        "1 1 1 4 4 5 5 6 6",
        "1 1 1 4",
        "1 1 1 4 4 5 5 6 6 6 6",
        "1 1 1 4 4 5 5 6 6 6 7 7",
        "1 1 1 4 4 4 4",
        "1 1 1 2 2 2 3 3 3 3 3"
    })
    void figureSeven(String terms) {
        long[] log = List.of(terms.split(" ", -1)).stream()
                .mapToLong(Long::parseLong)
                .toArray();
        long[] leaders = {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8};
        Solo follower = Solo.of(3, 7, log);

        follower.step(append(8, 0, 0, 0, leaders));

        assertThat(follower.logTerms()).containsExactly(1L, 1L, 1L, 4L, 4L, 5L, 5L, 6L, 6L, 6L, 8L);
    }

    /** §5.3: "if existing entries do not conflict … they are not touched": an old append, late, takes nothing back. */
    @Test
    void anOldAppendTakesNothingBack() {
        Solo follower = Solo.of(3, 1).step(append(1, 0, 0, 0, 1, 1, 1));

        follower.step(append(1, 0, 0, 0, 1));

        assertThat(follower.logTerms()).containsExactly(1L, 1L, 1L);
    }

    /** §5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the candidate". */
    @ParameterizedTest
    @CsvSource({
        "1 1, 2, 1, true",
        "1 1, 3, 1, true",
        "1 1, 1, 1, false",
        "1 1, 1, 2, true",
        "1 2, 9, 1, false",
        "1 2, 2, 2, true",
        "1 2, 1, 3, true"
    })
    void aVoteOnlyForALogThatIsNoLessComplete(String terms, long lastIndex, long lastTerm, boolean granted) {
        long[] log = List.of(terms.split(" ", -1)).stream()
                .mapToLong(Long::parseLong)
                .toArray();

        Solo voter = Solo.of(3, 3, log);
        voter.step(new Message.PreVote(2, 1, 3, lastIndex, lastTerm));
        voter.step(new Message.Vote(2, 1, 4, lastIndex, lastTerm));

        assertThat(voter.sent(Message.VoteReply.class))
                .extracting(Message.VoteReply::granted)
                .containsExactly(granted);
    }

    /** §5.4.2: "only log entries from the leader's current term are committed by counting replicas". */
    @Test
    void anEntryOfAFormerTermIsNotCommittedByCounting() {
        Solo leader = Solo.of(3, 2, 1, 2).lead();

        leader.step(leader.acknowledge(2, 2)).step(leader.acknowledge(3, 2));

        assertThat(leader.raft.status().commit()).isZero();
    }

    /** §8: "having each leader commit a blank no-op entry into the log at the start of its term". */
    @Test
    void aTermBeginsWithABlankEntry() {
        Solo leader = Solo.of(3, 4, 4).lead();

        assertThat(leader.raft.log().entryAt(2).kind()).isEqualTo(Entry.Kind.NOOP);
        assertThat(leader.raft.log().termAt(2)).isEqualTo(5);
    }

    /** §8 and thesis §6.4: a read waits for a quorum to confirm the leader, and not for the disk. */
    @Test
    void aReadIsAnsweredWhenAQuorumStillFollows() {
        Solo leader = Solo.of(5, 1).lead();
        leader.step(leader.acknowledge(2, 1)).step(leader.acknowledge(3, 1));

        assertThat(leader.raft.requestRead(7)).isTrue();
        Ready asking = leader.raft.ready();
        assertThat(asking.readStates()).isEmpty();
        leader.raft.step(new Message.HeartbeatReply(2, 1, leader.term(), 0, 1));
        assertThat(leader.raft.ready().readStates()).isEmpty();
        leader.raft.step(new Message.HeartbeatReply(5, 1, leader.term(), 0, 1));

        assertThat(leader.raft.ready().readStates()).containsExactly(new ReadState(7, 1));
    }
}
