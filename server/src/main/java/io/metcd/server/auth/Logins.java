package io.metcd.server.auth;

import io.metcd.base.Clock;
import io.metcd.node.Replica;
import io.metcd.node.TurnListener;

/** What the event loops of one server share to know their users. */
public final class Logins implements AutoCloseable {
    private static final int THREADS_MAX = 4;

    private final Replica replica;
    private final Tokens tokens;
    private final Passwords passwords;
    private final LoginPace pace;
    private final TurnListener listener;

    public Logins(Replica replica, AuthOptions options) {
        Clock clock = Clock.system();
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.replica = replica;
        this.tokens = options.tokens().apply(clock);
        this.passwords = new Passwords(options.bcryptCost(), Math.min(THREADS_MAX, threads));
        this.pace = new LoginPace(clock);
        this.listener = (root, events) -> tokens.observe(root);
        replica.subscribe(listener);
    }

    public Tokens tokens() {
        return tokens;
    }

    public Passwords passwords() {
        return passwords;
    }

    public LoginPace pace() {
        return pace;
    }

    @Override
    public void close() {
        replica.unsubscribe(listener);
        passwords.close();
    }
}
