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

    /** Exactly one of the two is called, at once or later on the loop. */
    public void enter(Pages.Request page, Runnable allowed, Consumer<Status> refused) {
        Optional<Claim> claim = page.authorization()
                .filter(header -> header.regionMatches(true, 0, BASIC, 0, BASIC.length()))
                .map(header -> header.substring(BASIC.length()).strip())
                .flatMap(OperatorDoor::claim);
        if (claim.isEmpty()) {
            doorman.check(new PageCall(page.authorization(), page.commonName()), Access::root, allowed, refused);
        } else if (replica.status().hasLeader()) {
            replica.read(Call.NO_DEADLINE, root -> enter(claim.get(), root, allowed, refused), refused);
        } else {
            enter(claim.get(), replica.root(), allowed, refused);
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

    private static Optional<Claim> claim(String encoded) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Claim(text.substring(0, colon), text.substring(colon + 1)));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** A page's request, as far as it says who asks. */
    private record PageCall(Optional<String> authorization, Optional<String> commonName) implements Call {
        @Override
        public Optional<String> metadata(String name) {
            return name.equals("authorization") ? authorization : Optional.empty();
        }

        @Override
        public long timeoutNanos() {
            return NO_DEADLINE;
        }
    }
}
