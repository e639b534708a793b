package io.metcd.store.session;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import java.util.Arrays;

/**
 * Which proposals of a member have been applied: all up to a sequence number, and some of those that follow. Immutable.
 *
 * <p>A proposal that is lost leaves a hole for ever, so the window does not wait for it: once a sequence number comes
 * that is a full window ahead, what lies behind the window counts as applied. A member therefore must not have a
 * proposal outstanding that is so much older than its newest.
 *
 * <p>A later incarnation ends the earlier one: what that proposed is void from then on.
 */
public final class Session {
    private static final int WORD = 64;
    private static final long[] NONE = {};

    /** A member that has not proposed yet. */
    public static final Session NEW = new Session(Long.MIN_VALUE, 0, NONE);

    /** A member that may never propose again. */
    public static final Session CLOSED = new Session(Long.MAX_VALUE, Long.MAX_VALUE, NONE);

    /** As CLOSED, of a member that may come again as another one. */
    public static final Session REPLACED = new Session(Long.MAX_VALUE, Long.MAX_VALUE - 1, NONE);

    /** No session, but a small number that is kept where nobody can have one. */
    public static Session number(int number) {
        return number == 0 ? NEW : new Session(0, number, NONE);
    }

    private final long incarnation;

    /** Every sequence number up to this one counts as applied. */
    private final long applied;

    /**
     * Bit {@code s % 64} of word {@code s / 64 - applied / 64} is set for each later one that is applied, as in a
     * bitmap that begins at the word of {@link #applied}. Invariant: no zero word at the end, so that equal sessions
     * have equal words.
     */
    private final long[] later;

    private Session(long incarnation, long applied, long[] later) {
        this.incarnation = incarnation;
        this.applied = applied;
        this.later = later;
    }

    /** Whether it may never propose again. */
    public boolean isClosed() {
        return incarnation == Long.MAX_VALUE && applied >= Long.MAX_VALUE - 1;
    }

    /** Whether that is so of a member that may come again as another one. */
    public boolean isReplaced() {
        return isClosed() && applied == Long.MAX_VALUE - 1;
    }

    /** The number of {@link #number(int)}. */
    public int toNumber() {
        return (int) applied;
    }

    /** What a proposal is, seen from the session. */
    public enum Verdict {
        FRESH,
        DUPLICATE,
        /** Of an earlier incarnation. */
        STALE
    }

    public Verdict verdict(long ofIncarnation, long sequence) {
        if (ofIncarnation != incarnation) {
            return ofIncarnation > incarnation ? Verdict.FRESH : Verdict.STALE;
        }
        return sequence <= applied || isSet(later, sequence - base()) ? Verdict.DUPLICATE : Verdict.FRESH;
    }

    /** The session after a proposal that is FRESH. */
    public Session with(long ofIncarnation, long sequence, int window) {
        Session session = ofIncarnation == incarnation ? this : new Session(ofIncarnation, 0, NONE);
        if (sequence == session.applied + 1 && session.later.length == 0) {
            return new Session(ofIncarnation, sequence, NONE);
        }
        return session.slideTo(Math.max(session.applied, sequence - window)).add(sequence);
    }

    private Session add(long sequence) {
        int place = (int) (sequence - base());
        long[] bits = Arrays.copyOf(later, Math.max(later.length, place / WORD + 1));
        bits[place / WORD] |= 1L << (place % WORD);
        long contiguous = applied;
        while (isSet(bits, contiguous + 1 - base())) {
            contiguous++;
        }
        return new Session(incarnation, applied, bits).slideTo(contiguous);
    }

    /** Counts all up to the given number as applied, and brings the words into their one form. */
    private Session slideTo(long contiguous) {
        int words = (int) Math.min(contiguous / WORD - applied / WORD, later.length);
        long[] bits = Arrays.copyOfRange(later, words, later.length);
        if (bits.length > 0) {
            bits[0] &= -2L << (contiguous % WORD);
        }
        int length = bits.length;
        while (length > 0 && bits[length - 1] == 0) {
            length--;
        }
        return new Session(incarnation, contiguous, length == 0 ? NONE : Arrays.copyOf(bits, length));
    }

    /** The sequence number of the first bit. */
    private long base() {
        return applied - applied % WORD;
    }

    private static boolean isSet(long[] bits, long place) {
        return place / WORD < bits.length && (bits[(int) (place / WORD)] & (1L << (place % WORD))) != 0;
    }

    public void write(ByteWriter out) {
        out.u64(incarnation).varint(applied).varint(later.length);
        for (long word : later) {
            out.u64(word);
        }
    }

    /** Throws {@link Malformed} unless it is what {@link #write} writes for some session with that window. */
    public static Session read(ByteReader in, int window) {
        long incarnation = in.u64();
        long applied = in.varint();
        long[] later = new long[in.count(window / WORD + 1)];
        for (int i = 0; i < later.length; i++) {
            later[i] = in.u64();
        }
        Session session = new Session(incarnation, applied, later);
        if (applied < 0 || (later.length > 0 && !session.isCanonical())) {
            throw new Malformed("session of " + applied + " with a window of other form");
        }
        return session;
    }

    private boolean isCanonical() {
        return later[later.length - 1] != 0
                && (later[0] & ~(-2L << (applied % WORD))) == 0
                && !isSet(later, applied + 1 - base());
    }
}
