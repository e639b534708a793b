package io.metcd.node;

import io.metcd.base.Clock;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.Entry;
import io.metcd.raft.Message;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.Root;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member's snapshots: fetched from another member, served to others, and written to the own journal. */
final class Snapshots {
    /** Another member's state that is durable here now. */
    record Installed(SnapshotMark mark, Root root) {}

    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Once is a burst. */
    private static final int OVERTAKEN_TOLD = 2;

    private final Limits limits;
    private final Raft raft;
    private final SnapshotRoute route;
    private final Mailbox mailbox;
    private final Clock clock;
    private final SnapshotSource source;
    private final SnapshotPull pull;
    private final SnapshotKeeper keeper;
    /** A state that has come as a whole, until the log is quiet. */
    private Optional<SnapshotPull.Arrived> arrived = Optional.empty();

    private boolean installing;
    private Optional<Installed> durable = Optional.empty();
    private Optional<IOException> failure = Optional.empty();
    private long installed;

    Snapshots(Limits limits, Surroundings around, SnapshotRoute route, Raft raft) {
        this.limits = limits;
        this.raft = raft;
        this.route = route;
        this.mailbox = around.mailbox();
        this.clock = around.clock();
        this.source = new SnapshotSource(limits, StateMachine.LIMITS);
        this.pull = new SnapshotPull(limits, route, around.journal(), around.clock());
        this.keeper = new SnapshotKeeper(around.journal(), limits.journalBytesMin(), onMailbox(() -> {}, () -> {}));
    }

    long installed() {
        return installed;
    }

    long piecesTaken() {
        return pull.taken();
    }

    long piecesServed() {
        return source.served();
    }

    /** Somebody who fetches needs the log behind it. */
    long heldIndex() {
        return source.heldIndex();
    }

    /** Set once the disk has failed. */
    Optional<IOException> failure() {
        return failure;
    }

    void offered(Message.SnapshotOffer offer, Root root, long nowNanos) {
        if (!installing && arrived.isEmpty()) {
            int before = pull.overtaken();
            pull.offered(offer, root.appliedIndex(), nowNanos);
            if (pull.overtaken() > before) {
                LOG.warn(
                        "snapshot=overtaken times={} reason=\"more was written meanwhile than {} bytes of log\"",
                        pull.overtaken(),
                        limits.logBytesHeld());
            }
        }
    }

    /** For operators, once it was no burst. */
    Optional<String> alarm() {
        return pull.overtaken() < OVERTAKEN_TOLD
                ? Optional.empty()
                : Optional.of("this member has fetched the state " + pull.overtaken() + " times in vain: each time more"
                        + " was written meanwhile than the " + (limits.logBytesHeld() >> 20)
                        + " MiB of log that are held for it. It tries again less and less often: write less for a"
                        + " while, give it a faster line, or give all members a larger heap");
    }

    /** The others, as the leader sees them. */
    void follow(RaftStatus status, long nowNanos) {
        source.follow(status, nowNanos);
    }

    /** Answers the questions of others from now on. */
    void serve(RaftChannel channel, StateMachine machine) {
        RaftChannel.Answerer answerer = (member, request, reply) -> {
            Root root = machine.root();
            Configuration configuration = raft.configurationAt(root.appliedIndex());
            reply.send(source.asked(
                    member,
                    SnapshotCodec.decodeQuestion(request),
                    new SnapshotSource.Present(root, configuration, clock.nanos())));
        };
        channel.answer(RaftChannel.Kind.SNAPSHOT, answerer);
        channel.answer(RaftChannel.Kind.SNAPSHOTS, answerer);
    }

    /** Applies what is committed, and keeps the states as of checkpoints. */
    void apply(List<Entry> committed, StateMachine machine) {
        int from = 0;
        for (int i = 0; i < committed.size(); i++) {
            Entry entry = committed.get(i);
            if (source.isCheckpoint(entry)) {
                machine.apply(committed.subList(from, i + 1));
                source.keep(machine.root(), raft.configurationAt(entry.index()));
                from = i + 1;
            }
        }
        machine.apply(committed.subList(from, committed.size()));
    }

    void sweep(long nowNanos) {
        source.sweep(nowNanos);
    }

    /**
     * True from the moment a fetched state goes to the journal until this member goes on from it: meanwhile nothing else
     * may be written, because it would be of the log that the state replaces.
     */
    boolean installing() {
        return installing;
    }

    /**
     * One step of each; the result is a state to go on from.
     *
     * @param quiet whether nothing is under way to the journal, and nothing waits to be
     */
    Optional<Installed> turn(Root root, long nowNanos, boolean quiet) {
        pull.flush(root.appliedIndex(), nowNanos);
        arrived = arrived.or(pull::take);
        if (quiet && arrived.isPresent()) {
            install(arrived.get());
            arrived = Optional.empty();
        }
        if (!installing) {
            keeper.turn(root, raft.configurationAt(root.appliedIndex()), StateMachine.LIMITS, nowNanos);
        }
        Optional<Installed> result = durable;
        if (result.isPresent()) {
            durable = Optional.empty();
            installing = false;
            installed++;
        }
        return result;
    }

    void abandon() {
        arrived.ifPresent(state -> state.sink().abandon());
        arrived = Optional.empty();
        pull.abandon();
        keeper.abandon();
    }

    private void install(SnapshotPull.Arrived state) {
        installing = true;
        keeper.abandon();
        LOG.info(
                "snapshot=fetched index={} pieces={} millis={} sources={}",
                state.mark().index(),
                state.way().pieces(),
                state.way().nanos() / NANOS_PER_MILLI,
                route.names(state.way().sources()));
        Installed result = new Installed(state.mark(), state.root());
        // Without room for it the leader offers it again.
        state.sink().commit(onMailbox(() -> durable = Optional.of(result), () -> installing = false));
    }

    private Journal.Completion onMailbox(Runnable then, Runnable withoutRoom) {
        return new Journal.Completion() {
            @Override
            public void durable() {
                mailbox.post(then::run);
            }

            @Override
            public void failed(IOException cause) {
                mailbox.post(() -> failure = Optional.of(cause));
            }

            @Override
            public void noSpace() {
                mailbox.post(withoutRoom::run);
            }
        };
    }
}
