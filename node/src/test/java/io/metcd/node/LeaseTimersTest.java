package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.LeaseTimers.Renewal;
import io.metcd.store.lease.LeaseState;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LeaseTimersTest {
    private static final long SECOND = 1_000_000_000L;

    private final LeaseTimers timers = new LeaseTimers(Limits.DEFAULT);

    @Test
    void aLeaseExpiresAfterItsTimeAndNotBefore() {
        timers.lead(0);
        timers.granted(1, 5, 0);

        assertThat(timers.expired(5 * SECOND - 1)).isEmpty();
        assertThat(timers.expired(6 * SECOND)).containsExactly(1L);
    }

    @Test
    void theLongestLeaseHasAllOfItsTime() { // contract: lease.grant.3, lease.ttl.1
        timers.lead(0);
        timers.resumed(new LeaseState(1, 9_000_000_000L), 0, SECOND);
        timers.granted(2, 5, 0);

        assertThat(timers.remainingSeconds(1, SECOND)).isEqualTo(9_000_000_000L);
        assertThat(timers.expired(6 * SECOND)).containsExactly(2L);
    }

    @Test
    void aRenewalBeginsTheTimeAnew() {
        timers.lead(0);
        timers.granted(1, 5, 0);

        assertThat(timers.renew(1, 4 * SECOND)).isEqualTo(Renewal.RENEWED);

        assertThat(timers.expired(8 * SECOND)).isEmpty();
        assertThat(timers.remainingSeconds(1, 8 * SECOND)).isEqualTo(1);
        assertThat(timers.expired(9 * SECOND)).containsExactly(1L);
    }

    @Test
    void anExpiredLeaseCannotBeRenewedAndIsUnknownOnceRevoked() {
        timers.lead(0);
        timers.granted(1, 5, 0);

        assertThat(timers.renew(1, 5 * SECOND)).isEqualTo(Renewal.EXPIRED);
        timers.revoked(1);

        assertThat(timers.renew(1, 5 * SECOND)).isEqualTo(Renewal.UNKNOWN);
        assertThat(timers.expired(9 * SECOND)).isEmpty();
    }

    @Test
    void aNewLeaderGivesTheFullTimeAndAGraceWhichNoRenewalShortens() {
        timers.lead(100 * SECOND);
        timers.resumed(new LeaseState(1, 5), 100 * SECOND, SECOND);

        timers.renew(1, 100 * SECOND);

        assertThat(timers.expired(106 * SECOND - 1)).isEmpty();
        assertThat(timers.expired(107 * SECOND)).containsExactly(1L);
    }

    @Test
    void whoDoesNotLeadTimesNothing() {
        timers.granted(1, 5, 0);
        assertThat(timers.expired(99 * SECOND)).isEmpty();

        timers.lead(0);
        timers.granted(1, 5, 0);
        timers.stop();

        assertThat(timers.expired(99 * SECOND)).isEmpty();
        assertThat(timers.size()).isZero();
    }

    @Test
    void onlySoManyRevocationsAreUnderWayAndEachIsTriedAgain() {
        timers.lead(0);
        for (int id = 1; id <= 40; id++) {
            timers.granted(id, 1, 0);
        }

        List<Long> first = timers.expired(2 * SECOND);
        assertThat(first).hasSize(16);
        assertThat(timers.expired(3 * SECOND)).isEmpty();
        first.subList(0, 10).forEach(timers::revoked);

        assertThat(timers.expired(4 * SECOND)).hasSize(10).doesNotContainAnyElementsOf(first);
        assertThat(timers.expired(5 * SECOND)).containsExactlyElementsOf(first.subList(10, 16));
    }

    @Test
    void manyLeasesOfANewLeaderAreSpread() {
        timers.lead(0);
        for (int id = 1; id <= 3000; id++) {
            timers.granted(id, 10, 0);
        }

        timers.spread(0);

        long early = 0;
        for (int id = 1; id <= 3000; id++) {
            early += timers.remainingSeconds(id, 0) < 11 ? 1 : 0;
        }
        assertThat(early).isBetween(700L, 800L);
        assertThat(timers.remainingSeconds(3000, 0)).isEqualTo(13);
    }

    @Test
    void noLeaseExpiresEarlyOrIsForgotten() {
        Property.check(300, random -> {
            LeaseTimers tried = new LeaseTimers(Limits.DEFAULT);
            TreeMap<Long, Long> deadlines = new TreeMap<>();
            long[] times = new long[13];
            List<Long> due = new ArrayList<>();
            long now = 0;
            tried.lead(now);
            for (int step = 0; step < 400; step++) {
                now += random.between(0, SECOND);
                long id = random.between(1, 12);
                if (random.chance(0.3) && !deadlines.containsKey(id)) {
                    times[(int) id] = random.between(1, 20);
                    tried.granted(id, times[(int) id], now);
                    deadlines.put(id, now + times[(int) id] * SECOND);
                } else if (random.chance(0.5) && tried.renew(id, now) == Renewal.RENEWED) {
                    assertThat(deadlines.get(id)).isGreaterThan(now);
                    deadlines.put(id, now + times[(int) id] * SECOND);
                }
                for (long over : tried.expired(now)) {
                    assertThat(deadlines.get(over)).isLessThanOrEqualTo(now);
                    due.add(over);
                }
                if (random.chance(0.5) && !due.isEmpty()) {
                    long revoked = due.remove(0);
                    tried.revoked(revoked);
                    deadlines.remove(revoked);
                }
            }
            due.forEach(tried::revoked);
            due.forEach(deadlines::remove);
            for (int step = 0; step < 60; step++) {
                now += SECOND;
                for (long over : tried.expired(now)) {
                    tried.revoked(over);
                    deadlines.remove(over);
                }
            }
            assertThat(deadlines).isEmpty();
        });
    }
}
