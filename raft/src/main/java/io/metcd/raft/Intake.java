package io.metcd.raft;

import io.metcd.base.Invariants;
import io.metcd.raft.Message.Append;
import io.metcd.raft.Message.AppendReply;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.log.ReorderWindow;
import java.util.List;
import java.util.Optional;

/**
 * What a follower takes into its log from the leader of this term.
 *
 * <p>Invariant: commit <= verified <= last index. Up to {@code verified} this log is known to be the leader's; behind
 * it there may be entries of former terms that the leader does not have.
 */
final class Intake {
    private final Ground ground;
    private final ReorderWindow window;
    private long verified;

    /** The highest commitment that the leader has told of: holds for this log as far as it is verified. */
    private long leaderCommit;

    private long highestSequence;

    /** The highest match in a reply so far, whether it has left or waits for the disk. */
    private long acknowledged;

    private boolean replyWanted;

    /** Something is missing: the leader should know before the disk is done. */
    private boolean reportWanted;

    private long unneeded;

    Intake(Ground ground) {
        this.ground = ground;
        this.window = new ReorderWindow(ground.limits().reorderBytesMax());
        this.verified = ground.log.commit();
    }

    /** Takes an append, or keeps it until the ones in front of it come. */
    void append(Append append) {
        RaftLog log = ground.log;
        if (!append.entries().isEmpty() && log.bytes() >= ground.limits().logBytesMax()) {
            return; // As if lost: the leader tries again, and compaction will have made room.
        }
        leaderCommit = Math.max(leaderCommit, append.commit());
        boolean taken = append.prevIndex() > log.lastIndex() ? keep(append) : take(append);
        if (!taken) {
            return;
        }
        highestSequence = Math.max(highestSequence, append.sequence());
        replyWanted = true;
        Optional<Append> next = window.take(log.lastIndex());
        while (next.isPresent()) {
            take(next.get());
            next = window.take(log.lastIndex());
        }
        commit();
    }

    /** The leader knows this log up to {@code matched} to be its own, durably. False: this member has lost it. */
    boolean commitMatched(long matched) {
        if (matched > ground.log.lastIndex()) {
            return false;
        }
        leaderCommit = Math.max(leaderCommit, matched);
        verified = Math.max(verified, matched);
        commit();
        return true;
    }

    /** The state machine and the log were replaced. */
    void installed() {
        verified = Math.max(verified, ground.log.commit());
        window.clear();
        replyWanted = true;
    }

    /** Tells the leader how it stands, even if nothing has changed. */
    void reply() {
        replyWanted = true;
    }

    /** The disk has caught up. */
    void durable() {
        replyWanted |= durableMatch() > acknowledged;
    }

    /** One reply for all that has come in. */
    void prepare(long leader) {
        if (!replyWanted) {
            return;
        }
        long durable = durableMatch();
        // An acknowledgement promises the entries and the term (Raft fig. 2), so both must be on disk.
        boolean mustWait = ground.log.hasUnwritten() || !ground.ballot.isDurable();
        if (mustWait) {
            ground.sendWhenDurable(reply(leader, verified));
        }
        if (!mustWait || reportWanted) {
            ground.sendNow(reply(leader, durable));
        }
        acknowledged = Math.max(acknowledged, mustWait ? verified : durable);
        replyWanted = false;
        reportWanted = false;
        unneeded = 0;
    }

    /** False when there is no room for an append that is early. To tell of it would be to ask for it again. */
    private boolean keep(Append append) {
        if (!append.entries().isEmpty()) {
            noteUnneeded(append, window.contains(append));
            if (!window.add(append)) {
                return false;
            }
        }
        reportWanted = true;
        return true;
    }

    /** False when the logs conflict in front of the append. */
    private boolean take(Append append) {
        noteUnneeded(append, append.lastIndex() <= verified);
        // Behind the verified prefix, the previous entry decides (Raft §5.3, the consistency check).
        if (append.prevIndex() > verified && !ground.log.matches(append.prevIndex(), append.prevTerm())) {
            refuse(append);
            return false;
        }
        List<Entry> entries = append.entries();
        for (int i = (int) Math.max(0, verified - append.prevIndex()); i < entries.size(); i++) {
            place(entries.get(i));
        }
        verified = Math.max(verified, append.lastIndex());
        Invariants.check(verified <= ground.log.lastIndex(), "verified %s of %s", verified, ground.log.lastIndex());
        return true;
    }

    private void place(Entry entry) {
        RaftLog log = ground.log;
        if (entry.index() <= log.lastIndex()) {
            if (log.termAt(entry.index()) == entry.term()) {
                return;
            }
            ground.truncate(entry.index());
        }
        ground.append(entry);
    }

    private void commit() {
        long commit = Math.min(leaderCommit, verified);
        if (commit > ground.log.commit()) {
            ground.log.commit(commit);
        }
    }

    private void noteUnneeded(Append append, boolean isHere) {
        if (append.resent() && isHere) {
            unneeded = append.sequence();
        }
    }

    private void refuse(Append append) {
        RaftLog log = ground.log;
        long hint = log.agreementAt(append.prevIndex(), append.prevTerm());
        ground.sendNow(new AppendReply(
                ground.self(),
                append.from(),
                ground.term(),
                append.sequence(),
                durableMatch(),
                log.commit(),
                hint,
                log.termAt(hint),
                true,
                verified,
                List.of(),
                0));
    }

    private long durableMatch() {
        return ground.ballot.isDurable() ? Math.min(verified, ground.log.durable()) : 0;
    }

    private AppendReply reply(long leader, long match) {
        RaftLog log = ground.log;
        return new AppendReply(
                ground.self(),
                leader,
                ground.term(),
                highestSequence,
                match,
                log.commit(),
                log.lastIndex(),
                log.lastTerm(),
                false,
                window.received(verified),
                window.missing(verified),
                unneeded);
    }
}
