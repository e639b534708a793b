package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import io.metcd.cli.flags.FlagValues;
import io.metcd.mesh.net.credentials.KeyFiles;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.auth.Seal;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How users will be known: {@code --auth-token}, {@code --auth-token-ttl} and {@code --bcrypt-cost} (contract: flag.25). */
final class TokenFlags {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFlags.class);
    private static final String INVALID = "auth: invalid auth options";
    private static final int COST_MIN = 4;
    private static final int COST_MAX = 31;
    private static final long TTL_SECONDS_MAX = 1L << 31;

    private final String origin;
    private final SortedMap<String, String> options = new TreeMap<>();

    private TokenFlags(String origin) {
        this.origin = origin;
    }

    static AuthOptions of(FlagValues values) {
        TokenFlags flags = new TokenFlags(values.origin("auth-token"));
        String type = flags.read(values.text("auth-token"));
        return switch (type) {
            case "simple" -> AuthOptions.simple(cost(values), ttl(values));
            case "jwt" -> flags.signed(cost(values));
            default ->
                throw flags.mistake(INVALID + ": tokens are simple, or jwt,sign-method=…,priv-key=FILE,pub-key=FILE,"
                        + "not '" + type + "'");
        };
    }

    /** The word before the first comma; behind it stand options. */
    private String read(String text) {
        List<String> parts = Arrays.asList(text.split(",", -1));
        for (String part : parts.subList(1, parts.size())) {
            String[] pair = part.split("=", -1);
            if (pair.length != 2) {
                throw mistake(INVALID + ": '" + part + "' is not NAME=VALUE");
            }
            if (options.put(pair[0], pair[1]) != null) {
                throw mistake(INVALID + ": '" + pair[0] + "' stands twice");
            }
        }
        return parts.get(0);
    }

    private AuthOptions signed(int cost) {
        String algorithm = options.getOrDefault("sign-method", "");
        if (!Seal.ALGORITHMS.contains(algorithm)) {
            throw mistake(INVALID + ": auth: invalid auth signature method '" + algorithm + "': sign-method is one of "
                    + String.join(", ", Seal.ALGORITHMS));
        }
        for (String name : options.keySet()) {
            if (!List.of("sign-method", "priv-key", "pub-key", "ttl").contains(name)) {
                LOG.warn("{}: the option {} is unknown and has no effect", origin, name);
            }
        }
        Duration ttl = options.containsKey("ttl")
                ? FlagValues.duration(origin + ": ttl", options.getOrDefault("ttl", ""))
                : AuthOptions.TOKEN_TTL;
        try {
            return AuthOptions.signed(cost, seal(algorithm), ttl);
        } catch (TlsFailure e) {
            throw mistake(e.text());
        } catch (GeneralSecurityException e) {
            throw mistake(String.valueOf(e.getMessage()));
        }
    }

    private Seal seal(String algorithm) throws TlsFailure, GeneralSecurityException {
        Optional<Path> own = file("priv-key");
        Optional<Path> known = file("pub-key");
        if (Seal.isOfSecret(algorithm)) {
            return Seal.of(algorithm, own.isPresent() ? KeyFiles.secret(own.get()) : new byte[0]);
        }
        Optional<PrivateKey> privateKey =
                own.isPresent() ? Optional.of(KeyFiles.privateKey(own.get())) : Optional.empty();
        Optional<PublicKey> publicKey =
                known.isPresent() ? Optional.of(KeyFiles.publicKey(known.get())) : Optional.empty();
        return Seal.of(algorithm, privateKey, publicKey);
    }

    private Optional<Path> file(String option) {
        String name = options.getOrDefault(option, "");
        return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
    }

    /** 0 is etcd's default. */
    private static Duration ttl(FlagValues values) {
        long seconds = values.wholeNumber("auth-token-ttl");
        if (seconds < 0 || seconds > TTL_SECONDS_MAX) {
            throw Mistake.usage(values.origin("auth-token-ttl") + " is a number of seconds, not " + seconds);
        }
        return seconds == 0 ? AuthOptions.TOKEN_TTL : Duration.ofSeconds(seconds);
    }

    /** As etcd, which takes its default for what cannot be. */
    private static int cost(FlagValues values) {
        long cost = values.wholeNumber("bcrypt-cost");
        if (cost >= COST_MIN && cost <= COST_MAX) {
            return (int) cost;
        }
        LOG.warn(
                "{} is between {} and {}, not {}: {} is taken",
                values.origin("bcrypt-cost"),
                COST_MIN,
                COST_MAX,
                cost,
                AuthOptions.BCRYPT_COST);
        return AuthOptions.BCRYPT_COST;
    }

    private Mistake mistake(String text) {
        return Mistake.usage(origin + ": " + text);
    }
}
