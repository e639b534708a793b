package io.metcd.server.etcd;

import io.metcd.server.etcd.Authentication.Claim;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Pages;
import io.metcd.server.rpc.Status;
import io.metcd.store.Access;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.User;
import io.metcd.store.kv.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets root in to the pages for operators: by a token, by name and password ({@code Authorization: Basic}, RFC 7617), or
 * by a certificate that says who it is. Passwords also open where no cluster can give out a token any more: then this
 * member goes by what it knows.
 */
public final class OperatorDoor {
    private static final String BASIC = "Basic ";

    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Authentication authentication;

    OperatorDoor(ReplicaBridge replica, Doorman doorman, Authentication authentication) {
        this.replica = replica;
        this.doorman = doorman;
        this.authentication = authentication;
    }

    /** Lets root in who only looks at this member, as far as it knows. Otherwise as {@link #enter}. */
    public void look(Pages.Request page, Runnable allowed, Consumer<Status> refused) {
        if (claim(page).isEmpty()) {
            doorman.check(new PageCall(page), Access::root, allowed, refused);
        } else {
            enter(page, allowed, refused);
        }
    }

    /** Exactly one of the two is called, at once or later on the loop: behind a barrier, as long as there is a leader. */
    public void enter(Pages.Request page, Runnable allowed, Consumer<Status> refused) {
        Runnable asFarAsKnown = () -> enter(page, replica.root(), allowed, refused);
        if (!replica.status().hasLeader()) {
            asFarAsKnown.run();
            return;
        }
        long timeoutNanos = 2 * replica.timing().electionNanos();
        replica.read(timeoutNanos, root -> enter(page, root, allowed, refused), failure -> {
            if (replica.status().hasLeader()) {
                refused.accept(failure);
            } else {
                asFarAsKnown.run();
            }
        });
    }

    private void enter(Pages.Request page, Root root, Runnable allowed, Consumer<Status> refused) {
        Optional<Claim> claim = claim(page);
        if (claim.isPresent()) {
            enter(claim.get(), root, allowed, refused);
        } else {
            doorman.refusal(new PageCall(page), root, Access::root).ifPresentOrElse(refused, allowed);
        }
    }

    private void enter(Claim claim, Root root, Runnable allowed, Consumer<Status> refused) {
        AuthState auth = root.auth();
        if (!auth.enabled()) {
            allowed.run();
            return;
        }
        Optional<User> user =
                auth.user(claim.name()).filter(known -> !known.credential().noPassword());
        Runnable right = () -> {
            Optional<Refusal> refusal =
                    root.access(new Caller(claim.name(), auth.revision())).root();
            refusal.map(Errors::of).ifPresentOrElse(refused, allowed);
        };
        authentication.prove(claim, user, right, refused);
    }

    private static Optional<Claim> claim(Pages.Request page) {
        return page.authorization()
                .filter(header -> header.regionMatches(true, 0, BASIC, 0, BASIC.length()))
                .map(header -> header.substring(BASIC.length()).strip())
                .flatMap(encoded -> decoded(encoded, page.origin()));
    }

    private static Optional<Claim> decoded(String encoded, String origin) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Claim(text.substring(0, colon), text.substring(colon + 1), origin));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** A page's request, as far as it says who asks. */
    private record PageCall(Pages.Request page) implements Call {
        @Override
        public Optional<String> metadata(String name) {
            return name.equals("authorization") ? page.authorization() : Optional.empty();
        }

        @Override
        public Optional<String> commonName() {
            return page.commonName();
        }

        @Override
        public long timeoutNanos() {
            return NO_DEADLINE;
        }
    }
}
