package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Compare.Result;
import io.metcd.store.command.Compare.Target;

/** Something that must hold for a transaction to take its first branch. */
public final class Condition {
    /** How two values must relate. */
    public enum Relation {
        EQUAL,
        NOT_EQUAL,
        GREATER,
        LESS
    }

    private final Compare compare;

    private Condition(Compare compare) {
        this.compare = compare;
    }

    /** There is such a key. */
    public static Condition exists(String key) {
        return version(key, Relation.GREATER, 0);
    }

    /** There is no such key. */
    public static Condition missing(String key) {
        return version(key, Relation.EQUAL, 0);
    }

    /** The key's value; a missing key has none, so that nothing is true of it. */
    public static Condition value(String key, Relation relation, String value) {
        return new Condition(Compare.value(Bytes.utf8(key), result(relation), Bytes.utf8(value)));
    }

    /** The number of puts since the key came to be; 0 for a missing key. */
    public static Condition version(String key, Relation relation, long version) {
        return number(key, Target.VERSION, relation, version);
    }

    /** The revision of the key's last change; 0 for a missing key. */
    public static Condition modRevision(String key, Relation relation, long revision) {
        return number(key, Target.MOD, relation, revision);
    }

    /** The revision at which the key came to be; 0 for a missing key. */
    public static Condition createRevision(String key, Relation relation, long revision) {
        return number(key, Target.CREATE, relation, revision);
    }

    /** The lease that the key hangs on; 0 for none. */
    public static Condition lease(String key, Relation relation, long leaseId) {
        return number(key, Target.LEASE, relation, leaseId);
    }

    Compare compare() {
        return compare;
    }

    private static Condition number(String key, Target target, Relation relation, long number) {
        return new Condition(Compare.number(Bytes.utf8(key), target, result(relation), number));
    }

    private static Result result(Relation relation) {
        return switch (relation) {
            case EQUAL -> Result.EQUAL;
            case NOT_EQUAL -> Result.NOT_EQUAL;
            case GREATER -> Result.GREATER;
            case LESS -> Result.LESS;
        };
    }
}
