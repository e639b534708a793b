package io.metcd.journal;

import java.util.Optional;

/**
 * The names of a journal's files.
 *
 * <pre>
 * log-0000000000000007       a segment of the log, by its number
 * spare-0000000000000003     allocated, not used yet
 * snapshot-000000000000a1f0  the state as of an index
 * *.part                     unfinished: deleted when the journal is opened
 * </pre>
 */
final class LogNames {
    private static final String SEGMENT = "log-";
    private static final String SPARE = "spare-";
    private static final String SNAPSHOT = "snapshot-";
    private static final String PART = ".part";
    private static final int DIGITS = 16;

    private LogNames() {}

    static String segment(long number) {
        return SEGMENT + hex(number);
    }

    static String spare(long number) {
        return SPARE + hex(number);
    }

    static String snapshot(long index) {
        return SNAPSHOT + hex(index);
    }

    static String part(String name) {
        return name + PART;
    }

    static boolean isSegment(String name) {
        return number(SEGMENT, name).isPresent();
    }

    static boolean isSnapshot(String name) {
        return snapshotIndex(name).isPresent();
    }

    static boolean isOfJournal(String name) {
        return name.startsWith(SEGMENT) || name.startsWith(SPARE) || name.startsWith(SNAPSHOT);
    }

    static boolean isPart(String name) {
        return isOfJournal(name) && name.endsWith(PART);
    }

    static Optional<Long> segmentNumber(String name) {
        return number(SEGMENT, name);
    }

    static Optional<Long> spareNumber(String name) {
        return number(SPARE, name);
    }

    static Optional<Long> snapshotIndex(String name) {
        return number(SNAPSHOT, name);
    }

    private static Optional<Long> number(String kind, String name) {
        String digits = name.startsWith(kind) ? name.substring(kind.length()) : "";
        boolean lowerHex = digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        return digits.length() == DIGITS && lowerHex
                ? Optional.of(Long.parseUnsignedLong(digits, 16))
                : Optional.empty();
    }

    private static String hex(long number) {
        String digits = Long.toHexString(number);
        return "0".repeat(DIGITS - digits.length()) + digits;
    }
}
