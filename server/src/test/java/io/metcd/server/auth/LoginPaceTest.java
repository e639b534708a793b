package io.metcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Clock;
import org.junit.jupiter.api.Test;

/** How often passwords may be tried (contract: diff.22). */
class LoginPaceTest {
    private long now;

    private final LoginPace pace = new LoginPace(new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    });

    private void tryAll(String user) {
        for (int i = 0; i < LoginPace.BURST; i++) {
            assertThat(pace.tries(user)).isTrue();
        }
    }

    @Test
    void aHundredTriesAtOnceAndThenTenASecond() {
        tryAll("ann");
        assertThat(pace.tries("ann")).isFalse();
        assertThat(pace.tries("bob")).isTrue();

        now += LoginPace.NANOS_PER_TRY;

        assertThat(pace.tries("ann")).isTrue();
        assertThat(pace.tries("ann")).isFalse();
    }

    @Test
    void aPasswordThatWasRightDoesNotCount() {
        tryAll("ann");

        pace.succeeded("ann");

        assertThat(pace.tries("ann")).isTrue();
        assertThat(pace.tries("ann")).isFalse();
    }

    /** Who sends names of a megabyte must not fill the heap with them. */
    @Test
    void longNamesThatBeginAlikeCountAsOne() {
        String begin = "a".repeat(LoginPace.NAME_CHARS_MAX);
        tryAll(begin + "1".repeat(1000));

        assertThat(pace.tries(begin + "2".repeat(1000))).isFalse();

        pace.succeeded(begin + "3");
        assertThat(pace.tries(begin)).isTrue();
    }
}
