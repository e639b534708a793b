package io.metcd.store.auth;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;

/**
 * A right on a range of keys.
 *
 * @param type as the API numbers it; a number that it does not define is kept, and allows nothing
 */
public record Permission(int type, KeyRange range) {
    public static final int READ = 0;
    public static final int WRITE = 1;
    public static final int READWRITE = 2;

    /** What one may want to do with keys. */
    public enum Right {
        READ,
        WRITE
    }

    /** Whether its range is one that can be granted: it has a key, and its end, if any, is above that. */
    public boolean isValid() {
        return !range.key().isEmpty() && !range.isEmpty();
    }

    boolean gives(Right right) {
        return type == READWRITE || type == (right == Right.READ ? READ : WRITE);
    }

    /** What the state counts for it. */
    int size() {
        return 16 + range.key().size() + range.end().size();
    }

    Permission compact() {
        Bytes end = range.end().compact();
        return new Permission(type, new KeyRange(range.key().compact(), end));
    }
}
