package io.metcd.server.auth;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Token;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that say themselves whose they are, and prove it by a signature (RFC 7519): {@code username}, the
 * {@code revision} of users and roles when it was given out, {@code exp}, the second in which it ends, and
 * {@code index}, the entry that gave it out: a later password, or another user of the name, voids it. Whoever has the
 * keys can make and read them, also a real etcd, whose tokens have no index: those need that there is such a user.
 */
public final class SignedTokens implements Tokens {
    /** Larger ones are none of ours. */
    private static final int LENGTH_MAX = 16 << 10;

    /** Verified ones that are remembered; beyond, the one that was not used for longest is verified anew. */
    private static final int KNOWN_MAX = 1024;

    private static final long MILLIS_PER_SECOND = 1000;

    private final Clock clock;
    private final Seal seal;
    private final long ttlSeconds;

    /** By the whole token; guarded by itself. */
    private final Map<String, Claims> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Claims> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    /** The index is 0 where a token has none. */
    private record Claims(Caller caller, long index, double beginSecond, double endSecond) {
        boolean isGoodAt(double second, AuthState auth) {
            boolean known = index == 0
                    ? auth.user(caller.user()).isPresent()
                    : auth.honours(new Token(index, caller.user(), Bytes.EMPTY));
            return known && beginSecond <= second && second < endSecond;
        }
    }

    SignedTokens(Clock clock, Seal seal, Duration ttl) {
        this.clock = clock;
        this.seal = seal;
        this.ttlSeconds = ttl.toSeconds();
    }

    @Override
    public Optional<Draft> draft(String user) {
        if (!seal.signs()) {
            return Optional.empty();
        }
        return Optional.of(new Draft() {
            @Override
            public Bytes digest() {
                return Bytes.EMPTY;
            }

            @Override
            public String finish(long index, long authRevision) {
                return signed(user, index, authRevision);
            }
        });
    }

    @Override
    public boolean isAhead(String token, Root root) {
        return claims(token)
                .filter(claims -> claims.index > root.appliedIndex()
                        || claims.caller.authRevision() > root.auth().revision())
                .isPresent();
    }

    @Override
    public Optional<Caller> find(String token, AuthState auth) {
        double nowSeconds = (double) clock.wallMillis() / MILLIS_PER_SECOND;
        return claims(token).filter(claims -> claims.isGoodAt(nowSeconds, auth)).map(Claims::caller);
    }

    /** Of a token that is signed well, whether it is still good or not. */
    private Optional<Claims> claims(String token) {
        Optional<Claims> remembered;
        synchronized (known) {
            remembered = Optional.ofNullable(known.get(token));
        }
        return remembered.or(() -> verified(token));
    }

    /** Goes by the algorithm of the flag: what a token says of itself must be the same. */
    private Optional<Claims> verified(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LENGTH_MAX || parts.length != 3) {
            return Optional.empty();
        }
        try {
            boolean same = seal.algorithm().equals(object(parts[0]).getValue("alg"));
            byte[] content = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
            if (!same || !seal.isOf(content, Base64.getUrlDecoder().decode(parts[2]))) {
                return Optional.empty();
            }
            Optional<Claims> claims = claims(object(parts[1]));
            synchronized (known) {
                claims.ifPresent(valid -> known.put(token, valid));
            }
            return claims;
        } catch (GeneralSecurityException | IllegalArgumentException | DecodeException none) {
            return Optional.empty();
        }
    }

    /** Nobody and a revision of before all others are no claims: what has them is not asked for its rights. */
    private static Optional<Claims> claims(JsonObject claims) {
        boolean named = claims.getValue("username") instanceof String name && !name.isEmpty();
        if (!named || !(claims.getValue("revision") instanceof Number revision) || revision.longValue() < 1) {
            return Optional.empty();
        }
        Caller caller = new Caller(claims.getString("username"), revision.longValue());
        double begin = number(claims, "nbf", Double.NEGATIVE_INFINITY);
        double end = number(claims, "exp", Double.POSITIVE_INFINITY);
        return Optional.of(new Claims(caller, (long) number(claims, "index", 0), begin, end));
    }

    private static double number(JsonObject claims, String name, double absent) {
        Object value = claims.getValue(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + " is no number");
    }

    private static JsonObject object(String part) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }

    @Override
    public void begin(Root root) {}

    @Override
    public void observe(Root root) {}

    private String signed(String user, long index, long authRevision) {
        JsonObject head = new JsonObject().put("alg", seal.algorithm()).put("typ", "JWT");
        JsonObject claims = new JsonObject()
                .put("exp", clock.wallMillis() / MILLIS_PER_SECOND + ttlSeconds)
                .put("index", index)
                .put("revision", authRevision)
                .put("username", user);
        String content = part(head) + "." + part(claims);
        try {
            byte[] signature = seal.sign(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the key of --auth-token does not sign", broken);
        }
    }

    private static String part(JsonObject object) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(object.encode().getBytes(StandardCharsets.UTF_8));
    }
}
