package io.metcd.store;

import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.Token;
import io.metcd.store.auth.User;
import io.metcd.store.auth.User.Credential;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which changes of users and roles a state allows, and what it becomes by them; in etcd's order of checks. */
final class AuthRules {
    private final Limits limits;
    /** The entry in hand. */
    private final long index;

    /** What a command leads to: another state, or a refusal and the same. */
    record Step(AuthState state, Optional<Refusal> refusal) {}

    private AuthRules(Limits limits, long index) {
        this.limits = limits;
        this.index = index;
    }

    static Step step(AuthState state, AuthCommand command, Limits limits, long index) {
        Step step = new AuthRules(limits, index).step(state, command);
        boolean grows = step.state.bytes() > state.bytes();
        return grows && step.state.bytes() > limits.users().bytesMax() ? refuse(state, Refusal.TOO_MANY_USERS) : step;
    }

    private Step step(AuthState state, AuthCommand command) {
        if (command instanceof AuthCommand.Enable) {
            return enable(state);
        }
        if (command instanceof AuthCommand.Disable) {
            return disable(state);
        }
        if (command instanceof AuthCommand.Authenticate given) {
            return authenticate(state, given);
        }
        if (command instanceof AuthCommand.UserAdd add) {
            return addUser(state, add);
        }
        if (command instanceof AuthCommand.RoleAdd add) {
            return addRole(state, add);
        }
        if (command instanceof AuthCommand.RoleDelete delete) {
            return deleteRole(state, delete);
        }
        if (command instanceof AuthCommand.RoleGrant grant) {
            return grant(state, grant);
        }
        if (command instanceof AuthCommand.RoleRevoke revoke) {
            return revoke(state, revoke);
        }
        return ofUser(state, command);
    }

    private static Step enable(AuthState state) {
        if (state.enabled()) {
            return new Step(state, Optional.empty());
        }
        Optional<User> root = state.user(User.ROOT);
        if (root.isEmpty()) {
            return refuse(state, Refusal.ROOT_USER_MISSING);
        }
        if (!root.get().isRoot()) {
            return refuse(state, Refusal.ROOT_ROLE_MISSING);
        }
        AuthState.Switch old = state.state();
        return new Step(state.with(new AuthState.Switch(true, old.revision(), old.since())), Optional.empty());
    }

    private Step disable(AuthState state) {
        if (!state.enabled()) {
            return new Step(state, Optional.empty());
        }
        AuthState.Switch off = new AuthState.Switch(false, state.revision() + 1, index);
        return new Step(state.withoutTokens().with(off), Optional.empty());
    }

    /** As if the password had been looked at just now. */
    private Step authenticate(AuthState state, AuthCommand.Authenticate given) {
        if (!state.enabled()) {
            return refuse(state, Refusal.AUTH_NOT_ENABLED);
        }
        if (given.checkedRevision() != state.revision()) {
            return refuse(state, Refusal.AUTH_OLD_REVISION);
        }
        if (state.user(given.user()).isEmpty()) {
            return refuse(state, Refusal.AUTH_FAILED);
        }
        Token token = new Token(index, given.user(), given.digest());
        return new Step(
                given.digest().isEmpty()
                        ? state
                        : state.with(token, limits.users().tokensMax()),
                Optional.empty());
    }

    private Step addUser(AuthState state, AuthCommand.UserAdd add) {
        if (add.user().isEmpty()) {
            return refuse(state, Refusal.USER_EMPTY);
        }
        if (state.user(add.user()).isPresent()) {
            return refuse(state, Refusal.USER_EXISTS);
        }
        if (state.userTable().size() >= limits.users().usersMax()) {
            return refuse(state, Refusal.TOO_MANY_USERS);
        }
        Credential credential = new Credential(add.noPassword() ? "" : add.hash(), add.noPassword(), index);
        return changed(state.with(new User(add.user(), credential, List.of())));
    }

