package io.metcd.store.kv;

/**
 * Why the store did not do what it was asked. Each is an expected answer, decided alike by every member, and leaves
 * the keyspace as it was. The codes are part of the state hash: never renumber them.
 */
public enum Refusal {
    COMPACTED(1),
    FUTURE_REVISION(2),
    LEASE_NOT_FOUND(3),
    LEASE_EXISTS(4),
    LEASE_TTL_TOO_LARGE(5),
    /** A put that keeps the value or the lease of a key that is not there, or an operation that says nothing. */
    KEY_NOT_FOUND(6),
    KEY_MISSING(7),
    VALUE_PROVIDED(8),
    LEASE_PROVIDED(9),
    TOO_MANY_OPERATIONS(10),
    DUPLICATE_KEY(11),
    INVALID_SORT_OPTION(12),
    /** An expiry that was decided in an earlier term: the lease may have been renewed since. */
    STALE_TERM(13),
    /** The proposal has been applied before: its result was given then. */
    DUPLICATE_PROPOSAL(14),
    /** A proposal of an earlier life of its member, or one older than the window remembers. */
    STALE_PROPOSAL(15),
    MEMBER_NOT_FOUND(16),
    /** The member is bound to another peer. */
    MEMBER_BOUND(17),
    MEMBER_EXISTS(18),
    PEER_URLS_EXIST(19),
    NOT_A_LEARNER(20),
    LEARNER_NOT_READY(21),
    TOO_MANY_LEARNERS(22),
    /** Too few of the voters have ever been started for one more, or one less. */
    NOT_ENOUGH_STARTED(23),
    /** Too few of the voters can be reached for a change of membership. */
    UNHEALTHY_CLUSTER(24),
    /** Too many changes of membership wait already. */
    TOO_MANY_CHANGES(25),
    /** There is no room: the quota is reached, or a member's disk is full. */
    NO_SPACE(26),
    /** Nothing may change the state while the members' states may have parted. */
    CORRUPT(27),
    /** So many alarms stand already, of members that nobody may ever have known. */
    TOO_MANY_ALARMS(28),
    ROOT_USER_MISSING(29),
    ROOT_ROLE_MISSING(30),
    AUTH_NOT_ENABLED(31),
    /** No name where one is asked for, or an empty one. */
    USER_EMPTY(32),
    USER_EXISTS(33),
    USER_NOT_FOUND(34),
    ROLE_EMPTY(35),
    ROLE_EXISTS(36),
    ROLE_NOT_FOUND(37),
    /** The user does not have the role. */
    ROLE_NOT_GRANTED(38),
    /** The role does not have the permission. */
    PERMISSION_NOT_GRANTED(39),
    /** A permission that cannot be granted, or what would leave nobody to administer. */
    INVALID_AUTH_MANAGEMENT(40),
    /** The user that a token is asked for is gone. */
    AUTH_FAILED(41),
    PERMISSION_DENIED(42),
    /** Users or roles have changed since it was looked who asks. */
    AUTH_OLD_REVISION(43),
    /** There is a bound to users, roles, permissions, and to what they take together. */
    TOO_MANY_USERS(44);

    private final int code;

    Refusal(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Throws {@link IllegalArgumentException} for a code of none. */
    public static Refusal of(int code) {
        for (Refusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        throw new IllegalArgumentException("refusal " + code);
    }
}
