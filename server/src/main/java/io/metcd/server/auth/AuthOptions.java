package io.metcd.server.auth;

import io.metcd.base.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * How users are known.
 *
 * @param bcryptCost the work of hashing a password: each step more doubles it
 * @param tokens makes what gives out tokens and knows them again, for each port
 */
public record AuthOptions(int bcryptCost, Function<Clock, Tokens> tokens) {
    public static final int BCRYPT_COST = 10;
    public static final Duration TOKEN_TTL = Duration.ofMinutes(5);

    public static final AuthOptions DEFAULT = simple(BCRYPT_COST, TOKEN_TTL);

    public AuthOptions {
        if (bcryptCost < Passwords.COST_MIN || bcryptCost > Passwords.COST_MAX) {
            throw new IllegalArgumentException("a bcrypt cost is between " + Passwords.COST_MIN + " and "
                    + Passwords.COST_MAX + ", not " + bcryptCost);
        }
    }

    /** Tokens that members remember; each ends when it was not used for so long. */
    public static AuthOptions simple(int bcryptCost, Duration ttl) {
        return new AuthOptions(bcryptCost, clock -> new SimpleTokens(clock, ttl));
    }

    /** Tokens that say themselves whose they are, for so long. */
    public static AuthOptions signed(int bcryptCost, Seal seal, Duration ttl) {
        return new AuthOptions(bcryptCost, clock -> new SignedTokens(clock, seal, ttl));
    }
}
