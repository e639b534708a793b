package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.AuthenticateResponse;
import io.metcd.server.auth.LoginPace;
import io.metcd.server.auth.Logins;
import io.metcd.server.auth.Passwords;
import io.metcd.server.auth.Tokens;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.User;
import io.metcd.store.auth.User.Credential;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.command.CommandResult.AuthResult;
import io.metcd.store.command.Envelope;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives a token for a password.
 *
 * <ol>
 *   <li>A read behind a barrier says who the user is.
 *   <li>The password is compared, off the loop.
 *   <li>The log hears that there is a token, so that every member knows it; should users or roles have changed since the
 *       read, it says so, and all begins anew.
 * </ol>
 */
final class Authentication {
    /** Users and roles do not change that often while somebody logs in. */
    private static final int ATTEMPTS_MAX = 16;

    private final ReplicaBridge replica;
    private final Headers headers;
    private final Tokens tokens;
    private final Passwords passwords;
    private final LoginPace pace;

    Authentication(ReplicaBridge replica, Headers headers, Logins logins) {
        this.replica = replica;
        this.headers = headers;
        this.tokens = logins.tokens();
        this.passwords = logins.passwords();
        this.pace = logins.pace();
    }

    Passwords passwords() {
        return passwords;
    }

    void authenticate(Call call, AuthenticateRequest request, Reply reply) {
        new Attempt(call, request, reply).begin();
    }

    /** What somebody says of itself, and where: see {@link Call#origin}. */
    record Claim(String name, String password, String origin) {
        /** Without the password, which must not get into any log. */
        @Override
        public String toString() {
            return "claim to be " + name;
        }
    }

    /**
     * Exactly one of the two is called later, on the loop, or the second at once. Where there is no such user a
     * comparison is made all the same: the time it takes must not tell.
     */
    void prove(Claim claim, Optional<User> user, Runnable right, Consumer<Status> failed) {
        if (!Passwords.fits(claim.password)) { // nobody's: it need not wait in any queue
            failed.accept(Errors.AUTH_FAILED);
            return;
        }
        if (!pace.tries(claim.name, claim.origin)) {
            failed.accept(Errors.TOO_MANY_REQUESTS);
            return;
        }
        String hash = user.map(known -> known.credential().hash()).orElse("");
        boolean taken = passwords.verify(
                claim.password,
                hash,
                fits -> replica.loop().execute(() -> {
                    if (fits) {
                        pace.succeeded(claim.name, claim.origin);
                        right.run();
                    } else {
                        failed.accept(Errors.AUTH_FAILED);
                    }
                }));
        if (!taken) {
            pace.succeeded(claim.name, claim.origin);
            failed.accept(Errors.TOO_MANY_REQUESTS);
        }
    }

    private final class Attempt {
        private final Call call;
        private final AuthenticateRequest request;
        private final Reply reply;
        private int attempts;
        /** What the password was found right for. */
        private Optional<Credential> checked = Optional.empty();

        Attempt(Call call, AuthenticateRequest request, Reply reply) {
            this.call = call;
            this.request = request;
            this.reply = reply;
        }

        void begin() {
            attempts++;
            replica.read(call.timeoutNanos(), this::look, reply::fail);
        }

        private void look(Root root) {
            AuthState auth = root.auth();
            Optional<User> user = auth.user(request.getName());
            if (!auth.enabled()) {
                reply.fail(Errors.AUTH_NOT_ENABLED);
            } else if (user.isPresent() && user.get().credential().noPassword()) {
                reply.fail(Errors.NO_PASSWORD_USER);
            } else if (user.isPresent() && user.map(User::credential).equals(checked)) {
                issue(auth.revision());
            } else {
                compare(user, auth.revision());
            }
        }

        private void compare(Optional<User> user, long authRevision) {
            Runnable right = () -> {
                checked = user.map(User::credential);
                issue(authRevision);
            };
            Claim claim = new Claim(request.getName(), request.getPassword(), call.origin());
            prove(claim, user, right, reply::fail);
        }

        private void issue(long authRevision) {
            Optional<Tokens.Draft> draft = tokens.draft(request.getName());
            if (draft.isEmpty()) {
                reply.fail(Errors.NO_TOKENS);
                return;
            }
            AuthCommand given =
                    new AuthCommand.Authenticate(request.getName(), draft.get().digest(), authRevision);
            replica.submit(
                    Envelope.of(given),
                    call.timeoutNanos(),
                    result -> {
                        AuthResult issued = (AuthResult) result;
                        reply.send(Payload.of(AuthenticateResponse.newBuilder()
                                .setHeader(headers.at(issued.revision()))
                                .setToken(draft.get().finish(issued.index(), issued.authRevision()))
                                .build()));
                    },
                    this::refused);
        }

        private void refused(Status status) {
            if (status.equals(Errors.AUTH_OLD_REVISION) && attempts < ATTEMPTS_MAX) {
                begin();
            } else {
                reply.fail(status);
            }
        }
    }
}
