package io.metcd.store.auth;

import java.util.List;

/**
 * A user.
 *
 * @param roles by name
 */
public record User(String name, Credential credential, List<String> roles) {
    public static final String ROOT = "root";

    public User {
        roles = List.copyOf(roles);
    }

    /**
     * How a user proves who it is.
     *
     * @param hash of the password, as bcrypt writes it; empty if there is none
     * @param noPassword whether only a certificate proves it
     * @param since the index of the entry that set this: tokens given out before it are void
     */
    public record Credential(String hash, boolean noPassword, long since) {
        /** Without the hash, which must not get into any log. */
        @Override
        public String toString() {
            return "credential since " + since;
        }
    }

    public boolean isRoot() {
        return roles.contains(Role.ROOT);
    }

    User withRoles(List<String> newRoles) {
        return new User(name, credential, newRoles);
    }

    long size() {
        long total = 2L * name.length() + credential.hash().length();
        for (String role : roles) {
            total += 16 + 2L * role.length();
        }
        return total;
    }
}
