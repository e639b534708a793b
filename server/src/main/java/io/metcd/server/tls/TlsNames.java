package io.metcd.server.tls;

import io.metcd.mesh.net.credentials.TlsFailure;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/** Versions and cipher suites as etcd's flags name them, and as the JDK does. */
public final class TlsNames {
    private static final List<String> VERSIONS = List.of("TLS1.2", "TLS1.3");

    /** Go's older names. */
    private static final Map<String, String> ALIASES = Map.of(
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Of TLS 1.3, which has no others; they are always on where it is spoken. */
    private static final Set<String> NEWEST =
            new TreeSet<>(List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));

    private TlsNames() {}

    /** The JDK's names from the lowest version to the highest, each {@code TLS1.2} or {@code TLS1.3} or empty for etcd's default. */
    public static List<String> protocols(String lowest, String highest) throws TlsFailure {
        int from = lowest.isEmpty() ? 0 : version(lowest);
        int to = highest.isEmpty() ? VERSIONS.size() - 1 : version(highest);
        if (from > to) {
            throw new TlsFailure("min version (" + lowest + ") is greater than max version (" + highest + ")");
        }
        return VERSIONS.subList(from, to + 1).stream()
                .map(name -> name.replace("TLS", "TLSv"))
                .toList();
    }

    /** The JDK's names of the suites that were asked for; none for the default. */
    public static List<String> suites(List<String> names, List<String> protocols) throws TlsFailure {
        if (!names.isEmpty() && !protocols.contains("TLSv1.2")) {
            throw new TlsFailure("cipher suites cannot be configured when only TLS1.3 is enabled");
        }
        List<String> found = new ArrayList<>();
        for (String name : names) {
            String known = ALIASES.getOrDefault(name, name);
            if (!offered().contains(known)) {
                throw new TlsFailure("unexpected TLS cipher suite \"" + name + "\": this Java speaks "
                        + String.join(", ", new TreeSet<>(offered())));
            }
            found.add(known);
        }
        return found;
    }

    /**
     * What an engine is told: the suites asked for, or those that are authenticated and keep the past secret. First, as
     * with Go, come those with the quicker of two keys that are both long enough.
     */
    static String[] enabled(TlsSettings settings) {
        return offered().stream()
                .filter(suite -> NEWEST.contains(suite)
                        || (settings.suites().isEmpty()
                                ? isSound(suite)
                                : settings.suites().contains(suite)))
                .sorted(Comparator.comparing(suite -> !suite.contains("_AES_128_GCM_")))
                .toArray(String[]::new);
    }

    private static boolean isSound(String suite) {
        return suite.startsWith("TLS_ECDHE_") && (suite.contains("_GCM_") || suite.contains("_POLY1305_"));
    }

    private static int version(String name) throws TlsFailure {
        int index = VERSIONS.indexOf(name);
        if (index < 0) {
            throw new TlsFailure("unexpected TLS version \"" + name + "\" (must be one of: TLS1.2, TLS1.3)");
        }
        return index;
    }

    private static List<String> offered() {
        try {
            return Arrays.stream(
                            SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites())
                    .filter(suite -> !suite.endsWith("_SCSV"))
                    .toList();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("a Java without TLS", e);
        }
    }
}
