package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.mesh.Channel;
import io.metcd.node.LeaseCodec.Answer;
import io.metcd.node.LeaseCodec.Finding;
import io.metcd.node.LeaseCodec.Question;
import io.metcd.node.LeaseCodec.Status;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.lease.LeaseState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Renewals and questions about leases, and expiry. Only the leader knows deadlines: other members hand their clients'
 * requests on to it, all of a turn in one call, and ask again until there is an answer or the time is over.
 *
 * <p>The leader answers when it has applied what was committed when the question came, so that a lease granted through
 * one member can at once be renewed through another. A leader that was not run for a while lets a quorum confirm first
 * that it still leads.
 */
final class LeaseDesk {
    private static final long RETRY_NANOS = 50_000_000L;
    private static final long APPLY_NANOS = 1_000_000_000L;

    /** The way to the leader. */
    interface Route {
        void ask(long leader, Bytes request, Consumer<Optional<Bytes>> done);
    }

    /** A client's request at this member. */
    private static final class Request {
        final Question question;
        final Replica.Span span;
        final long commit;
        final Consumer<LeaseOutcome> done;
        long notBefore;
        boolean underWay;
        boolean lagged;
        boolean over;

        Request(Question question, Moment moment, Replica.Span span, Consumer<LeaseOutcome> done) {
            this.question = question;
            this.span = span;
            this.notBefore = moment.nowNanos();
            this.commit = moment.commit();
            this.done = done;
        }
    }

    /** Another member's questions at this one. */
    private record Visit(List<Question> questions, long commit, long sinceNanos, Channel.Reply reply) {}

    /** A command of the leader's own, and who hears what became of it. */
    record Due(Command command, Consumer<Outcome> done) {}

    /** Now, and how far the log was committed. */
    record Moment(long nowNanos, long commit) {}

    private final long self;
    private final Limits limits;
    private final LeaseTimers timers;
    private final LeaseCheckpoints checkpoints;
    private final Route route;
    private final Collection<Runnable> answers;
    private final List<Request> requests = new ArrayList<>();
    private final List<Visit> visits = new ArrayList<>();
    /** Cleared when this leader was not run for a while, until a quorum has confirmed it. */
    private boolean confirmed = true;

    private long expired;

    LeaseDesk(long self, ReplicaConfig config, Route route, Collection<Runnable> answers) {
        this.self = self;
        this.limits = config.limits();
        this.timers = new LeaseTimers(limits);
        this.checkpoints = new LeaseCheckpoints(config.timing().checkpointSeconds(), timers);
        this.route = route;
        this.answers = answers;
    }

    long expired() {
        return expired;
    }

    void ask(Question question, Moment moment, Replica.Span span, Consumer<LeaseOutcome> done) {
        if (requests.size() >= limits.mailboxMax()) {
            fail(done, Failure.TOO_MANY_REQUESTS);
        } else {
            requests.add(new Request(question, moment, span, done));
        }
    }

    /** Another member asks. */
    void visited(ByteReader request, Moment moment, Channel.Reply reply) {
        List<Question> questions = LeaseCodec.decodeQuestions(request, limits.leaseCallsMax());
        visits.add(new Visit(questions, moment.commit(), moment.nowNanos(), reply));
    }

    /** This member has begun to lead: every lease has its full time again, or that of its checkpoint, and a grace. */
    void lead(Root root, long nowNanos, long graceNanos) {
        timers.lead(nowNanos);
        checkpoints.lead(nowNanos);
        for (LeaseState lease : root.leases()) {
            timers.resumed(lease, nowNanos, graceNanos);
            checkpoints.granted(lease.id(), lease.grantedTtlSeconds(), nowNanos);
        }
        timers.spread(nowNanos);
        confirmed = true;
    }

    void follow() {
        timers.stop();
        checkpoints.stop();
    }

    /** This leader was not run for a while: another may lead by now. Until {@link #confirm} it answers nothing. */
    void doubt() {
        confirmed = confirmed && !timers.leading();
    }

    boolean confirmed() {
        return confirmed;
    }

    void confirm() {
        confirmed = true;
    }

    void applied(CommandResult result, long nowNanos) {
        if (result instanceof CommandResult.LeaseGrantResult grant) {
            timers.granted(grant.id(), grant.ttlSeconds(), nowNanos);
            checkpoints.granted(grant.id(), grant.ttlSeconds(), nowNanos);
        } else if (result instanceof CommandResult.LeaseRevokeResult revoke) {
            timers.revoked(revoke.id());
            checkpoints.revoked(revoke.id());
        }
    }

    /** What to propose now, the end of leases and their checkpoints; only a leader ever has any. */
    List<Due> due(long term, Root root, long nowNanos) {
        if (!timers.leading() || !confirmed) {
            return List.of();
        }
        List<Due> due = new ArrayList<>();
        for (long lease : timers.expired(nowNanos)) {
            expired++;
            due.add(new Due(new Command.LeaseRevokeExpired(lease, term), outcome -> {}));
        }
        for (LeaseCheckpoints.Draft draft : checkpoints.drafts(term, root, nowNanos)) {
            due.add(new Due(draft.command(), outcome -> checkpoints.settled(draft, isDone(outcome))));
        }
        return due;
    }

    private static boolean isDone(Outcome outcome) {
        return outcome instanceof Outcome.Done done && done.result() instanceof CommandResult.Done;
    }

    /** Answers what can be answered here, and hands the rest on; to be called when the turn has applied. */
    void turn(long leader, Root root, long nowNanos) {
        visits.removeIf(visit -> answered(visit, root, nowNanos));
        if (requests.isEmpty()) {
            return;
        }
        if (timers.leading()) {
            answerRequests(root, nowNanos);
        } else if (leader != 0 && leader != self) {
            handOn(leader, nowNanos);
        }
    }

