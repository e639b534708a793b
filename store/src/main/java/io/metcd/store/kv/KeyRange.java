package io.metcd.store.kv;

import io.metcd.base.Bytes;

/**
 * A range of keys as the API writes it: an empty end means exactly the key, an end of the single byte 0 means all keys
 * from the key on, any other end makes the half-open range [key, end). A range whose end is not above its key holds
 * nothing.
 */
public record KeyRange(Bytes key, Bytes end) {
    /** The end that means "no end". */
    public static final Bytes OPEN_END = Bytes.of(0);

    public static final KeyRange ALL = new KeyRange(Bytes.of(0), OPEN_END);

    public static KeyRange single(Bytes key) {
        return new KeyRange(key, Bytes.EMPTY);
    }

    public static KeyRange from(Bytes key) {
        return new KeyRange(key, OPEN_END);
    }

    /** All keys that start with the prefix; the empty prefix means all keys. */
    public static KeyRange prefix(Bytes prefix) {
        for (int i = prefix.size() - 1; i >= 0; i--) {
            if (prefix.at(i) != (byte) 0xff) {
                Bytes last = Bytes.of(prefix.at(i) + 1);
                return new KeyRange(prefix, prefix.slice(0, i).concat(last));
            }
        }
        return prefix.isEmpty() ? ALL : from(prefix);
    }

    public boolean isSingle() {
        return end.isEmpty();
    }

    public boolean isOpenEnded() {
        return end.size() == 1 && end.at(0) == 0;
    }

    public boolean isEmpty() {
        return !isSingle() && !isOpenEnded() && key.compareTo(end) >= 0;
    }

    public boolean contains(Bytes other) {
        if (isSingle()) {
            return key.equals(other);
        }
        return key.compareTo(other) <= 0 && isBelowEnd(other);
    }

    /** True if the end does not exclude the key; says nothing of a single-key range. */
    public boolean isBelowEnd(Bytes other) {
        return isOpenEnded() || other.compareTo(end) < 0;
    }
}
