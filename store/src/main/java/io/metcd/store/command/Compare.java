package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;

/**
 * A condition of a transaction; it must hold for every key of its range.
 *
 * @param number what VERSION, CREATE, MOD and LEASE are compared with
 * @param value what VALUE is compared with
 */
public record Compare(KeyRange range, Target target, Result result, long number, Bytes value) {
    public static Compare number(Bytes key, Target target, Result result, long number) {
        return new Compare(KeyRange.single(key), target, result, number, Bytes.EMPTY);
    }

    public static Compare value(Bytes key, Result result, Bytes value) {
        return new Compare(KeyRange.single(key), Target.VALUE, result, 0, value);
    }

    /** UNKNOWN stands for a number that the API does not define: such a condition compares 0 with 0. */
    public enum Target {
        VERSION,
        CREATE,
        MOD,
        VALUE,
        LEASE,
        UNKNOWN
    }

    /** UNKNOWN stands for a number that the API does not define: such a condition holds. */
    public enum Result {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL,
        UNKNOWN
    }
}
