package io.metcd.raft;

import io.metcd.raft.Message.Append;
import io.metcd.raft.Message.AppendReply;
import io.metcd.raft.Message.Hole;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.progress.InFlight;
import io.metcd.raft.progress.Progress;
import io.metcd.raft.progress.Progress.State;
import io.metcd.raft.progress.ReorderTolerance;
import io.metcd.raft.progress.Retry;
import io.metcd.raft.progress.RoundTrip;
import io.metcd.raft.progress.Sent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leader's replication to one follower.
 *
 * <p><b>Loss.</b> Appends are numbered in the order of sending and a reply names the highest number that has arrived,
 * what has arrived around it, and the holes. An append is lost when enough later ones have arrived (how many is
 * {@link ReorderTolerance}) or when it is older than a round trip and a later one has arrived; then it is sent again at
 * once, under a new number. When nothing later arrives, a timer from measured round trips sends the lowest one again,
 * and its reply tells the rest. The numbering is what QUIC does for the same reasons (RFC 9002 §3, §6): an answer is
 * never ambiguous, and a resent packet's loss is found like any other.
 */
final class Replication {
    /** An append up to this size may be sent again and again; of a larger one, what is lacking is asked first. */
    private static final int SMALL_BYTES = 16 * 1024;

    /** A fetch takes its time, so the offer is repeated less and less often. */
    private static final int OFFER_DOUBLINGS_MAX = 5;

    /** A removed member is told of it for so many election time-outs. */
    private static final int FAREWELL_ELECTIONS = 4;

    private final Ground ground;
    private final long member;
    private final Progress progress;
    private final RoundTrip roundTrip;
    private final ReorderTolerance tolerance;

    /** The newest reply of the present state. */
    private @Nullable AppendReply newest;

    private long freshest;
    private long heardAt;
    private boolean probing;

    /** A follower that does not answer is asked without entries. */
    private boolean doubtful;

    private long commitSent;
    private long commitKnown;
    private long readConfirmed;

    /** The entry that has removed it; 0: it is a member. */
    private long departure;

    private int departedTicks;

    /** Waits for entries or a question to be answered. */
    private final Retry retry;

    private final Retry offerRetry;

    /** Waits for the follower to know what is committed. */
    private final Retry commitRetry;

    private final Retry readRetry;

    Replication(Ground ground, long member) {
        this.ground = ground;
        this.member = member;
        Limits limits = ground.limits();
        this.progress = new Progress(
                ground.log.lastIndex() + 1, new InFlight(limits.inFlightMessagesMax(), limits.inFlightBytesMax()));
        this.roundTrip = new RoundTrip();
        this.retry = new Retry(roundTrip, 1);
        this.offerRetry = new Retry(roundTrip, OFFER_DOUBLINGS_MAX);
        this.commitRetry = new Retry(roundTrip, 1);
        this.readRetry = new Retry(roundTrip, 1);
        this.tolerance = new ReorderTolerance(limits.inFlightMessagesMax());
        this.heardAt = ground.now;
    }

    long member() {
        return member;
    }

    long match() {
        return progress.match();
    }

    long readConfirmed() {
        return readConfirmed;
    }

    boolean heardWithin(int ticks) {
        return ground.now - heardAt < ticks;
    }

    MemberProgress status() {
        return new MemberProgress(
                member, progress.match(), heardWithin(ground.electionTicks), progress.state() == State.SNAPSHOT);
    }

    /** It is no member from this entry on. */
    void depart(long index) {
        departure = departure == 0 ? index : departure;
    }

    /** True when it knows of its removal, or is not worth the waiting. */
    boolean hasDeparted() {
        return departure > 0 && (commitKnown >= departure || departedTicks > FAREWELL_ELECTIONS * ground.electionTicks);
    }

    /** Where the follower's log ends, as it said itself: where the logs may agree. */
    void hint(long lastIndex, long lastTerm) {
        seek(lastIndex, lastTerm);
    }

    /** Sends what may be sent. */
    void send() {
        if (progress.state() == State.PROBE && !probing) {
            probe();
            retry.start(ground.now);
        } else if (progress.state() == State.REPLICATE) {
            while (progress.state() == State.REPLICATE
                    && progress.next() <= ground.log.lastIndex()
                    && progress.inFlight().hasRoom()) {
                append(progress.next(), ground.log.lastIndex(), false);
            }
            if (progress.state() == State.REPLICATE && commitSent < ground.log.commit()) {
                notice();
            }
        }
    }

