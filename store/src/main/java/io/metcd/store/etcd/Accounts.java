package io.metcd.store.etcd;

import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who may do what by a file of etcd: named here, and not part of the state that is read.
 *
 * @param enabled whether clients have to say who they are
 */
public record Accounts(boolean enabled, Names users, Names roles) {
    static final Bytes ENABLED = Bytes.utf8("authEnabled");
    private static final Bytes OFF = Bytes.wrap(new byte[] {0});

    /** Names that are remembered; of more it is known how many there are. */
    private static final int NAMES_MAX = 20;

    /** Some names of all. */
    public record Names(int count, List<Bytes> some) {
        private String text(String one, String many) {
            return count + " " + (count == 1 ? one : many) + " ("
                    + some.stream().map(Bytes::toString).collect(Collectors.joining(", "))
                    + (some.size() < count ? ", …" : "") + ")";
        }
    }

    public boolean isEmpty() {
        return !enabled && users.count() + roles.count() == 0;
    }

    /** {@code authentication (enabled), 2 users (alice, root) and 1 role (reader)}; empty if there is nothing. */
    public String text() {
        List<String> parts = new ArrayList<>();
        if (enabled) {
            parts.add("authentication (enabled)");
        }
        if (users.count() > 0) {
            parts.add(users.text("user", "users"));
        }
        if (roles.count() > 0) {
            parts.add(roles.text("role", "roles"));
        }
        String last = parts.isEmpty() ? "" : parts.remove(parts.size() - 1);
        return parts.isEmpty() ? last : String.join(", ", parts) + " and " + last;
    }

    /** Takes the records of the three buckets. */
    static final class Survey {
        private final List<Bytes> users = new ArrayList<>();
        private final List<Bytes> roles = new ArrayList<>();
        private int userCount;
        private int roleCount;
        private boolean enabled;

        /** What is not clearly off counts as on. */
        void addSetting(Bytes key, Bytes value) {
            enabled = enabled || (key.equals(ENABLED) && !value.equals(OFF));
        }

        void addUser(Bytes name) {
            userCount++;
            remember(users, name);
        }

        void addRole(Bytes name) {
            roleCount++;
            remember(roles, name);
        }

        Accounts result() {
            return new Accounts(
                    enabled, new Names(userCount, List.copyOf(users)), new Names(roleCount, List.copyOf(roles)));
        }

        private static void remember(List<Bytes> names, Bytes name) {
            if (names.size() < NAMES_MAX) {
                names.add(name.compact());
            }
        }
    }
}
