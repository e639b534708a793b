package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.SnapshotResponse;
import io.metcd.base.Bytes;
import io.metcd.base.Scheduler;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.etcd.EtcdFile;
import io.metcd.store.etcd.EtcdPieces;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a state as etcd's file, in pieces, and behind it the hash of all pieces (contract: maint.snapshot.1). One piece
 * is made when the client has room for it, with other work of the loop in between. Whoever takes nothing for
 * {@link Limits#SNAPSHOT_PATIENCE_NANOS} gets no more.
 */
final class SnapshotStream implements Registry.Producer {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStream.class);

    private static final Status NOT_TAKEN = new Status(
            Code.DEADLINE_EXCEEDED,
            "etcdserver: nothing of the snapshot was taken for "
                    + TimeUnit.NANOSECONDS.toSeconds(Limits.SNAPSHOT_PATIENCE_NANOS) + " s: save it again");

    private final EtcdPieces pieces;
    private final Outbound out;
    private final EventLoop loop;
    private final Runnable onOver;
    private boolean prepared;
    private Optional<Scheduler.Task> patience = Optional.empty();
    private boolean over;

    SnapshotStream(Root root, Outbound out, EventLoop loop, Runnable onOver) {
        this.pieces = new EtcdPieces(new EtcdFile(root));
        this.out = out;
        this.loop = loop;
        this.onOver = onOver;
    }

    void start() {
        loop.execute(this::step);
    }

    @Override
    public void cancelled() {
        end();
    }

    @Override
    public void writable() {
        if (patience.isPresent()) {
            stopWaiting();
            loop.execute(this::step);
        }
    }

    /** The last resort for a bug is an answer: the client must not wait for ever. */
    private void step() {
        try {
            if (!over) {
                advance();
            }
        } catch (RuntimeException bug) {
            LOG.error("a snapshot failed", bug);
            out.end(Errors.INTERNAL);
            end();
        }
    }

    private void advance() {
        if (!prepared) {
            prepared = !pieces.prepare(Limits.SLICE_RECORDS);
            loop.execute(this::step);
        } else if (!out.writable()) {
            patience = Optional.of(loop.schedule(Limits.SNAPSHOT_PATIENCE_NANOS, this::giveUp));
        } else if (pieces.hasNext()) {
            send(pieces.next());
            loop.execute(this::step);
        } else {
            out.end(Status.OK);
            end();
        }
    }

    private void giveUp() {
        if (!over) {
            out.end(NOT_TAKEN);
            end();
        }
    }

    private void stopWaiting() {
        patience.ifPresent(Scheduler.Task::cancel);
        patience = Optional.empty();
    }

    private void send(Bytes piece) {
        out.send(Payload.of(SnapshotResponse.newBuilder()
                .setRemainingBytes(pieces.remaining())
                .setBlob(Strings.of(piece))
                .setVersion(Versions.STORAGE)
                .build()));
    }

    private void end() {
        if (!over) {
            over = true;
            stopWaiting();
            onOver.run();
        }
    }
}
