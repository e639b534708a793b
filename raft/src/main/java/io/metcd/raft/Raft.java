package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import java.util.List;

/**
 * One member's consensus. Not thread-safe: one owner drives it.
 *
 * <pre>
 *   step(message) ─┐                      ┌─ hardState, append ──► journal ──► advance(Durable)
 *   tick()        ─┤                      ├─ sendNow ────────────► network, beside the write
 *   propose(…)    ─┼──► Raft ──► ready() ─┼─ sendWhenDurable ────► network, after the write
 *   requestRead() ─┤                      ├─ committed ──────────► state machine ──► advance(Applied)
 *   hint…()       ─┘                      └─ readStates, failedReads, snapshot, events
 * </pre>
 *
 * How to drive it, again and again:
 *
 * <ol>
 *   <li>Hand in everything that has come: messages, ticks, proposals, reads.
 *   <li>Take {@link #ready()}.
 *   <li>Begin to write {@code hardState} and {@code append}, in the order of the Readys.
 *   <li>Send {@code sendNow}.
 *   <li>When the write is complete: send {@code sendWhenDurable}, then {@code advance(durable)}. Writes may complete
 *       several Readys later.
 *   <li>Apply {@code committed}, then {@code advance(new Applied(last index))}.
 *   <li>Answer the reads whose index is applied.
 *   <li>{@link #compact} when the log has grown.
 * </ol>
 *
 * A write that fails is final: the owner stops this member.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Raft {
    @SuppressWarnings("UnusedVariable")
    public Raft(RaftConfig config, RaftStart start, RandomSource random) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Takes a message; one that means nothing any more is ignored. */
    public void step(Message message) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Time passes. */
    public void tick() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Appends commands to the log when this member leads. */
    public Proposal propose(List<Bytes> commands) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * Asks for a linearizable read; ends in {@link Ready#readStates()} or {@link Ready#failedReads()}. False: refused,
     * because no leader is known or too many reads wait.
     */
    public boolean requestRead(long readId) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** True when {@link #ready()} would not be empty. */
    public boolean hasReady() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Everything to do since the last call. */
    public Ready ready() {
        throw new UnsupportedOperationException("not built yet");
    }

    public void advance(Durable durable) {
        throw new UnsupportedOperationException("not built yet");
    }

    public void advance(Applied applied) {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Without effect when this member has meanwhile applied as much by itself. */
    public void advance(SnapshotInstalled installed) {
        throw new UnsupportedOperationException("not built yet");
    }

    public RaftStatus status() {
        throw new UnsupportedOperationException("not built yet");
    }

    /** Drops the log up to this index, which must be applied; followers behind it will need a snapshot. */
    public void compact(long index) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * What the mesh shows: false delays a campaign by at most two election time-outs, never forever. A hint for
     * liveness; safety does not know it.
     */
    public void hintQuorumConnected(boolean connected) {
        throw new UnsupportedOperationException("not built yet");
    }

    /**
     * What the mesh shows: there is no path to this member. A leader probes it; a follower whose leader it is forgets
     * its lease and campaigns early.
     */
    public void hintUnreachable(long member) {
        throw new UnsupportedOperationException("not built yet");
    }
}
