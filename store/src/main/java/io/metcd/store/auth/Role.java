package io.metcd.store.auth;

import io.metcd.base.Bytes;
import io.metcd.store.auth.Permission.Right;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

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

    /**
     * With one permission more, or with another type of the one that has the same range. As with etcd the latter must
     * stand first among those of its key; else both stand, and both count.
     */
    public Role with(Permission permission) {
        List<Permission> more = new ArrayList<>(permissions);
        Bytes key = permission.range().key();
        int first = place(each -> each.compareTo(key) >= 0);
        if (first < more.size() && more.get(first).range().equals(permission.range())) {
            more.set(first, permission.compact());
        } else {
            more.add(place(each -> each.compareTo(key) > 0), permission.compact());
        }
        return new Role(name, more);
    }

    /** Without the permissions of exactly that range; empty if there are none. */
    public Optional<Role> without(KeyRange range) {
        List<Permission> fewer = permissions.stream()
                .filter(permission -> !permission.range().equals(range))
                .toList();
        return fewer.size() == permissions.size() ? Optional.empty() : Optional.of(new Role(name, fewer));
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
            if (!each.isValid() || !inOrder) {
                return false;
            }
        }
        return true;
    }

    long size() {
        return permissions.stream().mapToLong(Permission::size).sum() + 2L * name.length();
    }

    /** Of the first permission whose key is so. */
    private int place(Predicate<Bytes> key) {
        int place = 0;
        while (place < permissions.size()
                && !key.test(permissions.get(place).range().key())) {
            place++;
        }
        return place;
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
