package io.metcd.store.etcd;

import static io.metcd.store.etcd.EtcdImport.require;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.bolt.Bucket;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Users and roles as etcd keeps them, in three buckets:
 *
 * <pre>
 * auth       authEnabled 0 or 1, authRevision u64
 * authRoles  name -> authpb.Role: name 1, permissions 2 (type 1, key 2, range's end 3)
 * authUsers  name -> authpb.User: name 1, hash of the password 2, roles 3, options 4 (no password 1)
 * </pre>
 *
 * <p>Tokens are in no file of etcd: whoever has one logs in again.
 */
final class EtcdAuth {
    static final Bytes ENABLED = Bytes.utf8("authEnabled");
    static final Bytes REVISION = Bytes.utf8("authRevision");

    /** Of one char in UTF-8. */
    private static final int CHARACTER_BYTES_MAX = 3;

    private EtcdAuth() {}

    /** A name that is too long for a key of a file, as "role's name has N bytes". */
    static Optional<String> overlongName(AuthState auth) {
        return Stream.concat(
                        overlong("role", auth.roles().stream().map(Role::name)),
                        overlong("user", auth.users().stream().map(User::name)))
                .findFirst();
    }

    private static Stream<String> overlong(String kind, Stream<String> names) {
        return names.filter(name -> name.length() > Bucket.KEY_BYTES_MAX / CHARACTER_BYTES_MAX)
                .map(name -> Bytes.utf8(name).size())
                .filter(bytes -> bytes > Bucket.KEY_BYTES_MAX)
                .map(bytes -> kind + "'s name has " + bytes + " bytes");
    }

    static List<Bucket.Entry> settings(AuthState auth) {
        return List.of(
                new Bucket.Entry(ENABLED, Bytes.of(auth.enabled() ? 1 : 0)),
                new Bucket.Entry(REVISION, EtcdBuckets.u64(auth.revision())));
    }

    static List<Bucket.Entry> roles(AuthState auth) {
        List<Bucket.Entry> entries = new ArrayList<>();
        for (Role role : auth.roles()) {
            Bytes name = Bytes.utf8(role.name());
            ProtoWriter out = new ProtoWriter().bytes(1, name);
            for (Permission permission : role.permissions()) {
                out.message(
                        2,
                        new ProtoWriter()
                                .number(1, permission.type())
                                .bytes(2, permission.range().key())
                                .bytes(3, permission.range().end())
                                .toBytes());
            }
            entries.add(new Bucket.Entry(name, out.toBytes()));
        }
        return entries;
    }

    static List<Bucket.Entry> users(AuthState auth) {
        List<Bucket.Entry> entries = new ArrayList<>();
        for (User user : auth.users()) {
            Bytes name = Bytes.utf8(user.name());
            ProtoWriter out = new ProtoWriter()
                    .bytes(1, name)
                    .bytes(2, Bytes.utf8(user.credential().hash()));
            user.roles().forEach(role -> out.message(3, Bytes.utf8(role)));
            Bytes options = new ProtoWriter()
                    .number(1, user.credential().noPassword() ? 1 : 0)
                    .toBytes();
            entries.add(new Bucket.Entry(name, out.message(4, options).toBytes()));
        }
        return entries;
    }

    /** Takes the records of the three buckets. */
    static final class Reader {
        private final Limits.Users limits;
        private AuthState auth = AuthState.OFF;
        private boolean enabled;
        private long revision = 1;

        Reader(Limits.Users limits) {
            this.limits = limits;
        }

        void addSetting(Bytes key, Bytes value) {
            if (key.equals(ENABLED)) {
                require(value.equals(Bytes.of(0)) || value.equals(Bytes.of(1)), "neither 0 nor 1");
                enabled = value.at(0) == 1;
            } else if (key.equals(REVISION)) {
                require(value.size() == Long.BYTES && value.at(0) >= 0, "no revision");
                revision = Math.max(1, new ByteReader(value).u64());
            }
        }

        void addRole(Bytes key, Bytes value) {
            ProtoReader in = new ProtoReader(value);
            List<Permission> permissions = new ArrayList<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field == 2) {
                    permissions.add(permission(in.bytes()));
                    require(permissions.size() <= limits.permissionsMax(), "too many permissions");
                } else {
                    in.skip();
                }
            }
            Role role = new Role(name(key), permissions);
            require(
                    role.isSound(),
                    "a permission that cannot be granted: revoke it in etcd, and save another snapshot");
            auth = auth.with(role);
            requireRoom(auth.roleTable().size());
        }

        void addUser(Bytes key, Bytes value) {
            ProtoReader in = new ProtoReader(value);
            String hash = "";
            boolean noPassword = false;
            List<String> roles = new ArrayList<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 2 -> hash = in.bytes().toUtf8();
                    case 3 -> roles.add(name(in.bytes()));
                    case 4 -> noPassword = noPassword(in.bytes());
                    default -> in.skip();
                }
                require(roles.size() <= limits.rolesOfUserMax(), "too many roles");
            }
            roles.sort(AuthState::byCodePoints);
            User.Credential credential = new User.Credential(noPassword ? "" : hash, noPassword, 0);
            auth = auth.with(
                    new User(name(key), credential, roles.stream().distinct().toList()));
            requireRoom(auth.userTable().size());
        }

        AuthState result() {
            return auth.with(new AuthState.Switch(enabled, revision, 0));
        }

        private void requireRoom(int count) {
            require(count <= limits.usersMax(), "more than " + limits.usersMax());
            require(auth.bytes() <= limits.bytesMax(), "users and roles of more than " + limits.bytesMax() + " bytes");
        }

        private static Permission permission(Bytes message) {
            ProtoReader in = new ProtoReader(message);
            int type = Permission.READ;
            Bytes key = Bytes.EMPTY;
            Bytes end = Bytes.EMPTY;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> type = (int) in.number();
                    case 2 -> key = in.bytes().compact();
                    case 3 -> end = in.bytes().compact();
                    default -> in.skip();
                }
            }
            return new Permission(type, new KeyRange(key, end));
        }

        private static boolean noPassword(Bytes message) {
            ProtoReader in = new ProtoReader(message);
            boolean set = false;
            for (int field = in.next(); field != 0; field = in.next()) {
                if (field == 1) {
                    set = in.number() != 0;
                } else {
                    in.skip();
                }
            }
            return set;
        }

        private static String name(Bytes bytes) {
            String name = bytes.toUtf8();
            require(!name.isEmpty() && Bytes.utf8(name).equals(bytes), "a name that is no text");
            return name;
        }
    }
}
