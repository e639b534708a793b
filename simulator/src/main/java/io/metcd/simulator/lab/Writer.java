package io.metcd.simulator.lab;

import io.metcd.base.Bytes;
import io.metcd.node.Outcome;
import io.metcd.node.ReadOutcome;
import io.metcd.node.Replica;
import io.metcd.simulator.history.History;
import io.metcd.simulator.history.Operation;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.simulator.lab.Attempts.Attempt;
import io.metcd.store.Root;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import java.util.Optional;

/**
 * A client that stays at one member: puts of unique values and linearizable reads by turns, at a steady pace, one at a
 * time. It writes down each for the judges, and how it ended for the row.
 */
final class Writer {
    /** What etcd grants a replicated request. */
    private static final long TIMEOUT_NANOS = 7 * Stage.SECOND;
    /** A member that was killed never answers. */
    private static final long PATIENCE_NANOS = 8 * Stage.SECOND;

    private static final int KEYS = 20;

    private final Stage stage;
    private final Site site;
    private final History history;
    private final Bytes padding;
    private long number;
    private Optional<Operation> pending = Optional.empty();
    private boolean ceased;

    Writer(Stage stage, Site site, History history) {
        this.stage = stage;
        this.site = site;
        this.history = history;
        this.padding = Bytes.wrap(new byte[stage.pace().valueBytes()]);
    }

    void start() {
        stage.outside().scheduler().schedule(stage.pace().restNanos(), this::act);
    }

    void cease() {
        ceased = true;
    }

    boolean idle() {
        return pending.isEmpty();
    }

    private void act() {
        if (ceased) {
            return;
        }
        Optional<Replica> replica = site.serving();
        if (replica.isEmpty()) {
            start();
            return;
        }
        long token = ++number;
        if (token % 2 == 0) {
            read(replica.get(), token);
        } else {
            write(replica.get(), token);
        }
        stage.outside().scheduler().schedule(PATIENCE_NANOS, () -> giveUp(token));
    }

    private void write(Replica replica, long token) {
        Bytes value = Bytes.utf8(site.name() + "-" + token + ".").concat(padding);
        Request.Write put = new Request.Write(Op.Put.of(key(), value));
        Operation operation = begin(put);
        replica.submit(put.command(), TIMEOUT_NANOS, outcome -> {
            if (token != number || pending.isEmpty()) {
                return;
            }
            if (outcome instanceof Outcome.Done done && done.result() instanceof CommandResult.Refused refused) {
                // When there is no room is no matter of keys and values, of which the history is.
                history.withoutEffect(operation);
                ended(refused.refusal().toString());
            } else if (outcome instanceof Outcome.Done done) {
                history.answered(operation, done.result(), stage.now());
                ended("");
            } else {
                // Whether it was tried is not asked: whoever does not know must allow for both.
                history.unknown(operation);
                ended(outcome.toString());
            }
        });
    }

    private void read(Replica replica, long token) {
        Request.Read get = new Request.Read(RangeQuery.key(key()));
        Operation operation = begin(get);
        replica.read(TIMEOUT_NANOS, outcome -> {
            if (token != number || pending.isEmpty()) {
                return;
            }
            if (outcome instanceof ReadOutcome.At at) {
                Root root = at.root();
                history.answered(operation, root.range(get.query()), root.revision(), stage.now());
                ended("");
            } else {
                history.withoutEffect(operation);
                ended(outcome.toString());
            }
        });
    }

    private Operation begin(Request request) {
        Operation operation = history.begin(site.name(), request, stage.now());
        pending = Optional.of(operation);
        return operation;
    }

    /** Keys are shared by all sites, so that one must read what another has written. */
    private Bytes key() {
        return Bytes.utf8("k" + number / 2 % KEYS);
    }

    private void giveUp(long token) {
        if (token != number || pending.isEmpty()) {
            return;
        }
        Operation operation = pending.get();
        if (operation.request() instanceof Request.Write) {
            history.unknown(operation);
        } else {
            history.withoutEffect(operation);
        }
        ended("no answer");
    }

    private void ended(String failure) {
        Operation operation = pending.orElseThrow();
        pending = Optional.empty();
        boolean write = operation.request() instanceof Request.Write;
        stage.attempts().add(new Attempt(site.name(), write, operation.begun(), stage.now(), failure));
        start();
    }
}
