package io.metcd.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowCallsTest {
    private long now = TimeUnit.DAYS.toNanos(1);

    private final SlowCalls calls = new SlowCalls(1, (method, request) -> "", new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    });

    /** contract: log.1 */
    @Test
    void ofManySlowCallsTenASecondAreToldAndTheNextLineSaysHowManyWereNot() {
        for (int i = 0; i < 10; i++) {
            assertThat(calls.admit()).isZero();
        }
        for (int i = 0; i < 7; i++) {
            assertThat(calls.admit()).isEqualTo(-1);
        }

        now += TimeUnit.SECONDS.toNanos(1);

        assertThat(calls.admit()).isEqualTo(7);
        assertThat(calls.admit()).isZero();
    }
}