    /** Time passes: what was lost is sent again. */
    void tick() {
        if (departure > 0 && ground.log.commit() >= departure) {
            departedTicks++;
        }
        tolerance.tick(ground.now);
        if (progress.state() == State.REPLICATE) {
            replicateTick();
        } else if (progress.state() == State.PROBE && retry.isDue(ground.now)) {
            doubtful = true;
            probe();
            retry.again(ground.now);
        } else if (progress.state() == State.SNAPSHOT && offerRetry.isDue(ground.now)) {
            offerSnapshot();
            offerRetry.again(ground.now);
        }
    }

    private void replicateTick() {
        AppendReply reply = newest;
        if (reply != null) {
            resendLost(reply);
        }
        InFlight inFlight = progress.inFlight();
        if (inFlight.size() > 0) {
            Sent lowest = inFlight.get(inFlight.lowest());
            boolean isSmall = lowest.bytes() <= SMALL_BYTES;
            if (isSmall ? retry.isDueCheaply(ground.now, lowest.tick()) : retry.isDue(ground.now, lowest.tick())) {
                if (isSmall || !retry.isRepeated()) {
                    inFlight.remove(inFlight.lowest());
                    append(lowest.first(), lowest.last(), false);
                } else {
                    notice(); // The answer will tell whether it is the packets or only the disk.
                }
                retry.again(ground.now);
            }
        } else if (commitKnown < Math.min(progress.match(), ground.log.commit())
                && commitRetry.isDueCheaply(ground.now)) {
            // Raft §5.3 leaves open how a follower learns of a commitment when the append that tells it is lost.
            notice();
            commitRetry.again(ground.now);
        }
    }

    /** A reply of this term. True when the follower holds more than was known. */
    boolean appendReply(AppendReply reply) {
        heardAt = ground.now;
        if (reply.match() > ground.log.lastIndex() || reply.sequence() > progress.sequence()) {
            ground.refuse(member, "acknowledges what was never sent: " + reply);
            return false;
        }
        measure(reply.sequence());
        commitKnown = Math.max(commitKnown, reply.commit());
        boolean acknowledged = progress.acknowledged(reply.match());
        if (acknowledged) {
            retry.start(ground.now);
        }
        if (reply.unneeded() > 0) {
            tolerance.resentInVain(ground.now);
        }
        react(reply);
        return acknowledged;
    }

    private void react(AppendReply reply) {
        if (progress.state() == State.SNAPSHOT) {
            if (progress.match() >= ground.log.snapshotIndex()) {
                agreed(progress.match());
            }
            return;
        }
        // Overtaken on its way: a later reply has told more.
        if (!progress.concernsState(reply.sequence()) || reply.sequence() < freshest) {
            return;
        }
        freshest = reply.sequence();
        if (reply.conflict()) {
            seek(reply.lastIndex(), reply.lastTerm());
        } else if (progress.state() == State.PROBE) {
            probed(reply);
        } else if (reply.lastIndex() < progress.floor() && progress.match() < progress.floor()) {
            // It has restarted and lost what was not durable.
            seek(reply.lastIndex(), reply.lastTerm());
        } else {
            newest = reply;
            resendLost(reply);
        }
    }

    void heartbeat(long readContext) {
        // A follower's log is verified up to match only; a commitment beyond it could name other entries there.
        long commit = Math.min(progress.match(), ground.log.commit());
        ground.sendNow(new Message.Heartbeat(ground.self(), member, ground.term(), commit, readContext));
    }

    void heartbeatReply(Message.HeartbeatReply reply) {
        heardAt = ground.now;
        commitKnown = Math.max(commitKnown, reply.commit());
        readConfirmed = Math.max(readConfirmed, reply.readContext());
    }

    /** "Do I still lead?" */
    void askForRead(long readContext) {
        heartbeat(readContext);
        readRetry.start(ground.now);
    }

    /** Asks again when the answer does not come. */
    void repeatRead(long readContext) {
        if (readConfirmed < readContext && readRetry.isDueCheaply(ground.now)) {
            heartbeat(readContext);
            readRetry.again(ground.now);
        }
    }

    void heard() {
        heardAt = ground.now;
    }

    /** The mesh has no path to it: no window full of appends goes into the void. */
    void unreachable() {
        if (progress.state() == State.REPLICATE) {
            enterProbe(progress.match() + 1);
            doubtful = true;
        }
    }

    private void probed(AppendReply reply) {
        long asked = progress.next() - 1;
        if (reply.lastIndex() < asked) {
            seek(reply.lastIndex(), reply.lastTerm());
            return;
        }
        progress.replicateBehind(asked);
        started();
        newest = reply;
        resendLost(reply);
    }

