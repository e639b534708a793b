package io.metcd.server.auth;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import io.metcd.node.ReadOutcome;
import io.metcd.node.Replica;
import io.metcd.node.TurnListener;
import java.util.concurrent.TimeUnit;

/** What the event loops of one server share to know their users. */
public final class Logins implements AutoCloseable {
    private static final int THREADS_MAX = 4;
    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Replica replica;
    private final Tokens tokens;
    private final Passwords passwords;
    private final LoginPace pace;
    private final TurnListener listener;
    private volatile boolean begun;
    private volatile boolean asking;

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

    /** Finds out, on a loop and for as long as it takes, from which state on tokens can be known. */
    public void start(Scheduler loop) {
        if (begun) {
            return;
        }
        if (!asking) {
            asking = true;
            replica.read(ASK_NANOS, this::asked);
        }
        loop.schedule(ASK_AGAIN_NANOS, () -> start(loop));
    }

    private void asked(ReadOutcome outcome) {
        if (outcome instanceof ReadOutcome.At at) {
            tokens.begin(at.root());
            begun = true;
        }
        asking = false;
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