    void sweep(long leader, long nowNanos, LongFunction<Failure> cause) {
        requests.removeIf(request -> {
            request.over = nowNanos - request.span.deadlineNanos() >= 0;
            if (request.over && leader == 0) {
                fail(request.done, Failure.NO_LEADER);
            } else if (request.over) {
                fail(
                        request.done,
                        request.lagged ? Failure.TIMED_OUT_APPLYING : cause.apply(request.span.startedNanos()));
            }
            return request.over;
        });
    }

    void failAll(Failure failure) {
        requests.forEach(request -> fail(request.done, failure));
        requests.clear();
        visits.forEach(visit -> visit.reply().refuse("stopped"));
        visits.clear();
    }

    private boolean answered(Visit visit, Root root, long nowNanos) {
        if (!timers.leading()) {
            visit.reply().send(LeaseCodec.encode(Answer.none(Status.NOT_LEADER)));
            return true;
        }
        if (!confirmed || root.appliedIndex() < visit.commit()) {
            boolean over = nowNanos - visit.sinceNanos() >= APPLY_NANOS;
            if (over) {
                visit.reply().send(LeaseCodec.encode(Answer.none(Status.LAGGING)));
            }
            return over;
        }
        List<Finding> findings = new ArrayList<>(visit.questions().size());
        visit.questions().forEach(question -> findings.add(find(question, root, nowNanos)));
        visit.reply().send(LeaseCodec.encode(new Answer(Status.ANSWERED, findings)));
        return true;
    }

    private void answerRequests(Root root, long nowNanos) {
        Iterator<Request> each = requests.iterator();
        while (each.hasNext()) {
            Request request = each.next();
            boolean ready = confirmed && root.appliedIndex() >= request.commit && nowNanos - request.notBefore >= 0;
            if (ready && settle(request, find(request.question, root, nowNanos), nowNanos)) {
                each.remove();
            }
        }
    }

    private void handOn(long leader, long nowNanos) {
        List<Request> batch = new ArrayList<>();
        for (Request request : requests) {
            if (!request.underWay && nowNanos - request.notBefore >= 0 && batch.size() < limits.leaseCallsMax()) {
                request.underWay = true;
                request.notBefore = nowNanos + RETRY_NANOS;
                batch.add(request);
            }
        }
        if (!batch.isEmpty()) {
            List<Question> questions =
                    batch.stream().map(request -> request.question).toList();
            route.ask(leader, LeaseCodec.encode(questions), reply -> take(batch, reply));
        }
    }

    private void take(List<Request> batch, Optional<Bytes> reply) {
        Answer answer = Answer.none(Status.NOT_LEADER);
        try {
            answer = reply.map(LeaseCodec::decodeAnswer).orElse(answer);
        } catch (ByteReader.Malformed damaged) {
            // As if it had been lost: asked again.
            answer = Answer.none(Status.NOT_LEADER);
        }
        boolean whole = answer.findings().size() == batch.size();
        for (int i = 0; i < batch.size(); i++) {
            Request request = batch.get(i);
            request.underWay = false;
            request.lagged = answer.status() == Status.LAGGING;
            if (whole && !request.over) {
                request.over = settle(request, answer.findings().get(i), request.notBefore);
            }
        }
        requests.removeIf(request -> request.over);
    }

    private Finding find(Question question, Root root, long nowNanos) {
        long id = question.leaseId();
        if (question.kind() == LeaseCodec.Kind.RENEW) {
            boolean lives = timers.secondsLeft(id, nowNanos) > 0;
            if (lives && !root.lease(id).map(checkpoints::free).orElse(true)) {
                return new Finding.Later();
            }
            return switch (timers.renew(id, nowNanos)) {
                case RENEWED -> new Finding.Renewed(granted(root, id), root.revision());
                case UNKNOWN -> new Finding.Unknown(root.revision());
                case EXPIRED -> new Finding.Later();
            };
        }
        if (!timers.has(id)) {
            return new Finding.Unknown(root.revision());
        }
        List<Bytes> keys = question.kind() == LeaseCodec.Kind.QUERY_WITH_KEYS ? root.leaseKeys(id) : List.of();
        return new Finding.Found(timers.remainingSeconds(id, nowNanos), granted(root, id), root.revision(), keys);
    }

    private static long granted(Root root, long id) {
        return root.lease(id).map(LeaseState::grantedTtlSeconds).orElse(0L);
    }

    /** False if the request must be tried again. */
    private boolean settle(Request request, Finding finding, long nowNanos) {
        long id = request.question.leaseId();
        boolean renew = request.question.kind() == LeaseCodec.Kind.RENEW;
        if (finding instanceof Finding.Renewed renewed) {
            answer(request, new LeaseOutcome.Renewed(id, renewed.ttlSeconds(), renewed.revision()));
        } else if (finding instanceof Finding.Found found) {
            answer(
                    request,
                    new LeaseOutcome.TimeToLive(
                            id, found.remainingSeconds(), found.grantedSeconds(), found.keys(), found.revision()));
        } else if (finding instanceof Finding.Unknown unknown) {
            answer(
                    request,
                    renew
                            ? new LeaseOutcome.Renewed(id, 0, unknown.revision())
                            : new LeaseOutcome.TimeToLive(id, -1, 0, List.of(), unknown.revision()));
        } else {
            request.notBefore = nowNanos + RETRY_NANOS;
            return false;
        }
        return true;
    }

    private void answer(Request request, LeaseOutcome outcome) {
        answers.add(() -> request.done.accept(outcome));
    }

    private void fail(Consumer<LeaseOutcome> done, Failure failure) {
        answers.add(() -> done.accept(new LeaseOutcome.Failed(failure)));
    }
}