    /** Looks for the last place where the logs agree, by one entry of the follower (Raft §5.3, last paragraphs). */
    private void seek(long index, long term) {
        RaftLog log = ground.log;
        long candidate = log.agreementAt(index, term);
        if (index < log.snapshotIndex() || log.termAt(candidate) > term) {
            startSnapshot(); // They part in front of all that is left here.
        } else if (log.matches(index, term)) {
            agreed(index);
        } else {
            enterProbe(candidate + 1);
        }
    }

    private void agreed(long index) {
        progress.replicateFrom(index);
        started();
    }

    private void enterProbe(long next) {
        progress.probe(next);
        probing = false;
        newest = null;
    }

    private void started() {
        probing = false;
        doubtful = false;
        newest = null;
        retry.start(ground.now);
    }

    private void probe() {
        long first = progress.next();
        probing = true;
        if (first <= ground.log.snapshotIndex()) {
            startSnapshot();
        } else if (doubtful
                || first > ground.log.lastIndex()
                || progress.inFlight().size() > 0) {
            emptyAppend(first - 1);
        } else {
            append(first, ground.log.lastIndex(), false);
        }
    }

    /** Tells what is committed when there are no entries to tell it with. */
    private void notice() {
        if (progress.next() <= ground.log.snapshotIndex()) {
            startSnapshot();
        } else {
            emptyAppend(progress.next() - 1);
        }
    }

    private void emptyAppend(long prevIndex) {
        post(prevIndex, List.of(), false);
    }

    private void append(long first, long last, boolean resent) {
        if (first <= ground.log.snapshotIndex()) {
            startSnapshot();
            return;
        }
        List<Entry> entries = ground.log.slice(first, last, ground.limits().appendBytesMax());
        long sequence = post(first - 1, entries, resent);
        progress.sent(new Sent(sequence, first, first + entries.size() - 1, bytes(entries), ground.now));
    }

    private long post(long prevIndex, List<Entry> entries, boolean resent) {
        RaftLog log = ground.log;
        long sequence = progress.nextSequence();
        if (commitSent < log.commit()) {
            commitSent = log.commit();
            commitRetry.start(ground.now);
        }
        ground.sendNow(new Append(
                ground.self(),
                member,
                ground.term(),
                sequence,
                prevIndex,
                log.termAt(prevIndex),
                log.commit(),
                resent,
                entries));
        return sequence;
    }

    private void startSnapshot() {
        progress.snapshot();
        newest = null;
        offerRetry.start(ground.now);
        offerSnapshot();
    }

    private void offerSnapshot() {
        RaftLog log = ground.log;
        long index = log.applied();
        ground.sendNow(new Message.SnapshotOffer(
                ground.self(),
                member,
                ground.term(),
                log.snapshotIndex(),
                index,
                log.termAt(index),
                ground.membership.asOf(index)));
    }

    /** Sends again what is lost; neighbours travel together, for what was sent bit by bit need not be resent so. */
    private void resendLost(AppendReply reply) {
        InFlight inFlight = progress.inFlight();
        long first = 0;
        long last = -1;
        int bytes = 0;
        int at = 0;
        while (at < inFlight.size() && inFlight.get(at).sequence() < reply.sequence()) {
            Sent one = inFlight.get(at);
            if (!isLost(one, reply)) {
                at++;
                continue;
            }
            boolean joins = one.first() == last + 1
                    && bytes + one.bytes() <= ground.limits().appendBytesMax();
            if (!joins) {
                resend(first, last);
                if (progress.state() != State.REPLICATE) {
                    return;
                }
                first = one.first();
                bytes = 0;
            }
            inFlight.remove(at);
            last = one.last();
            bytes += one.bytes();
        }
        resend(first, last);
    }

    private void resend(long first, long last) {
        if (first <= last) {
            append(first, last, true);
        }
    }

    private boolean isLost(Sent one, AppendReply reply) {
        boolean overtaken = one.sequence() + tolerance.appends() <= reply.sequence();
        return (overtaken || ground.now - one.tick() >= roundTrip.retryTicks()) && !hasArrived(one, reply);
    }

    private static boolean hasArrived(Sent one, AppendReply reply) {
        if (one.last() > reply.received()) {
            return false;
        }
        for (Hole hole : reply.missing()) {
            if (hole.first() <= one.last() && one.first() <= hole.last()) {
                return false;
            }
        }
        return true;
    }

    private void measure(long sequence) {
        InFlight inFlight = progress.inFlight();
        int at = inFlight.find(sequence);
        if (at < inFlight.size()) {
            roundTrip.measure(ground.now - inFlight.get(at).tick());
        }
    }

    private static int bytes(List<Entry> entries) {
        int bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).sizeBytes();
        }
        return bytes;
    }
}
