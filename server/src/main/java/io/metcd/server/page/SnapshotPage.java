package io.metcd.server.page;

import io.metcd.node.ArchiveWriter;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Download;
import io.metcd.server.rpc.Page;
import io.metcd.store.Root;
import io.metcd.store.etcd.EtcdFile;
import io.metcd.store.etcd.EtcdPieces;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole state for an operator to keep: with everything that was acknowledged before, or with {@code local=true} as
 * far as this member knows it, which needs no quorum (contract: http.metcd.2). With {@code format=etcd} it comes as the
 * file that etcd would send.
 */
final class SnapshotPage {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotPage.class);

    /** On one loop; each holds on to the state that it is of. */
    private static final int DOWNLOADS_MAX = 2;

    /** Looked at before other work comes in between. */
    private static final int SLICE_RECORDS = 2048;

    private static final Page BUSY = Page.text(
            503, "this member sends " + DOWNLOADS_MAX + " snapshots already: wait for them, or ask another member\n");
    private static final Page FAILED =
            Page.text(500, "the snapshot failed, and the member's log says why: save it with --format metcd\n");
    private static final Page NOTHING = Page.text(503, "this member has no state yet: its cluster is not founded\n");

    private final ReplicaBridge replica;
    private int underWay;

    SnapshotPage(ReplicaBridge replica) {
        this.replica = replica;
    }

    void answer(Query query, Consumer<Answer> reply) {
        Optional<String> fault = query.fault("format", "metcd", "etcd").or(() -> query.fault("local", "true", "false"));
        if (fault.isPresent()) {
            reply.accept(Page.text(400, fault.get() + "\n"));
            return;
        }
        boolean asEtcd = query.has("format", "etcd");
        if (query.has("local", "true")) {
            send(replica.root(), asEtcd, reply);
            return;
        }
        replica.read(
                Call.NO_DEADLINE,
                root -> send(root, asEtcd, reply),
                status -> reply.accept(Page.text(
                        503,
                        status.text()
                                + ": this member cannot tell what was acknowledged; --local takes what it has\n")));
    }

    private void send(Root root, boolean asEtcd, Consumer<Answer> reply) {
        if (root.appliedIndex() == 0 || replica.status().clusterId() == 0) {
            reply.accept(NOTHING);
        } else if (underWay >= DOWNLOADS_MAX) {
            reply.accept(BUSY);
        } else if (asEtcd && EtcdFile.obstacle(root).isPresent()) {
            reply.accept(Page.text(409, EtcdFile.obstacle(root).orElseThrow() + "\n"));
        } else {
            underWay++;
            Runnable over = () -> underWay--;
            if (asEtcd) {
                prepare(new EtcdPieces(new EtcdFile(root)), over, reply);
            } else {
                reply.accept(new Download(ArchiveWriter.of(root, replica.status()), over));
            }
        }
    }

    /** In slices, with other work of the loop in between. The last resort for a bug is an answer. */
    private void prepare(EtcdPieces pieces, Runnable over, Consumer<Answer> reply) {
        boolean more;
        try {
            more = pieces.prepare(SLICE_RECORDS);
        } catch (RuntimeException bug) {
            LOG.error("a snapshot failed", bug);
            over.run();
            reply.accept(FAILED);
            return;
        }
        if (more) {
            replica.loop().execute(() -> prepare(pieces, over, reply));
        } else {
            reply.accept(new Download(pieces, over));
        }
    }
}
