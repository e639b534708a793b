package io.metcd.server.page;

import io.metcd.node.ArchiveWriter;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Download;
import io.metcd.server.rpc.Page;
import io.metcd.store.Root;
import java.util.function.Consumer;

/**
 * The whole state for an operator to keep: with everything that was acknowledged before, or with {@code local=true} as
 * far as this member knows it, which needs no quorum (contract: http.metcd.2).
 */
final class SnapshotPage {
    /** On one loop; each holds on to the state that it is of. */
    private static final int DOWNLOADS_MAX = 2;

    private static final Page BUSY = Page.text(
            503, "this member sends " + DOWNLOADS_MAX + " snapshots already: wait for them, or ask another member\n");
    private static final Page NOTHING = Page.text(503, "this member has no state yet: its cluster is not founded\n");

    private final ReplicaBridge replica;
    private int underWay;

    SnapshotPage(ReplicaBridge replica) {
        this.replica = replica;
    }

    void answer(Query query, Consumer<Answer> reply) {
        if (query.has("local", "true")) {
            reply.accept(send(replica.root()));
            return;
        }
        replica.read(
                Call.NO_DEADLINE,
                root -> reply.accept(send(root)),
                status -> reply.accept(Page.text(
                        503,
                        status.text()
                                + ": this member cannot tell what was acknowledged; --local takes what it has\n")));
    }

    private Answer send(Root root) {
        if (root.appliedIndex() == 0 || replica.status().clusterId() == 0) {
            return NOTHING;
        }
        if (underWay >= DOWNLOADS_MAX) {
            return BUSY;
        }
        underWay++;
        return new Download(ArchiveWriter.of(root, replica.status()), () -> underWay--);
    }
}
