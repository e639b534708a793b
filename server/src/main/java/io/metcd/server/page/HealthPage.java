package io.metcd.server.page;

import io.metcd.server.etcd.Alarms;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Page;
import java.util.Optional;
import java.util.function.Consumer;

/** The old question after a member's health, with one answer (contract: http.health.1). */
final class HealthPage {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Page HEALTHY = new Page(200, TEXT, "{\"health\":\"true\",\"reason\":\"\"}");

    private final ReplicaBridge replica;
    private final HealthCounts counts;

    HealthPage(ReplicaBridge replica, HealthCounts counts) {
        this.replica = replica;
        this.counts = counts;
    }

    /** Alarms, the leader, then a read behind a barrier, unless the caller is content with what this member knows. */
    void answer(Query query, Consumer<Answer> reply) {
        Optional<String> ailment = Alarms.ailment(replica.root(), query.all("exclude"));
        boolean serializable = query.has("serializable", "true");
        if (ailment.isPresent()) {
            reply.accept(unhealthy(ailment.get()));
        } else if (serializable) {
            reply.accept(healthy());
        } else if (!replica.status().hasLeader()) {
            reply.accept(unhealthy("RAFT NO LEADER"));
        } else {
            replica.read(
                    Call.NO_DEADLINE,
                    root -> reply.accept(healthy()),
                    status -> reply.accept(unhealthy("RANGE ERROR:" + status.text())));
        }
    }

    private Page healthy() {
        counts.health(true);
        return HEALTHY;
    }

    private Page unhealthy(String reason) {
        counts.health(false);
        return new Page(
                503,
                TEXT,
                new Json().put("health", "false").put("reason", reason).encode());
    }
}
