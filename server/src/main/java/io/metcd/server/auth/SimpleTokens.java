package io.metcd.server.auth;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.store.Root;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Tokens of sixteen random letters, a dot, and the index of the entry that gave them out. Every member learns of each
 * from the log, which has only a digest of the letters, and remembers it for as long as it is used; not those of before
 * its own start, since it cannot know when they were used last.
 */
public final class SimpleTokens implements Tokens {
    /** Tokens remembered; beyond, the one that was not used for longest is forgotten. */
    static final int KNOWN_MAX = 65_536;

    private static final int LETTERS = 16;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final Clock clock;
    private final long ttlNanos;
    private final SecureRandom random = new SecureRandom();

    /** By index, the one that was not used for longest first; guarded by this, as is all below. */
    private final LinkedHashMap<Long, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /** Before, a member that comes back applies entries whose tokens may have ended long ago. */
    private boolean begun;

    /** The tokens of all entries up to this one have been looked at. */
    private long seen;

    private static final class Known {
        private final Token token;
        private long goodUntil;

        /** The letters, once they were shown: they are compared quicker than digested. */
        private byte[] letters = {};

        Known(Token token, long goodUntil) {
            this.token = token;
            this.goodUntil = goodUntil;
        }

        /** Takes as long for all wrong letters of one length, and tells nothing of the right ones. */
        boolean isOf(String secret) {
            byte[] shown = secret.getBytes(StandardCharsets.UTF_8);
            if (letters.length > 0 && MessageDigest.isEqual(shown, letters)) {
                return true;
            }
            boolean right = MessageDigest.isEqual(
                    digest(secret).toArray(), token.digest().toArray());
            if (right) {
                letters = shown;
            }
            return right;
        }
    }

    public SimpleTokens(Clock clock, Duration ttl) {
        this.clock = clock;
        this.ttlNanos = ttl.toNanos();
    }

    @Override
    public Optional<Draft> draft(String user) {
        StringBuilder letters = new StringBuilder(LETTERS);
        for (int i = 0; i < LETTERS; i++) {
            letters.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        String secret = letters.toString();
        return Optional.of(new Draft() {
            @Override
            public Bytes digest() {
                return SimpleTokens.digest(secret);
            }

            @Override
            public String finish(long index, long authRevision) {
                remember(new Token(index, user, digest()));
                return secret + "." + index;
            }
        });
    }

    @Override
    public boolean isAhead(String token, Root root) {
        return index(token) > root.appliedIndex();
    }

    @Override
    public synchronized Optional<Caller> find(String token, AuthState auth) {
        long index = index(token);
        if (index < 0) {
            return Optional.empty();
        }
        if (begun && index > seen) {
            absorb(auth);
        }
        Known found = known.get(index);
        if (found == null) {
            return Optional.empty();
        }
        boolean right = found.isOf(token.substring(0, token.indexOf('.')));
        long now = clock.nanos();
        if (!right || now - found.goodUntil >= 0 || !auth.honours(found.token)) {
            return Optional.empty();
        }
        found.goodUntil = now + ttlNanos;
        return Optional.of(new Caller(found.token.user(), auth.revision()));
    }

    @Override
    public synchronized void begin(Root root) {
        begun = true;
        seen = root.appliedIndex();
    }

    @Override
    public synchronized void observe(Root root) {
        if (begun) {
            absorb(root.auth());
        }
        sweep();
    }

    private void absorb(AuthState auth) {
        for (Token token : auth.tokensAfter(seen)) {
            seen = token.index();
            remember(token);
        }
    }

    private synchronized void remember(Token token) {
        known.put(token.index(), new Known(token, clock.nanos() + ttlNanos));
    }

    /** All live equally long from their last use, so those that have ended are the first. */
    private void sweep() {
        long now = clock.nanos();
        var eldest = known.entrySet().iterator();
        while (eldest.hasNext()) {
            Known next = eldest.next().getValue();
            if (known.size() <= KNOWN_MAX && now - next.goodUntil < 0) {
                return;
            }
            eldest.remove();
        }
    }

    /** Negative if it is no such token. */
    private static long index(String token) {
        int dot = token.indexOf('.');
        if (dot < 0 || token.length() - dot > 20) {
            return -1;
        }
        try {
            return Long.parseLong(token.substring(dot + 1));
        } catch (NumberFormatException none) {
            return -1;
        }
    }

    private static Bytes digest(String secret) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return Bytes.wrap(sha.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
