package io.metcd.store.auth;

import io.metcd.base.Bytes;
import io.metcd.store.auth.Permission.Right;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A name for permissions. Immutable; what its permissions come to is worked out once, when it is made. */
public final class Role {
    /** Whoever has the role of this name may do everything; there need be no such role. */
    public static final String ROOT = "root";

    private final String name;
    private final List<Permission> permissions;
    private final KeySpans readable;
    private final KeySpans writable;

    /** The permissions are by key; those of one key stand as they came. */
    public Role(String name, List<Permission> permissions) {
        this.name = name;
        this.permissions = List.copyOf(permissions);
        this.readable = spans(Right.READ);
        this.writable = spans(Right.WRITE);
    }

    public String name() {
        return name;
    }

    public List<Permission> permissions() {
        return permissions;
    }

    /** With one permission more, or with another type of one that has the same range. */
    public Role with(Permission permission) {
        List<Permission> more = new ArrayList<>(permissions);
        int same = find(permission.range());
        if (same >= 0) {
            more.set(same, permission.compact());
        } else {
            int place = 0;
            while (place < more.size()
                    && more.get(place)
                                    .range()
                                    .key()
                                    .compareTo(permission.range().key())
                            <= 0) {
                place++;
            }
            more.add(place, permission.compact());
        }
        return new Role(name, more);
    }

    /** Without the permission of exactly that range; empty if there is none. */
    public Optional<Role> without(KeyRange range) {
        int place = find(range);
        if (place < 0) {
            return Optional.empty();
        }
        List<Permission> fewer = new ArrayList<>(permissions);
        fewer.remove(place);
        return Optional.of(new Role(name, fewer));
    }

    /** As {@link KeySpans#after}: how far one may go from a key on. */
    Bytes after(Right right, Bytes key) {
        return (right == Right.READ ? readable : writable).after(key);
    }

    /** Whether the permissions are in their one order, and each is one that can be granted. */
    public boolean isSound() {
        for (int i = 0; i < permissions.size(); i++) {
            Permission each = permissions.get(i);
            boolean inOrder = i == 0
                    || permissions
                                    .get(i - 1)
                                    .range()
                                    .key()
                                    .compareTo(each.range().key())
                            <= 0;
            if (!each.isValid() || !inOrder || find(each.range()) != i) {
                return false;
            }
        }
        return true;
    }

    long size() {
        return permissions.stream().mapToLong(Permission::size).sum() + 2L * name.length();
    }

    private int find(KeyRange range) {
        for (int i = 0; i < permissions.size(); i++) {
            if (permissions.get(i).range().equals(range)) {
                return i;
            }
        }
        return -1;
    }

    private KeySpans spans(Right right) {
        return new KeySpans(permissions.stream()
                .filter(permission -> permission.gives(right))
                .map(Permission::range)
                .toList());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Role role && name.equals(role.name) && permissions.equals(role.permissions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, permissions);
    }

    @Override
    public String toString() {
        return "role " + name + " " + permissions;
    }
}
