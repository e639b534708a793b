package io.metcd.store.auth;

/**
 * For whom something is done, and as of when that was decided.
 *
 * @param user the name; empty for nobody
 * @param authRevision the revision of users and roles that the name was taken from; 0 only for {@link #TRUSTED}
 */
public record Caller(String user, long authRevision) {
    /** The application that the member is part of, and the member itself: nobody asks these for a name. */
    public static final Caller TRUSTED = new Caller("", 0);

    /** A client without a name. */
    public static Caller nobody(long authRevision) {
        return new Caller("", Math.max(1, authRevision));
    }

    public boolean isTrusted() {
        return user.isEmpty() && authRevision == 0;
    }
}
