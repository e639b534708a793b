package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PingPolicyTest {
    private final HandClock clock = new HandClock();
    private final PingPolicy policy = new PingPolicy(clock, Duration.ofSeconds(5));

    /** contract: wire.keepalive.1 */
    @Test
    void pingsFiveSecondsApartAreAllowedWhileThereAreCalls() {
        for (int i = 0; i < 100; i++) {
            clock.advance(TimeUnit.SECONDS.toNanos(5));

            assertThat(policy.onPing(true)).isFalse();
        }
    }

    /** contract: wire.keepalive.1 */
    @Test
    void theThirdPingTooSoonEndsTheConnection() {
        assertThat(policy.onPing(true)).as("free, as the connection is new").isFalse();
        assertThat(policy.onPing(true)).isFalse();
        assertThat(policy.onPing(true)).isFalse();
        assertThat(policy.onPing(true)).isTrue();
    }

    @Test
    void aPingThatFollowsSomethingSentIsFree() {
        for (int i = 0; i < 100; i++) {
            policy.onSent();

            assertThat(policy.onPing(true)).isFalse();
        }
    }

    @Test
    void withoutCallsAPingEachFiveSecondsIsTooMuch() {
        boolean ended = false;
        for (int i = 0; i < 4; i++) {
            clock.advance(TimeUnit.SECONDS.toNanos(5));
            ended = policy.onPing(false);
        }

        assertThat(ended).isTrue();
    }

    private static final class HandClock implements Clock {
        private long now;

        void advance(long nanos) {
            now += nanos;
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    }
}
