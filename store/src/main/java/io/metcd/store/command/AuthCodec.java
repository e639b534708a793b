package io.metcd.store.command;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.Token;
import io.metcd.store.auth.User;
import java.util.ArrayList;
import java.util.List;

/** The binary form of users, roles, tokens and of {@link AuthCommand}s, as {@link CommandCodec} says it. */
public final class AuthCodec {
    /** After the tag of all of them. */
    private static final int ENABLE = 1;

    private static final int DISABLE = 2;
    private static final int AUTHENTICATE = 3;
    private static final int USER_ADD = 4;
    private static final int USER_DELETE = 5;
    private static final int USER_CHANGE_PASSWORD = 6;
    private static final int USER_GRANT_ROLE = 7;
    private static final int USER_REVOKE_ROLE = 8;
    private static final int ROLE_ADD = 9;
    private static final int ROLE_DELETE = 10;
    private static final int ROLE_GRANT = 11;
    private static final int ROLE_REVOKE = 12;

    private AuthCodec() {}

    public static void writeSwitch(AuthState.Switch state, ByteWriter out) {
        out.bool(state.enabled()).varint(state.revision()).varint(state.since());
    }

    /** Throws {@link Malformed} if there is none here; so do the others. */
    public static AuthState.Switch readSwitch(ByteReader in) {
        return new AuthState.Switch(in.bool(), in.varint(), in.varint());
    }

    public static void writeUser(User user, ByteWriter out) {
        User.Credential credential = user.credential();
        out.utf8(user.name()).utf8(credential.hash()).bool(credential.noPassword());
        MemberCodec.writeStrings(user.roles(), out.varint(credential.since()));
    }

    public static User readUser(ByteReader in) {
        String name = in.utf8();
        User.Credential credential = new User.Credential(in.utf8(), in.bool(), in.varint());
        return new User(name, credential, MemberCodec.readStrings(in));
    }

    public static void writeRole(Role role, ByteWriter out) {
        out.utf8(role.name()).varint(role.permissions().size());
        role.permissions().forEach(permission -> writePermission(permission, out));
    }

    public static Role readRole(ByteReader in) {
        String name = in.utf8();
        int count = in.count(in.remaining());
        List<Permission> permissions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            permissions.add(readPermission(in));
        }
        return new Role(name, permissions);
    }

    public static void writeToken(Token token, ByteWriter out) {
        out.varint(token.index()).utf8(token.user()).bytes(token.digest());
    }

    public static Token readToken(ByteReader in) {
        return new Token(in.varint(), in.utf8(), in.bytes().compact());
    }

    static void write(AuthCommand command, ByteWriter out) {
        if (command instanceof AuthCommand.Enable) {
            out.u8(ENABLE);
        } else if (command instanceof AuthCommand.Disable) {
            out.u8(DISABLE);
        } else if (command instanceof AuthCommand.Authenticate given) {
            out.u8(AUTHENTICATE).utf8(given.user()).bytes(given.digest()).varint(given.checkedRevision());
        } else if (command instanceof AuthCommand.UserAdd add) {
            out.u8(USER_ADD).utf8(add.user()).utf8(add.hash()).bool(add.noPassword());
        } else if (command instanceof AuthCommand.UserDelete delete) {
            out.u8(USER_DELETE).utf8(delete.user());
        } else if (command instanceof AuthCommand.UserChangePassword change) {
            out.u8(USER_CHANGE_PASSWORD).utf8(change.user()).utf8(change.hash());
        } else if (command instanceof AuthCommand.UserGrantRole grant) {
            out.u8(USER_GRANT_ROLE).utf8(grant.user()).utf8(grant.role());
        } else if (command instanceof AuthCommand.UserRevokeRole revoke) {
            out.u8(USER_REVOKE_ROLE).utf8(revoke.user()).utf8(revoke.role());
        } else if (command instanceof AuthCommand.RoleAdd add) {
            out.u8(ROLE_ADD).utf8(add.role());
        } else if (command instanceof AuthCommand.RoleDelete delete) {
            out.u8(ROLE_DELETE).utf8(delete.role());
        } else if (command instanceof AuthCommand.RoleGrant grant) {
            writePermission(grant.permission(), out.u8(ROLE_GRANT).utf8(grant.role()));
        } else if (command instanceof AuthCommand.RoleRevoke revoke) {
            QueryCodec.writeRange(revoke.range(), out.u8(ROLE_REVOKE).utf8(revoke.role()));
        }
    }

    static AuthCommand read(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case ENABLE -> new AuthCommand.Enable();
            case DISABLE -> new AuthCommand.Disable();
            case AUTHENTICATE ->
                new AuthCommand.Authenticate(in.utf8(), in.bytes().compact(), in.varint());
            case USER_ADD -> new AuthCommand.UserAdd(in.utf8(), in.utf8(), in.bool());
            case USER_DELETE -> new AuthCommand.UserDelete(in.utf8());
            case USER_CHANGE_PASSWORD -> new AuthCommand.UserChangePassword(in.utf8(), in.utf8());
            case USER_GRANT_ROLE -> new AuthCommand.UserGrantRole(in.utf8(), in.utf8());
            case USER_REVOKE_ROLE -> new AuthCommand.UserRevokeRole(in.utf8(), in.utf8());
            case ROLE_ADD -> new AuthCommand.RoleAdd(in.utf8());
            case ROLE_DELETE -> new AuthCommand.RoleDelete(in.utf8());
            case ROLE_GRANT -> new AuthCommand.RoleGrant(in.utf8(), readPermission(in));
            case ROLE_REVOKE -> new AuthCommand.RoleRevoke(in.utf8(), QueryCodec.readRange(in));
            default -> throw new Malformed("command about users of kind " + kind);
        };
    }

    private static void writePermission(Permission permission, ByteWriter out) {
        QueryCodec.writeRange(permission.range(), out.varint(permission.type()));
    }

    private static Permission readPermission(ByteReader in) {
        return new Permission((int) in.varint(), QueryCodec.readRange(in));
    }
}
