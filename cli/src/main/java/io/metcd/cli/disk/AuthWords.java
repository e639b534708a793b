package io.metcd.cli.disk;

import io.metcd.store.command.AuthCommand;
import io.metcd.store.kv.KeyRange;
import io.vertx.core.json.JsonObject;

/** Names a change of users and roles, and says whom it is about; never how anybody proves who it is. */
final class AuthWords {
    private AuthWords() {}

    /** Fills the fields. */
    static String of(AuthCommand command, JsonObject fields) {
        if (command instanceof AuthCommand.Enable) {
            return "auth-enable";
        }
        if (command instanceof AuthCommand.Disable) {
            return "auth-disable";
        }
        if (command instanceof AuthCommand.Authenticate given) {
            return ofUser(given.user(), "authenticate", fields);
        }
        if (command instanceof AuthCommand.UserAdd add) {
            return ofUser(add.user(), "user-add", fields);
        }
        if (command instanceof AuthCommand.UserDelete delete) {
            return ofUser(delete.user(), "user-delete", fields);
        }
        if (command instanceof AuthCommand.UserChangePassword change) {
            return ofUser(change.user(), "user-change-password", fields);
        }
        if (command instanceof AuthCommand.UserGrantRole grant) {
            fields.put("role", grant.role());
            return ofUser(grant.user(), "user-grant-role", fields);
        }
        if (command instanceof AuthCommand.UserRevokeRole revoke) {
            fields.put("role", revoke.role());
            return ofUser(revoke.user(), "user-revoke-role", fields);
        }
        return ofRole(command, fields);
    }

    private static String ofRole(AuthCommand command, JsonObject fields) {
        if (command instanceof AuthCommand.RoleAdd add) {
            fields.put("role", add.role());
            return "role-add";
        }
        if (command instanceof AuthCommand.RoleDelete delete) {
            fields.put("role", delete.role());
            return "role-delete";
        }
        if (command instanceof AuthCommand.RoleGrant grant) {
            fields.put("role", grant.role())
                    .put("permission", grant.permission().type());
            return ofRange(grant.permission().range(), "role-grant", fields);
        }
        AuthCommand.RoleRevoke revoke = (AuthCommand.RoleRevoke) command;
        fields.put("role", revoke.role());
        return ofRange(revoke.range(), "role-revoke", fields);
    }

    private static String ofUser(String user, String kind, JsonObject fields) {
        fields.put("user", user);
        return kind;
    }

    private static String ofRange(KeyRange range, String kind, JsonObject fields) {
        fields.put("key", CommandWords.text(range.key()));
        if (!range.isSingle()) {
            fields.put("end", CommandWords.text(range.end()));
        }
        return kind;
    }
}
