package io.metcd.embed;

import static java.util.Objects.requireNonNull;

/** Why something was not done, in words; {@link #reason()} for programs. */
public final class MetcdException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What a program can tell apart. */
    public enum Reason {
        /** This member has no cluster yet, or no leader is known. Nothing was done. */
        NOT_READY,
        /** The time was over. A change may have been made, or may still be made once. */
        TIMED_OUT,
        /** Too much is under way already. Nothing was done. */
        OVERLOADED,
        /** This member was closed, or cannot go on. A change may have been made. */
        STOPPED,
        /** The state does not allow it: the text says what. Nothing was done. */
        REFUSED,
        /** There is no room: the quota is reached, or a member's disk is full. Nothing was done. */
        NO_SPACE,
        /** The revision asked for is gone: it was compacted. */
        COMPACTED,
        /** A lease, and with it a lock or a leadership, has come to its end. */
        LEASE_LOST,
        /** The calling thread was interrupted. A change may have been made. */
        INTERRUPTED
    }

    MetcdException(Reason reason, String text) {
        super(text);
        this.reason = requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }

    /** False only if it is certain that nothing was changed. */
    public boolean mayHaveHappened() {
        return reason == Reason.TIMED_OUT || reason == Reason.STOPPED || reason == Reason.INTERRUPTED;
    }
}
