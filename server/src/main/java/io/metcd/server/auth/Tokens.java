package io.metcd.server.auth;

import io.metcd.base.Bytes;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import java.util.Optional;

/** Gives out tokens, and says whose a token is. Called from any thread. */
public interface Tokens {
    /** A token in the making. */
    interface Draft {
        /** What goes through the log, so that all members know the token; empty for one that proves itself. */
        Bytes digest();

        /** The token, once the log has it. */
        String finish(long index, long authRevision);
    }

    /** Empty where tokens can only be verified. */
    Optional<Draft> draft(String user);

    /** Whether a token says that it was given out after a state: who is so far behind cannot judge it. */
    boolean isAhead(String token, Root root);

    /** Empty if it is no token, or one that is not good any more. */
    Optional<Caller> find(String token, AuthState auth);

    /** Is shown, once, a state that holds all that was acknowledged before the start: tokens of before are not known. */
    void begin(Root root);

    /** Is shown every state. */
    void observe(Root root);
}
