package io.metcd.simulator.lab;

import io.metcd.base.Bytes;
import io.metcd.node.LeaseOutcome;
import io.metcd.node.Outcome;
import io.metcd.simulator.history.History;
import io.metcd.simulator.history.LeaseTimeline;
import io.metcd.simulator.history.Operation;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;

/** A client that takes a lease of five seconds, puts a key on it, and renews it every second for as long as it lives. */
final class LeaseHolder {
    private static final long ID = 77;
    private static final long TTL_SECONDS = 5;
    private static final long TIMEOUT_NANOS = 2 * Stage.SECOND;
    private static final Bytes KEY = Bytes.utf8("held");

    private final Stage stage;
    private final LeaseTimeline leases;
    private Site site;

    LeaseHolder(Stage stage, Site site) {
        this.stage = stage;
        this.site = site;
        this.leases = stage.judgesOf(site).leases();
    }

    void start() {
        leases.granting(ID, TTL_SECONDS);
        long begun = stage.now();
        site.replica().submit(new Command.LeaseGrant(ID, TTL_SECONDS), TIMEOUT_NANOS, granted -> {
            if (granted instanceof Outcome.Done) {
                leases.renewed(ID, begun, stage.now());
                put();
            }
        });
    }

    private void put() {
        Request.Write put = new Request.Write(Op.Put.of(KEY, KEY).withLease(ID));
        History history = stage.judgesOf(site).history();
        Operation operation = history.begin("holder", put, stage.now());
        site.replica().submit(put.command(), TIMEOUT_NANOS, outcome -> {
            if (outcome instanceof Outcome.Done done) {
                history.answered(operation, done.result(), stage.now());
            } else {
                history.unknown(operation);
            }
        });
        renewLater();
    }

    /** Asks another member from now on. */
    void moveTo(Site next) {
        site = next;
    }

    /** Whether the key is there at every member. */
    boolean holds() {
        return stage.members().stream()
                .allMatch(each -> each.replica().root().range(RangeQuery.key(KEY)) instanceof RangeResult.Ok found
                        && found.count() == 1);
    }

    private void renewLater() {
        stage.outside().scheduler().schedule(Stage.SECOND, this::renew);
    }

    private void renew() {
        long begun = stage.now();
        site.replica().keepAlive(ID, TIMEOUT_NANOS, outcome -> {
            if (outcome instanceof LeaseOutcome.Renewed renewed && renewed.ttlSeconds() > 0) {
                leases.renewed(ID, begun, stage.now());
            }
        });
        renewLater();
    }
}
