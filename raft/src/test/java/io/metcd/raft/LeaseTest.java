package io.metcd.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The promise that a leader's lease stands on (thesis §6.4.1). */
class LeaseTest {
    private static final Message.Vote CANDIDACY = new Message.Vote(3, 1, 6, 9, 1);

    private static boolean votes(Solo member, Message.Vote candidacy) {
        return member.step(candidacy).sent(Message.VoteReply.class).stream().anyMatch(Message.VoteReply::granted);
    }

    private static Solo heardItsLeader(Solo member) {
        return member.step(new Message.Heartbeat(2, 1, 1, 0, 1));
    }

    /** An answer of a later term that was long on its way takes the leader from it, but not the promise. */
    @Test
    void aPromiseOutlivesTheTermInWhichItWasMade() {
        Solo member = heardItsLeader(Solo.leased(3, 0));
        member.step(new Message.PreVoteReply(3, 1, 6, 1, false));
        assertThat(member.term()).isEqualTo(6);

        assertThat(votes(member, CANDIDACY)).isFalse();

        member.tick(Solo.ELECTION);
        assertThat(votes(member, CANDIDACY)).isTrue();
    }

    @Test
    void aLifeBeginsWithAPromiseThatTheLastOneMayHaveMade() {
        Solo member = Solo.leased(3, 5);

        assertThat(votes(member, CANDIDACY)).isFalse();

        member.tick(Solo.ELECTION);
        assertThat(votes(member, CANDIDACY)).isTrue();
    }

    @Test
    void whoHasNeverLivedHasPromisedNothing() {
        assertThat(votes(Solo.leased(3, 0), CANDIDACY)).isTrue();
    }

    @Test
    void whereReadsAskTheQuorumNobodyPromises() {
        Solo member = heardItsLeader(Solo.of(3, 0));
        member.step(new Message.PreVoteReply(3, 1, 6, 1, false));

        assertThat(votes(member, CANDIDACY)).isTrue();
    }

    /** The leader's own word ends its lease before it ends the promise. */
    @Test
    void aTransferReleasesFromThePromise() {
        Solo member = heardItsLeader(Solo.leased(3, 0));

        assertThat(votes(member, new Message.Vote(3, 1, 6, 9, 1, true))).isTrue();
    }
}
