package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.auth.Permission;
import io.metcd.store.kv.KeyRange;

/** Changes who may do what, or gives out a token. Passwords and tokens come here as hashes only. */
public sealed interface AuthCommand extends Command {
    @Override
    default <R> R accept(Cases<R> cases) {
        return cases.auth(this);
    }

    /** From now on everybody is asked for a name. */
    record Enable() implements AuthCommand {}

    /** From now on nobody is. */
    record Disable() implements AuthCommand {}

    /**
     * Gives out a token to a user whose password was found right.
     *
     * @param digest the SHA-256 of its secret part; empty for one that proves itself by a signature
     * @param checkedRevision of users and roles, when the password was looked at
     */
    record Authenticate(String user, Bytes digest, long checkedRevision) implements AuthCommand {}

    /** Adds a user; the hash is bcrypt's, and empty for one that has no password. */
    record UserAdd(String user, String hash, boolean noPassword) implements AuthCommand {
        @Override
        public String toString() {
            return "UserAdd[" + user + "]";
        }
    }

    record UserDelete(String user) implements AuthCommand {}

    record UserChangePassword(String user, String hash) implements AuthCommand {
        @Override
        public String toString() {
            return "UserChangePassword[" + user + "]";
        }
    }

    record UserGrantRole(String user, String role) implements AuthCommand {}

    record UserRevokeRole(String user, String role) implements AuthCommand {}

    record RoleAdd(String role) implements AuthCommand {}

    record RoleDelete(String role) implements AuthCommand {}

    record RoleGrant(String role, Permission permission) implements AuthCommand {}

    record RoleRevoke(String role, KeyRange range) implements AuthCommand {}
}
