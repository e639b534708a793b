package io.metcd.raft.progress;

import io.metcd.base.Invariants;

/**
 * How far one follower is, as its leader knows it.
 *
 * <pre>
 *      ┌────────── conflict, unreachable ──────────┐
 *      ▼                                           │
 *    PROBE ──── the logs agree at next - 1 ────► REPLICATE
 *      │                                           │  ▲
 *      └───► SNAPSHOT ◄─── entries are gone ───────┘  │
 *               └─────────── installed ───────────────┘
 * </pre>
 *
 * In PROBE one append at a time asks for the place where the logs agree; in REPLICATE appends flow, and all that was
 * sent between {@code floor} and {@code next} is in flight until it is acknowledged; in SNAPSHOT nothing is sent but
 * the offer.
 *
 * <p>Invariant: match <= floor < next. The match never falls.
 */
public final class Progress {
    private final InFlight inFlight;
    private State state = State.PROBE;
    private long match;
    private long floor;
    private long next;
    private long sequence;

    /** The first sequence number of this state: answers to earlier appends tell nothing about it. */
    private long since = 1;

    /** What the leader does for the follower. */
    public enum State {
        PROBE,
        REPLICATE,
        SNAPSHOT
    }

    public Progress(long next, InFlight inFlight) {
        Invariants.check(next > 0, "next is %s", next);
        this.next = next;
        this.inFlight = inFlight;
    }

    public State state() {
        return state;
    }

    /** The follower holds everything up to here, durably. */
    public long match() {
        return match;
    }

    /** The logs are believed to agree up to here. */
    public long floor() {
        return floor;
    }

    /** The next entry to send. */
    public long next() {
        return next;
    }

    public InFlight inFlight() {
        return inFlight;
    }

    /** Numbers the next append. */
    public long nextSequence() {
        return ++sequence;
    }

    public long sequence() {
        return sequence;
    }

    /** False for an answer to something sent before the present state began. */
    public boolean concernsState(long answeredSequence) {
        return answeredSequence >= since;
    }

    /** True when the acknowledged index has risen; an old acknowledgement changes nothing. */
    public boolean acknowledged(long index) {
        if (index <= match) {
            return false;
        }
        match = index;
        floor = Math.max(floor, match);
        next = Math.max(next, match + 1);
        inFlight.acknowledged(match);
        checkMarks();
        return true;
    }

    /** Entries up to {@code last} are on their way. */
    public void sent(Sent one) {
        inFlight.add(one);
        if (state == State.REPLICATE) {
            next = Math.max(next, one.last() + 1);
        }
        checkMarks();
    }

    /** Asks whether the logs agree in front of {@code index}. */
    public void probe(long index) {
        state = State.PROBE;
        restart(Math.max(match, index - 1));
    }

    /** The logs agree at {@code index}; what the last probe carried behind it stays in flight. */
    public void replicateBehind(long index) {
        long carried = index;
        for (int i = 0; i < inFlight.size(); i++) {
            carried = Math.max(carried, inFlight.get(i).last());
        }
        state = State.REPLICATE;
        floor = Math.max(match, index);
        next = Math.max(floor, carried) + 1;
        checkMarks();
    }

    /** The logs agree at {@code index}; nothing is in flight. */
    public void replicateFrom(long index) {
        state = State.REPLICATE;
        restart(Math.max(match, index));
    }

    /** Waits for a snapshot to be installed. */
    public void snapshot() {
        state = State.SNAPSHOT;
        restart(match);
    }

    private void restart(long agreed) {
        inFlight.clear();
        floor = agreed;
        next = agreed + 1;
        since = sequence + 1;
        checkMarks();
    }

    private void checkMarks() {
        Invariants.check(match <= floor, "match %s beyond floor %s", match, floor);
        Invariants.check(floor < next, "floor %s not below next %s", floor, next);
    }
}
