package io.metcd.journal.segment;

/**
 * The place behind a record, where the next one must stand.
 *
 * @param salt of the file, random: bytes that somebody stores can never pass for a record
 * @param number of the next record; a log's numbers go on from file to file
 * @param previous the checksum of the record before
 */
public record Chain(long salt, long number, int previous) {
    Chain behind(int checksum) {
        return new Chain(salt, number + 1, checksum);
    }

    /** The same place in the next file. */
    public Chain salted(long next) {
        return new Chain(next, number, previous);
    }

    /** Whether two chains stand at one place, whatever their files. */
    public boolean meets(Chain other) {
        return number == other.number && previous == other.previous;
    }
}
