package io.metcd.store.alarm;

import java.util.Optional;

/**
 * Something is wrong with a member, as etcd names it.
 *
 * @param member that it is about; any number, known or not
 */
public record Alarm(long member, Kind kind) implements Comparable<Alarm> {
    /** What is wrong. The codes are in logs and snapshots, and are those of etcd's API: never renumber them. */
    public enum Kind {
        /** There is no room: what would take some is refused. */
        NOSPACE(1),
        /** States have parted: whatever changes the state is refused. */
        CORRUPT(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        /** Empty for a code of none. */
        public static Optional<Kind> of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Alarm other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Long.compareUnsigned(member, other.member);
    }
}
