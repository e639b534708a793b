package io.metcd.store.auth;

import io.metcd.base.Bytes;
import io.metcd.store.auth.Permission.Right;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.MapEditor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Users, roles, and whether anybody is asked for them: immutable. */
public final class AuthState {
    private static final User NO_USER = new User("", new User.Credential("", true, 0), List.of());
    private static final Role NO_ROLE = new Role("", List.of());

    /** Nobody is asked, and there is nobody. */
    public static final AuthState OFF = new AuthState(
            new Switch(false, 1, 0),
            OrderedMap.empty(AuthState::byCodePoints),
            OrderedMap.empty(AuthState::byCodePoints),
            OrderedMap.empty(Long::compare),
            0);

    private final Switch state;
    private final OrderedMap<String, User> users;
    private final OrderedMap<String, Role> roles;
    private final OrderedMap<Long, Token> tokens;
    private final long bytes;

    /**
     * What there is beside users and roles.
     *
     * @param revision counts the changes of users and roles, from 1
     * @param since the index of the entry that switched it off last: tokens given out before it are void
     */
    public record Switch(boolean enabled, long revision, long since) {}

    private AuthState(
            Switch state,
            OrderedMap<String, User> users,
            OrderedMap<String, Role> roles,
            OrderedMap<Long, Token> tokens,
            long bytes) {
        this.state = state;
        this.users = users;
        this.roles = roles;
        this.tokens = tokens;
        this.bytes = bytes;
    }

    /** The order of the names in UTF-8, which is not that of {@link String#compareTo}. */
    public static int byCodePoints(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean high = Character.isSurrogate(a);
                return high == Character.isSurrogate(b) ? a - b : high ? 1 : -1;
            }
        }
        return one.length() - other.length();
    }

    public boolean enabled() {
        return state.enabled();
    }

    public long revision() {
        return state.revision();
    }

    /** For snapshots. */
    public Switch state() {
        return state;
    }

    public Optional<User> user(String name) {
        User user = users.get(name, NO_USER);
        return user.name().isEmpty() ? Optional.empty() : Optional.of(user);
    }

    public Optional<Role> role(String name) {
        Role role = roles.get(name, NO_ROLE);
        return role.name().isEmpty() ? Optional.empty() : Optional.of(role);
    }

    /** By name. */
    public List<User> users() {
        return list(users);
    }

    /** By name. */
    public List<Role> roles() {
        return list(roles);
    }

    /** Those given out lately, by index. */
    public List<Token> tokens() {
        return list(tokens);
    }

    /** Those given out by later entries than the given one, by index. */
    public List<Token> tokensAfter(long index) {
        List<Token> later = new ArrayList<>();
        for (Cursor<Long, Token> cursor = tokens.from(index + 1); cursor.isValid(); cursor.next()) {
            later.add(cursor.value());
        }
        return later;
    }

    /** For snapshots. */
    public OrderedMap<String, User> userTable() {
        return users;
    }

    /** For snapshots. */
    public OrderedMap<String, Role> roleTable() {
        return roles;
    }

    /** For snapshots. */
    public OrderedMap<Long, Token> tokenTable() {
        return tokens;
    }

    /** What users and roles take, about. */
    public long bytes() {
        return bytes;
    }

    /** Whether a token of that user is still good, as far as users go. */
    public boolean honours(Token token) {
        return state.enabled()
                && token.index() > state.since()
                && user(token.user())
                        .filter(user -> token.index() > user.credential().since())
                        .isPresent();
    }

    /**
     * Whether a user's roles together allow something on a whole range. A range that holds nothing counts as its key, as
     * in etcd.
     */
    public boolean allows(User user, Right right, KeyRange range) {
        if (user.isRoot()) {
            return true;
        }
        Bytes end = range.isEmpty() ? KeySpans.end(KeyRange.single(range.key())) : KeySpans.end(range);
        Bytes reached = range.key();
        boolean further = true;
        while (further) {
            further = false;
            for (String name : user.roles()) {
                Bytes after = roles.get(name, NO_ROLE).after(right, reached);
                if (after.isEmpty() || (!end.isEmpty() && after.compareTo(end) >= 0)) {
                    return true;
                }
                further |= !after.equals(reached);
                reached = after;
            }
        }
        return false;
    }

    /**
     * How far one of a user's roles allows something from a key on: the first key behind, empty if there is no end to it;
     * the key itself if none allows it there.
     */
    public Bytes reach(User user, Right right, Bytes key) {
        if (user.isRoot()) {
            return KeySpans.NO_END;
        }
        Bytes reach = key;
        for (String name : user.roles()) {
            reach = KeySpans.later(reach, roles.get(name, NO_ROLE).after(right, key));
        }
        return reach;
    }

    public AuthState with(Switch newState) {
        return new AuthState(newState, users, roles, tokens, bytes);
    }

    /** Adds a user, or puts it in the place of the one of its name. */
    public AuthState with(User user) {
        long before = users.get(user.name(), NO_USER).size() - NO_USER.size();
        return new AuthState(state, put(users, user.name(), user), roles, tokens, bytes - before + user.size());
    }

    public AuthState without(User user) {
        return new AuthState(state, remove(users, user.name()), roles, tokens, bytes - user.size());
    }

    /** Adds a role, or puts it in the place of the one of its name. */
    public AuthState with(Role role) {
        long before = roles.get(role.name(), NO_ROLE).size();
        return new AuthState(state, users, put(roles, role.name(), role), tokens, bytes - before + role.size());
    }

    /** Also takes it from those who have it. */
    public AuthState without(Role role) {
        AuthState fewer = new AuthState(state, users, remove(roles, role.name()), tokens, bytes - role.size());
        for (User user : users()) {
            if (user.roles().contains(role.name())) {
                fewer = fewer.with(user.withRoles(user.roles().stream()
                        .filter(name -> !name.equals(role.name()))
                        .toList()));
            }
        }
        return fewer;
    }

    /** Adds a token; the oldest goes where there would be more than so many. */
    public AuthState with(Token token, int tokensMax) {
        MapEditor<Long, Token> edited = tokens.edit();
        edited.put(token.index(), token);
        while (edited.size() > tokensMax) {
            edited.remove(edited.peek().first().key());
        }
        return new AuthState(state, users, roles, edited.freeze(), bytes);
    }

    public AuthState withoutTokens() {
        return new AuthState(state, users, roles, OFF.tokens, bytes);
    }

    private static <V> OrderedMap<String, V> put(OrderedMap<String, V> map, String name, V value) {
        MapEditor<String, V> edited = map.edit();
        edited.put(name, value);
        return edited.freeze();
    }

    private static <V> OrderedMap<String, V> remove(OrderedMap<String, V> map, String name) {
        MapEditor<String, V> edited = map.edit();
        edited.remove(name);
        return edited.freeze();
    }

    private static <K, V> List<V> list(OrderedMap<K, V> map) {
        List<V> values = new ArrayList<>(map.size());
        for (Cursor<K, V> cursor = map.first(); cursor.isValid(); cursor.next()) {
            values.add(cursor.value());
        }
        return values;
    }
}
