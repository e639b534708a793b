package io.metcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Clock;
import org.junit.jupiter.api.Test;

/** How often passwords may be tried (contract: diff.22). */
class LoginPaceTest {
    private static final String HERE = "10.0.0.1";

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
            assertThat(pace.tries(user, HERE)).isTrue();
        }
    }

    @Test
    void aHundredTriesAtOnceAndThenTenASecond() {
        tryAll("ann");
        assertThat(pace.tries("ann", HERE)).isFalse();
        assertThat(pace.tries("bob", HERE)).isTrue();

        now += LoginPace.NANOS_PER_TRY;

        assertThat(pace.tries("ann", HERE)).isTrue();
        assertThat(pace.tries("ann", HERE)).isFalse();
    }

    @Test
    void aStrangerKeepsNobodyElseFromLoggingIn() {
        tryAll("ann");

        assertThat(pace.tries("ann", "10.0.0.2")).isTrue();
        assertThat(pace.tries("ann", HERE)).isFalse();
    }

    @Test
    void aPasswordThatWasRightDoesNotCount() {
        tryAll("ann");

        pace.succeeded("ann", HERE);

        assertThat(pace.tries("ann", HERE)).isTrue();
        assertThat(pace.tries("ann", HERE)).isFalse();
    }

    /** Who sends names of a megabyte must not fill the heap with them. */
    @Test
    void longNamesThatBeginAlikeCountAsOne() {
        String begin = "a".repeat(LoginPace.NAME_CHARS_MAX);
        tryAll(begin + "1".repeat(1000));

        assertThat(pace.tries(begin + "2".repeat(1000), HERE)).isFalse();

        pace.succeeded(begin + "3", HERE);
        assertThat(pace.tries(begin, HERE)).isTrue();
    }
}
