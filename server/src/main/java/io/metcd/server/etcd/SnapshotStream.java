package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.SnapshotResponse;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.etcd.EtcdFile;
import io.metcd.store.etcd.EtcdPieces;

/**
 * Sends a state as etcd's file, in pieces, and behind it the hash of all pieces (contract: maint.snapshot.1). One piece
 * is made when the client has room for it, with other work of the loop in between.
 */
final class SnapshotStream implements Registry.Producer {
    private final EtcdPieces pieces;
    private final Outbound out;
    private final EventLoop loop;
    private final Runnable onOver;
    private boolean prepared;
    private boolean waits;
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
        if (waits) {
            waits = false;
            loop.execute(this::step);
        }
    }

    private void step() {
        if (over) {
            return;
        }
        if (!prepared) {
            prepared = !pieces.prepare(Limits.SLICE_RECORDS);
            loop.execute(this::step);
        } else if (!out.writable()) {
            waits = true;
        } else if (pieces.hasNext()) {
            send(pieces.next());
            loop.execute(this::step);
        } else {
            out.end(Status.OK);
            end();
        }
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
            onOver.run();
        }
    }
}
