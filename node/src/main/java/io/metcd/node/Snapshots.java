package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Priority;
import io.metcd.raft.Message;
import io.metcd.raft.Raft;
import io.metcd.store.Root;
import java.io.IOException;
import java.util.Optional;

/** A member's snapshots: fetched from another member, served to others, and written to the own journal. */
final class Snapshots {
    /** Another member's state that is durable here now. */
    record Installed(SnapshotMark mark, Root root) {}

    private final Raft raft;
    private final Mailbox mailbox;
    private final SnapshotSource source;
    private final SnapshotPull pull;
    private final SnapshotKeeper keeper;
    /** A state that has come as a whole, until the log is quiet. */
    private Optional<SnapshotPull.Arrived> arrived = Optional.empty();

    private boolean installing;
    private Optional<Installed> durable = Optional.empty();
    private Optional<IOException> failure = Optional.empty();
    private long installed;

    Snapshots(Limits limits, Surroundings around, RaftChannel channel, Raft raft) {
        this.raft = raft;
        this.mailbox = around.mailbox();
        this.source = new SnapshotSource(limits, StateMachine.LIMITS);
        this.pull = new SnapshotPull(
                limits,
                StateMachine.LIMITS,
                (member, request, done) ->
                        channel.call(member, RaftChannel.Kind.SNAPSHOT, Priority.BULK, request, done),
                around.journal());
        this.keeper = new SnapshotKeeper(around.journal(), limits.journalBytesMin(), onMailbox(() -> {}, () -> {}));
    }

    long installed() {
        return installed;
    }

    long served() {
        return source.served();
    }

    /** Set once the disk has failed. */
    Optional<IOException> failure() {
        return failure;
    }

    void offered(Message.SnapshotOffer offer, long nowNanos) {
        if (!installing && arrived.isEmpty()) {
            pull.offered(offer, nowNanos);
        }
    }

    void asked(ByteReader request, Channel.Reply reply, Root root, long nowNanos) {
        source.asked(request, reply, root, raft.configurationAt(root.appliedIndex()), nowNanos);
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
        pull.flush(nowNanos);
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
