package io.metcd.embed;

import io.metcd.embed.MetcdException.Reason;
import io.metcd.node.Failure;
import io.metcd.node.Outcome;
import io.metcd.node.ReadOutcome;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaStatus;
import io.metcd.store.Root;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Refusal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Requests to the replica as futures, and its failures in words. */
final class Calls {
    private static final int TXN_OPERATIONS_MAX = 128;

    private final Replica replica;
    private final long timeoutNanos;
    private final int requestBytesMax;

    Calls(Replica replica, long timeoutNanos, int requestBytesMax) {
        this.replica = replica;
        this.requestBytesMax = requestBytesMax;
        this.timeoutNanos = timeoutNanos;
    }

    Replica replica() {
        return replica;
    }

    /** The result of a command that the store has not refused. */
    CompletableFuture<CommandResult> submit(Command command) {
        CompletableFuture<CommandResult> future = new CompletableFuture<>();
        Checks.command(command, TXN_OPERATIONS_MAX).map(Calls::refused).ifPresent(future::completeExceptionally);
        int size = future.isDone() ? 0 : Envelope.of(command).encode().size();
        if (size > requestBytesMax) {
            future.completeExceptionally(new MetcdException(
                    Reason.REFUSED, "the request takes " + size + " bytes, more than " + requestBytesMax));
        }
        if (!future.isDone()) {
            replica.submit(command, timeoutNanos, outcome -> complete(future, outcome));
        }
        return future;
    }

    /** A state that holds everything acknowledged so far. */
    CompletableFuture<Root> read() {
        CompletableFuture<Root> future = new CompletableFuture<>();
        read(future, 2);
        return future;
    }

    /** What the future holds, with its failure as it was. */
    static <T> T join(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MetcdException(Reason.INTERRUPTED, "the thread was interrupted while it waited for an answer");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MetcdException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    static MetcdException refused(Refusal refusal) {
        Reason reason = switch (refusal) {
            case COMPACTED -> Reason.COMPACTED;
            case LEASE_NOT_FOUND -> Reason.LEASE_LOST;
            case NO_SPACE -> Reason.NO_SPACE;
            default -> Reason.REFUSED;
        };
        return new MetcdException(reason, text(refusal));
    }

    MetcdException failed(Failure failure) {
        ReplicaStatus status = replica.status();
        String waits = status.waitsFor().isEmpty() ? "" : " (" + status.waitsFor() + ")";
        return switch (failure) {
            case NOT_READY -> new MetcdException(Reason.NOT_READY, "this member has no cluster yet" + waits);
            case NO_LEADER -> new MetcdException(Reason.NOT_READY, "no leader is known" + waits);
            case LEADER_CHANGED -> new MetcdException(Reason.NOT_READY, "the leader changed meanwhile");
            case TIMED_OUT -> new MetcdException(Reason.TIMED_OUT, "no answer in time" + waits);
            case TIMED_OUT_LEADER_FAIL ->
                new MetcdException(Reason.TIMED_OUT, "no answer in time; the leader before this one had failed");
            case TIMED_OUT_CONNECTION_LOST ->
                new MetcdException(Reason.TIMED_OUT, "no answer in time; the connection was lost meanwhile" + waits);
            case TIMED_OUT_APPLYING -> new MetcdException(Reason.TIMED_OUT, "the leader lags with applying");
            case TOO_MANY_REQUESTS -> new MetcdException(Reason.OVERLOADED, "too many requests are under way");
            case YIELDS ->
                new MetcdException(
                        Reason.REFUSED,
                        "another cluster of this name was founded earlier and is in reach: this one takes no writes");
            case STOPPED -> new MetcdException(Reason.STOPPED, "this member has stopped" + waits);
        };
    }

    private void complete(CompletableFuture<CommandResult> future, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            future.completeExceptionally(failed(failed.failure()));
        } else if (outcome instanceof Outcome.Done done && done.result() instanceof CommandResult.Refused refused) {
            future.completeExceptionally(refused(refused.refusal()));
        } else if (outcome instanceof Outcome.Done done) {
            future.complete(done.result());
        }
    }

    /** A read changes nothing, so that it is simply asked again when the leader changed. */
    private void read(CompletableFuture<Root> future, int retries) {
        replica.read(timeoutNanos, outcome -> {
            if (outcome instanceof ReadOutcome.At at) {
                future.complete(at.root());
            } else if (outcome instanceof ReadOutcome.Failed failed) {
                if (failed.failure() == Failure.LEADER_CHANGED && retries > 0) {
                    read(future, retries - 1);
                } else {
                    future.completeExceptionally(failed(failed.failure()));
                }
            }
        });
    }

    private static String text(Refusal refusal) {
        return switch (refusal) {
            case COMPACTED -> "the revision asked for has been compacted";
            case FUTURE_REVISION -> "the revision asked for does not exist yet";
            case LEASE_NOT_FOUND -> "there is no such lease, or it has ended";
            case LEASE_EXISTS -> "a lease with this id exists";
            case LEASE_TTL_TOO_LARGE -> "the time to live of the lease is too long";
            case KEY_NOT_FOUND -> "there is no such key";
            case KEY_MISSING -> "a key is needed";
            case VALUE_PROVIDED -> "a value was given beside the wish to keep the old one";
            case LEASE_PROVIDED -> "a lease was given beside the wish to keep the old one";
            case TOO_MANY_OPERATIONS -> "a transaction may have " + TXN_OPERATIONS_MAX + " operations";
            case DUPLICATE_KEY -> "a transaction may put a key only once";
            case INVALID_SORT_OPTION -> "an unknown order was asked for";
            case STALE_TERM -> "decided by an earlier leader";
            case DUPLICATE_PROPOSAL, STALE_PROPOSAL -> "this request has been made before";
            case MEMBER_NOT_FOUND -> "there is no such member";
            case MEMBER_BOUND -> "the member is bound to another peer";
            case MEMBER_EXISTS -> "a member with this id exists";
            case PEER_URLS_EXIST -> "another member has one of these peer URLs";
            case NOT_A_LEARNER -> "only a learner can be promoted";
            case LEARNER_NOT_READY -> "the learner has not caught up yet";
            case TOO_MANY_LEARNERS -> "the cluster has as many learners as it may have";
            case NOT_ENOUGH_STARTED -> "too few of the voters have been started";
            case UNHEALTHY_CLUSTER -> "too few of the voters can be reached";
            case TOO_MANY_CHANGES -> "too many changes of membership wait already";
            case NO_SPACE ->
                "there is no room: the quota is reached, or a member's disk is full (delete, compact, make room on the"
                        + " disk, then disarm the alarm NOSPACE)";
            case CORRUPT -> "the alarm CORRUPT stands: the members' states may have parted";
            case TOO_MANY_ALARMS -> "too many alarms stand already";
            // The application is never asked for a user; these are of the client port.
            case ROOT_USER_MISSING,
                    ROOT_ROLE_MISSING,
                    AUTH_NOT_ENABLED,
                    USER_EMPTY,
                    USER_EXISTS,
                    USER_NOT_FOUND,
                    ROLE_EMPTY,
                    ROLE_EXISTS,
                    ROLE_NOT_FOUND,
                    ROLE_NOT_GRANTED,
                    PERMISSION_NOT_GRANTED,
                    INVALID_AUTH_MANAGEMENT,
                    AUTH_FAILED,
                    PERMISSION_DENIED,
                    AUTH_OLD_REVISION,
                    TOO_MANY_USERS -> "users and roles do not allow it (" + refusal + ")";
        };
    }
}
