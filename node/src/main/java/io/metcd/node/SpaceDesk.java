package io.metcd.node;

import io.metcd.journal.Journal;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.SpaceCost;
import io.metcd.store.kv.Refusal;
import java.util.Collection;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps commands out of the log that there is no room for, and raises the alarm that keeps them out everywhere. What
 * frees or only reads always passes.
 *
 * <pre>
 * over the quota of this member    refused here, with the alarm raised
 * an alarm NOSPACE stands          asked behind a barrier whether it still does: a refusal takes no place in any log
 * the journal is down to reserve   refused here at once, and the alarm raised, whoever writes
 * </pre>
 */
final class SpaceDesk {
    private static final Logger LOG = LoggerFactory.getLogger(SpaceDesk.class);

    /** After an operator has disarmed it: the journal looks for room once a second. */
    private static final long RECHECK_NANOS = 3_000_000_000L;

    private final Alarm own;
    private final long quotaBytes;
    private final Journal journal;
    private final Route route;
    private final Collection<Runnable> answers;
    private boolean raising;
    private boolean stood;
    private long notBefore = Long.MIN_VALUE / 2;

    /** The ways to consensus; each answers later, on this thread. */
    interface Route {
        void propose(Envelope asked, Replica.Span span, Consumer<Outcome> done);

        void barrier(Replica.Span span, Consumer<ReadOutcome> done);
    }

    SpaceDesk(long self, Limits limits, Surroundings around, Route route) {
        this.own = new Alarm(self, Alarm.Kind.NOSPACE);
        this.quotaBytes = limits.quotaBytes();
        this.journal = around.journal();
        this.route = route;
        this.answers = around.answers();
    }

    /** Whether the quota of this member has room for a command. */
    static boolean admits(long quotaBytes, Command command, Root root) {
        long cost = quotaBytes <= 0 ? 0 : SpaceCost.of(command);
        return cost == 0 || root.dbSize() + cost < quotaBytes;
    }

    void submit(Envelope asked, Root root, Replica.Span span, Consumer<Outcome> done) {
        Command command = asked.command();
        if (!admits(quotaBytes, command, root)) {
            refuse(root, span, done);
        } else if (SpaceCost.of(command) > 0 && journal.spaceLow()) {
            answers.add(() -> done.accept(refused(root)));
        } else if (SpaceCost.of(command) > 0 && isOnlyFull(root)) {
            route.barrier(span, outcome -> {
                if (outcome instanceof ReadOutcome.Failed failed) {
                    done.accept(new Outcome.Failed(failed.failure()));
                } else if (outcome instanceof ReadOutcome.At at && isOnlyFull(at.root())) {
                    done.accept(refused(at.root()));
                } else {
                    route.propose(asked, span, done);
                }
            });
        } else {
            route.propose(asked, span, done);
        }
    }

    /** Whether the store would refuse what takes room, and for no other reason: that of damage goes before. */
    private static boolean isOnlyFull(Root root) {
        return root.alarms().stands(Alarm.Kind.NOSPACE) && !root.alarms().stands(Alarm.Kind.CORRUPT);
    }

    /** Refuses what the quota has no room for; the first one is answered when the alarm stands. */
    void refuse(Root root, Replica.Span span, Consumer<Outcome> done) {
        Outcome refused = refused(root);
        if (raising || root.alarms().contains(own)) {
            answers.add(() -> done.accept(refused));
        } else {
            LOG.warn(
                    "alarm=NOSPACE why=quota size_bytes={} quota_bytes={}: delete and compact, or start with a larger"
                            + " --quota-backend-bytes; then etcdctl alarm disarm",
                    root.dbSize(),
                    quotaBytes);
            raise(span, () -> done.accept(refused));
        }
    }

    /** Whether the disk is down to the reserve and not all know it yet: until then others keep what they would hand on. */
    boolean isFilling(Root root) {
        return journal.spaceLow() && !root.alarms().contains(own);
    }

    /** Each turn: an alarm for a disk that has no more than the reserve of the log. */
    void look(Root root, Replica.Span span) {
        boolean low = journal.spaceLow(); // which also lets it look for room
        boolean stands = root.alarms().contains(own);
        if (stood && !stands) {
            notBefore = span.startedNanos() + RECHECK_NANOS;
        }
        stood = stands;
        boolean early = span.startedNanos() - notBefore < 0;
        if (low && !raising && !stands && !early) {
            LOG.warn("alarm=NOSPACE why=disk: the log has only its reserve left; make room on the disk of the data"
                    + " directory, then etcdctl alarm disarm");
            raise(span, () -> {});
        }
    }

    private void raise(Replica.Span span, Runnable then) {
        raising = true;
        route.propose(Envelope.of(new Command.AlarmRaise(own)), span, outcome -> {
            raising = false;
            then.run();
        });
    }

    private static Outcome refused(Root root) {
        return new Outcome.Done(new CommandResult.Refused(root.revision(), Refusal.NO_SPACE), root.appliedTerm());
    }
}
