package io.metcd.cli.client;

import io.metcd.cli.Mistake;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** As whom a client comes. */
public record Login(String name, String password) {
    /** From {@code NAME:PASSWORD}, or a name alone with the password beside it; empty if there is no name. */
    static Optional<Login> of(String user, Optional<String> password) {
        if (user.isEmpty()) {
            if (password.isPresent()) {
                throw Mistake.usage("--password is nobody's: give --user, too");
            }
            return Optional.empty();
        }
        if (password.isPresent()) {
            return Optional.of(new Login(user, password.get()));
        }
        int colon = user.indexOf(':');
        if (colon < 0) {
            throw Mistake.usage("--user " + user + " has no password: give --user NAME:PASSWORD, or --password");
        }
        return Optional.of(new Login(user.substring(0, colon), user.substring(colon + 1)));
    }

    /** The header {@code Authorization} of plain HTTP (RFC 7617). */
    public String header() {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Without the password, which must not get into any log. */
    @Override
    public String toString() {
        return "login of " + name;
    }
}
