package io.metcd.server.etcd;

import io.metcd.server.auth.Tokens;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Status;
import io.metcd.store.Access;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Refusal;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Knows who calls, and asks what they may do. Where this member would refuse, it first makes sure that it is not merely
 * behind: a right that was granted through another member counts at once. So it does, whatever it would say, of what is
 * root's.
 *
 * <p>Of what changes the state the answer here only keeps out of the log what would be refused there: the rights are
 * looked at again when it is applied.
 */
final class Doorman {
    private static final String BEARER = "Bearer ";

    private final ReplicaBridge replica;
    private final Tokens tokens;

    Doorman(ReplicaBridge replica, Tokens tokens) {
        this.replica = replica;
        this.tokens = tokens;
    }

    /** What is asked before something is done. */
    @FunctionalInterface
    interface Question {
        Optional<Refusal> ask(Access access);
    }

    /** Proposes a command for the caller; exactly one of the two is called later, or at once, on the loop. */
    void submit(Call call, Command command, Consumer<CommandResult> done, Consumer<Status> failed) {
        // What an alarm forbids is told before what a right forbids, and that is found when it is applied.
        Question question = access -> replica.root().alarms().size() > 0 ? Optional.empty() : access.command(command);
        Consumer<Caller> allowed =
                caller -> replica.submit(Envelope.of(caller, command), call.timeoutNanos(), done, failed);
        if (Access.administers(command)) { // then nobody looks again whether the token is still good
            askBehindBarrier(call, question, allowed, failed);
        } else {
            ask(call, question, allowed, failed);
        }
    }

    /** Reads behind a barrier, if the caller may then. */
    void read(Call call, Question question, Consumer<Root> done, Consumer<Status> failed) {
        replica.read(
                call.timeoutNanos(),
                root -> {
                    Optional<Status> refusal = refusal(call, root, question);
                    refusal.ifPresentOrElse(failed, () -> done.accept(root));
                },
                failed);
    }

    /** Reads what this member knows, if the caller may as far as it knows. */
    void readLocally(Call call, Question question, Consumer<Root> done, Consumer<Status> failed) {
        known(
                call,
                () -> {
                    Root root = replica.root();
                    refusal(call, root, question).ifPresentOrElse(failed, () -> done.accept(root));
                },
                failed);
    }

    /** Goes on if the caller may. */
    void check(Call call, Question question, Runnable allowed, Consumer<Status> failed) {
        ask(call, question, caller -> allowed.run(), failed);
    }

    /** The refusal that a caller gets in a state, whose token this member must know if it is good. */
    Optional<Status> refusal(Call call, Root root, Question question) {
        return refusal(caller(call, root.auth()), root, question);
    }

    private static Optional<Status> refusal(Optional<Caller> caller, Root root, Question question) {
        return caller.isEmpty()
                ? Optional.of(Errors.INVALID_TOKEN)
                : question.ask(root.access(caller.get())).map(Errors::of);
    }

    /** Who calls, as of a state; empty for a token that is not good. */
    Optional<Caller> caller(Call call, AuthState auth) {
        if (!auth.enabled()) {
            return Optional.of(Caller.nobody(auth.revision()));
        }
        Optional<String> token = token(call);
        if (token.isPresent()) {
            return tokens.find(token.get(), auth);
        }
        return Optional.of(call.commonName()
                .map(name -> new Caller(name, auth.revision()))
                .orElseGet(() -> Caller.nobody(auth.revision())));
    }

    /** Whether a token is of a later state than this member's. */
    boolean isAhead(Call call) {
        return token(call)
                .filter(token -> tokens.isAhead(token, replica.root()))
                .isPresent();
    }

    /** Goes on when this member has applied what the caller's token is of, at once if it has. */
    void known(Call call, Runnable then, Consumer<Status> failed) {
        if (isAhead(call)) {
            replica.read(call.timeoutNanos(), root -> then.run(), failed);
        } else {
            then.run();
        }
    }

    private void ask(Call call, Question question, Consumer<Caller> allowed, Consumer<Status> failed) {
        if (isAhead(call)) {
            askBehindBarrier(call, question, allowed, failed);
            return;
        }
        Root root = replica.root();
        Optional<Caller> caller = caller(call, root.auth());
        if (caller.isEmpty()) {
            failed.accept(Errors.INVALID_TOKEN);
            return;
        }
        Optional<Refusal> refusal = question.ask(root.access(caller.get()));
        if (refusal.isEmpty()) {
            allowed.accept(caller.get());
        } else if (mayBeBehind(refusal.get())) {
            askBehindBarrier(call, question, allowed, failed);
        } else {
            failed.accept(Errors.of(refusal.get()));
        }
    }

    private void askBehindBarrier(Call call, Question question, Consumer<Caller> allowed, Consumer<Status> failed) {
        replica.read(
                call.timeoutNanos(),
                root -> {
                    Optional<Caller> caller = caller(call, root.auth());
                    Optional<Status> refusal = refusal(caller, root, question);
                    refusal.ifPresentOrElse(failed, () -> caller.ifPresent(allowed));
                },
                failed);
    }

    /** What a later state may answer otherwise. A revision that is too old stays so. */
    private static boolean mayBeBehind(Refusal refusal) {
        return switch (refusal) {
            case PERMISSION_DENIED, USER_NOT_FOUND, USER_EMPTY -> true;
            default -> false;
        };
    }

    private static Optional<String> token(Call call) {
        return call.metadata("token")
                .or(() -> call.metadata("authorization"))
                .map(token -> token.startsWith(BEARER) ? token.substring(BEARER.length()) : token);
    }
}
