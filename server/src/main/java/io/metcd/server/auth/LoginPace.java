package io.metcd.server.auth;

import io.metcd.base.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody may try to log in as a user from one place: a hundred times at once, and ten times a second for long.
 * Who tries from elsewhere has tries of its own, so that no stranger keeps a user from logging in. A password that was
 * right does not count. Called from any thread.
 */
public final class LoginPace {
    static final int BURST = 100;
    static final long NANOS_PER_TRY = 100_000_000L;

    /** Names and places remembered; beyond, the one that was not tried for longest is forgotten. */
    private static final int TRIED_MAX = 10_000;

    /** Names that begin with the same so many characters count as one: a stranger chooses how long they are. */
    static final int NAME_CHARS_MAX = 256;

    private final Clock clock;

    /** A user as it was named, and where. */
    private record Tried(String name, String origin) {}

    /** When the tries will all be forgotten; guarded by this. */
    private final Map<Tried, Long> until = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Tried, Long> eldest) {
            return size() > TRIED_MAX;
        }
    };

    public LoginPace(Clock clock) {
        this.clock = clock;
    }

    /** Whether one more try is fine; then it counts. */
    public synchronized boolean tries(String user, String origin) {
        Tried tried = tried(user, origin);
        long now = clock.nanos();
        long busy = Math.max(0, until.getOrDefault(tried, now) - now);
        if (busy + NANOS_PER_TRY > BURST * NANOS_PER_TRY) {
            return false;
        }
        until.put(tried, now + busy + NANOS_PER_TRY);
        return true;
    }

    /** The password was right. */
    public synchronized void succeeded(String user, String origin) {
        until.computeIfPresent(tried(user, origin), (tried, old) -> old - NANOS_PER_TRY);
    }

    private static Tried tried(String user, String origin) {
        return new Tried(user.length() <= NAME_CHARS_MAX ? user : user.substring(0, NAME_CHARS_MAX), origin);
    }
}
