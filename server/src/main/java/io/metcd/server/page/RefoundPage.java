package io.metcd.server.page;

import io.metcd.node.Refounded;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Page;
import java.util.function.Consumer;

/**
 * Begins a new cluster with what this member holds (contract: http.refound.1). Who asks names the cluster, lest the wrong
 * member be asked.
 */
final class RefoundPage {
    private final ReplicaBridge replica;

    RefoundPage(ReplicaBridge replica) {
        this.replica = replica;
    }

    void answer(Query query, Consumer<Answer> reply) {
        String cluster = replica.status().cluster();
        if (!query.has("cluster", cluster)) {
            reply.accept(refused(400, "name the cluster that is to begin anew: ?cluster=" + cluster));
            return;
        }
        replica.refound(outcome -> reply.accept(page(outcome, cluster)));
    }

    private static Page page(Refounded outcome, String cluster) {
        return switch (outcome) {
            case DONE ->
                Page.json(
                        200,
                        new Json()
                                        .put("cluster", cluster)
                                        .put("refounded", true)
                                        .encode() + "\n");
            case NOT_NEEDED -> refused(409, "cluster '" + cluster + "' has a leader: nothing is to be begun anew");
            case DURABLE ->
                refused(409, "this member keeps its data: stop it, and start it once with --force-new-cluster");
            case NO_STATE -> refused(409, "this member holds nothing that a cluster could begin with: ask another one");
        };
    }

    private static Page refused(int status, String why) {
        return Page.json(status, new Json().put("error", why).encode() + "\n");
    }
}
