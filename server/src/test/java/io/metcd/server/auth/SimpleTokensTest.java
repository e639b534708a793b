package io.metcd.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Clock;
import io.metcd.server.auth.Tokens.Draft;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Token;
import io.metcd.store.auth.User;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** contract: auth.token.3 */
class SimpleTokensTest {
    private static final AuthState AUTH = AuthState.OFF
            .with(new AuthState.Switch(true, 1, 0))
            .with(new User("ann", new User.Credential("hash", false, 1), List.of()));
    private static final int ALL = 1000;

    private final HandClock clock = new HandClock();
    private final SimpleTokens giver = tokens();
    private final SimpleTokens other = tokens();

    @Test
    void eachMemberKnowsATokenThatWasGivenOutSinceItStarted() {
        other.begin(Roots.at(4, AUTH));
        Draft draft = giver.draft("ann").orElseThrow();
        AuthState auth = AUTH.with(new Token(5, "ann", draft.digest()), ALL);
        String token = draft.finish(5, 1);

        other.observe(Roots.at(5, auth));

        assertThat(other.find(token, auth)).contains(new Caller("ann", 1));
        clock.nanos += Duration.ofMinutes(5).toNanos() - 1;
        assertThat(other.find(token, auth)).isPresent();
        clock.nanos += Duration.ofMinutes(5).toNanos();
        assertThat(other.find(token, auth)).as("not used for so long").isEmpty();
    }

    /** A member that comes back applies its log once more, and learns of what it missed. */
    @Test
    void aTokenThatHasEndedDoesNotComeBackWithAMember() {
        Draft draft = giver.draft("ann").orElseThrow();
        AuthState auth = AUTH.with(new Token(5, "ann", draft.digest()), ALL);
        String token = draft.finish(5, 1);

        other.observe(Roots.at(3, AUTH));
        other.observe(Roots.at(5, auth));
        assertThat(other.find(token, auth)).as("while it applies").isEmpty();
        other.begin(Roots.at(8, auth));
        other.observe(Roots.at(9, auth));

        assertThat(other.find(token, auth)).as("then").isEmpty();
    }

    /** A member may give out a token before it knows which of the others' are good. */
    @Test
    void whoGivesATokenOutKnowsIt() {
        Draft draft = giver.draft("ann").orElseThrow();
        AuthState auth = AUTH.with(new Token(5, "ann", draft.digest()), ALL);
        String token = draft.finish(5, 1);

        assertThat(giver.find(token, auth)).contains(new Caller("ann", 1));
        giver.begin(Roots.at(8, auth));
        assertThat(giver.find(token, auth)).contains(new Caller("ann", 1));
        assertThat(giver.find("-" + token.substring(1), auth)).isEmpty();
    }

    private SimpleTokens tokens() {
        return new SimpleTokens(clock, Duration.ofMinutes(5));
    }

    private static final class HandClock implements Clock {
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return 0;
        }
    }
}