    /** The commands that are about a user that there is. */
    private Step ofUser(AuthState state, AuthCommand command) {
        if (command instanceof AuthCommand.UserDelete delete) {
            if (state.enabled() && delete.user().equals(User.ROOT)) {
                return refuse(state, Refusal.INVALID_AUTH_MANAGEMENT);
            }
            return state.user(delete.user())
                    .map(user -> changed(state.without(user)))
                    .orElseGet(() -> refuse(state, Refusal.USER_NOT_FOUND));
        }
        if (command instanceof AuthCommand.UserChangePassword change) {
            return state.user(change.user())
                    .map(user -> changed(state.with(withPassword(user, change.hash()))))
                    .orElseGet(() -> refuse(state, Refusal.USER_NOT_FOUND));
        }
        if (command instanceof AuthCommand.UserGrantRole grant) {
            return state.user(grant.user())
                    .map(user -> grantRole(state, user, grant.role()))
                    .orElseGet(() -> refuse(state, Refusal.USER_NOT_FOUND));
        }
        if (command instanceof AuthCommand.UserRevokeRole revoke) {
            boolean rootOfRoot =
                    revoke.user().equals(User.ROOT) && revoke.role().equals(Role.ROOT);
            if (state.enabled() && rootOfRoot) {
                return refuse(state, Refusal.INVALID_AUTH_MANAGEMENT);
            }
            return state.user(revoke.user())
                    .map(user -> revokeRole(state, user, revoke.role()))
                    .orElseGet(() -> refuse(state, Refusal.USER_NOT_FOUND));
        }
        throw new AssertionError(command);
    }

    private User withPassword(User user, String hash) {
        boolean none = user.credential().noPassword();
        return new User(user.name(), new Credential(none ? "" : hash, none, index), user.roles());
    }

    private Step grantRole(AuthState state, User user, String role) {
        if (!role.equals(Role.ROOT) && state.role(role).isEmpty()) {
            return refuse(state, Refusal.ROLE_NOT_FOUND);
        }
        if (user.roles().contains(role)) {
            return new Step(state, Optional.empty());
        }
        if (user.roles().size() >= limits.users().rolesOfUserMax()) {
            return refuse(state, Refusal.TOO_MANY_USERS);
        }
        List<String> roles = new ArrayList<>(user.roles());
        roles.add(role);
        roles.sort(AuthState::byCodePoints);
        return changed(state.with(new User(user.name(), user.credential(), roles)));
    }

    private static Step revokeRole(AuthState state, User user, String role) {
        List<String> roles = new ArrayList<>(user.roles());
        return roles.remove(role)
                ? changed(state.with(new User(user.name(), user.credential(), roles)))
                : refuse(state, Refusal.ROLE_NOT_GRANTED);
    }

    private Step addRole(AuthState state, AuthCommand.RoleAdd add) {
        if (add.role().isEmpty()) {
            return refuse(state, Refusal.ROLE_EMPTY);
        }
        if (state.role(add.role()).isPresent()) {
            return refuse(state, Refusal.ROLE_EXISTS);
        }
        return state.roleTable().size() >= limits.users().usersMax()
                ? refuse(state, Refusal.TOO_MANY_USERS)
                : changed(state.with(new Role(add.role(), List.of())));
    }

    private static Step deleteRole(AuthState state, AuthCommand.RoleDelete delete) {
        if (state.enabled() && delete.role().equals(Role.ROOT)) {
            return refuse(state, Refusal.INVALID_AUTH_MANAGEMENT);
        }
        return state.role(delete.role())
                .map(role -> changed(state.without(role)))
                .orElseGet(() -> refuse(state, Refusal.ROLE_NOT_FOUND));
    }

    private Step grant(AuthState state, AuthCommand.RoleGrant grant) {
        if (!grant.permission().isValid()) {
            return refuse(state, Refusal.INVALID_AUTH_MANAGEMENT);
        }
        Optional<Role> role = state.role(grant.role());
        if (role.isEmpty()) {
            return refuse(state, Refusal.ROLE_NOT_FOUND);
        }
        Role more = role.get().with(grant.permission());
        return more.permissions().size() > limits.users().permissionsMax()
                ? refuse(state, Refusal.TOO_MANY_USERS)
                : changed(state.with(more));
    }

    private static Step revoke(AuthState state, AuthCommand.RoleRevoke revoke) {
        Optional<Role> role = state.role(revoke.role());
        if (role.isEmpty()) {
            return refuse(state, Refusal.ROLE_NOT_FOUND);
        }
        return role.get()
                .without(revoke.range())
                .map(fewer -> changed(state.with(fewer)))
                .orElseGet(() -> refuse(state, Refusal.PERMISSION_NOT_GRANTED));
    }

    private static Step changed(AuthState state) {
        AuthState.Switch old = state.state();
        AuthState.Switch next = new AuthState.Switch(old.enabled(), old.revision() + 1, old.since());
        return new Step(state.with(next), Optional.empty());
    }

    private static Step refuse(AuthState state, Refusal refusal) {
        return new Step(state, Optional.of(refusal));
    }
}
