package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.LeaseCheckpoints.Draft;
import io.metcd.store.Limits;
import io.metcd.store.Store;
import io.metcd.store.command.Command;
import io.metcd.store.command.Command.LeaseCheckpoint.Remainder;
import io.metcd.store.command.Envelope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader of term 1 that writes down every ten seconds what is left of leases. */
class LeaseCheckpointsTest {
    private static final long SECOND = 1_000_000_000L;

    private final Store store = new Store(Limits.defaults());
    private final LeaseTimers timers = new LeaseTimers(io.metcd.node.Limits.DEFAULT);
    private final LeaseCheckpoints checkpoints = new LeaseCheckpoints(10, timers);
    private long index;

    @BeforeEach
    void lead() {
        timers.lead(0);
        checkpoints.lead(0);
    }

    private void apply(Command command) {
        store.apply(++index, 1, Envelope.of(command).encode());
    }

    private void apply(Draft draft) {
        apply(draft.command());
        checkpoints.settled(draft, true);
    }

    private void grant(long lease, long ttl, long now) {
        apply(new Command.LeaseGrant(lease, ttl));
        timers.granted(lease, ttl, now);
        checkpoints.granted(lease, ttl, now);
    }

    private List<Draft> drafts(long now) {
        return checkpoints.drafts(1, store.root(), now);
    }

    private Draft draft(long now) {
        List<Draft> drafts = drafts(now);
        assertThat(drafts).hasSize(1);
        return drafts.get(0);
    }

    private boolean free(long lease) {
        return checkpoints.free(store.root().lease(lease).orElseThrow());
    }

    @Test
    void whatIsLeftIsWrittenDownAfterEachIntervalAndNotOfShortLeases() { // contract: lease.expire.4
        grant(1, 35, 0);
        grant(2, 10, 0);

        assertThat(drafts(9 * SECOND)).isEmpty();
        List<Remainder> written = new ArrayList<>();
        for (long now = 10; now < 40; now++) {
            for (Draft draft : drafts(now * SECOND)) {
                written.addAll(draft.command().remainders());
                apply(draft);
            }
        }

        assertThat(written).containsExactly(new Remainder(1, 25), new Remainder(1, 15), new Remainder(1, 5));
    }

    @Test
    void aLeaseThatWasJustRenewedHasNothingToWriteDown() {
        grant(1, 35, 0);

        timers.renew(1, 10 * SECOND);
        assertThat(drafts(10 * SECOND)).isEmpty();

        assertThat(draft(20 * SECOND).command().remainders()).containsExactly(new Remainder(1, 25));
    }

    @Test
    void whatIsLeftIsRoundedUpSoThatNoLeaseEndsEarly() {
        grant(1, 35, 0);

        assertThat(draft(10 * SECOND + 1).command().remainders()).containsExactly(new Remainder(1, 25));
    }

    @Test
    void aCheckpointIsTakenBackBeforeARenewal() { // contract: lease.expire.4
        grant(1, 35, 0);
        assertThat(free(1)).isTrue();
        apply(draft(10 * SECOND));

        assertThat(free(1)).isFalse();
        Draft back = draft(11 * SECOND);
        assertThat(back.command().remainders()).containsExactly(new Remainder(1, 0));
        assertThat(free(1)).isFalse();
        assertThat(drafts(12 * SECOND)).isEmpty(); // under way already

        apply(back);
        assertThat(free(1)).isTrue();
    }

    @Test
    void aCheckpointThatMayStillComeIsTakenBackAsWell() {
        grant(1, 35, 0);
        Draft late = draft(10 * SECOND);
        checkpoints.settled(late, false); // its time was over; it is in the log all the same

        assertThat(store.root().lease(1).orElseThrow().hasCheckpoint()).isFalse();
        assertThat(free(1)).isFalse();
        Draft back = draft(11 * SECOND);
        apply(late.command());
        apply(back);

        assertThat(free(1)).isTrue();
    }

    @Test
    void takingBackDoesNotCountForACheckpointThatWasProposedBehindIt() {
        grant(1, 35, 0);
        apply(draft(10 * SECOND));
        assertThat(free(1)).isFalse();
        Draft back = draft(11 * SECOND);
        checkpoints.settled(back, false); // whoever renews gave up; nothing is under way, as far as is known
        Draft next = draft(20 * SECOND);

        apply(back); // which was in the log, before the next one

        assertThat(next.command().remainders()).containsExactly(new Remainder(1, 15));
        assertThat(free(1)).isFalse();
    }

    @Test
    void aTakingBackThatFailedIsTriedAgainWhenSomebodyRenewsAgain() {
        grant(1, 35, 0);
        apply(draft(10 * SECOND));
        free(1);
        checkpoints.settled(draft(11 * SECOND), false);

        assertThat(drafts(12 * SECOND)).isEmpty();
        free(1);
        assertThat(draft(12 * SECOND).command().remainders()).containsExactly(new Remainder(1, 0));
    }

    @Test
    void manyLeasesAreWrittenDownOneBatchAScan() {
        for (long lease = 1; lease <= 1500; lease++) {
            grant(lease, 35, 0);
        }

        assertThat(draft(10 * SECOND).command().remainders()).hasSize(1000);
        assertThat(drafts(10 * SECOND + 1)).isEmpty();
        assertThat(draft(11 * SECOND).command().remainders()).hasSize(500);
    }

    @Test
    void whoDoesNotLeadAnyMoreAndALeaseThatIsGoneHaveNothingToSay() {
        grant(1, 35, 0);
        grant(2, 35, 0);
        apply(new Command.LeaseRevoke(1));
        timers.revoked(1);
        checkpoints.revoked(1);
        assertThat(draft(10 * SECOND).command().remainders()).containsExactly(new Remainder(2, 25));

        timers.stop();
        checkpoints.stop();
        assertThat(drafts(20 * SECOND)).isEmpty();
    }

    @Test
    void whereCheckpointsAreOffThoseOfAnEarlierLeaderAreStillTakenBack() {
        LeaseCheckpoints off = new LeaseCheckpoints(0, timers);
        off.lead(0);
        apply(new Command.LeaseGrant(1, 35));
        timers.granted(1, 35, 0);
        off.granted(1, 35, 0);
        assertThat(off.drafts(1, store.root(), 10 * SECOND)).isEmpty();
        apply(new Command.LeaseCheckpoint(1, List.of(new Remainder(1, 20))));

        assertThat(off.free(store.root().lease(1).orElseThrow())).isFalse();

        assertThat(off.drafts(1, store.root(), 10 * SECOND)).hasSize(1);
    }
}
