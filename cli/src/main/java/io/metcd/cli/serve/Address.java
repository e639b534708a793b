package io.metcd.cli.serve;

import io.metcd.cli.Mistake;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where something listens or is dialled.
 *
 * @param flag what asked for it, for messages
 * @param scheme what is spoken there
 * @param host an address or a name, IPv6 in brackets
 * @param port 0 takes a free one, where something listens
 */
public record Address(String flag, Scheme scheme, String host, int port) {
    /** What is spoken at an address. */
    enum Scheme {
        HTTP,
        HTTPS,
        /** Between peers, instead of TCP. */
        QUIC
    }

    static final int PORT_MAX = 65_535;
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "[::]");

    /** Reads {@code http://HOST:PORT}, https, and quic where peers connect; any other form is told with the flag's name. */
    static Address ofUrl(String flag, String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw notAUrl(flag, url);
        }
        String said = uri.getScheme();
        if (said == null
                || uri.getHost() == null
                || (uri.getPath() != null && !uri.getPath().isEmpty())) {
            throw notAUrl(flag, url);
        }
        Scheme scheme = scheme(flag, said);
        if (uri.getPort() < 0) {
            throw Mistake.usage(flag + ": " + url + " has no port: write " + said + "://" + uri.getHost() + ":PORT");
        }
        return checked(flag, scheme, uri.getHost(), uri.getPort());
    }

    /** Reads {@code HOST:PORT}, and a URL too. */
    static Address ofHostAndPort(String flag, String text) {
        if (text.contains("://")) {
            return ofUrl(flag, text);
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || text.indexOf('/') >= 0) {
            throw Mistake.usage(flag + ": '" + text + "' is not HOST:PORT");
        }
        try {
            return checked(flag, Scheme.HTTP, text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw Mistake.usage(flag + ": '" + text + "' is not HOST:PORT");
        }
    }

    /** URLs to listen at: an IP address or localhost, as etcd wants it (contract: flag.6). */
    static List<Address> listening(String flag, List<String> urls) {
        List<Address> addresses = new ArrayList<>();
        for (String url : urls) {
            Address address = ofUrl(flag, url);
            if (!address.host.equals("localhost") && !address.isLiteral()) {
                throw Mistake.usage(flag + ": " + address.host
                        + " is a name; listen at an IP address of this machine, at localhost, or at 0.0.0.0");
            }
            addresses.add(address);
        }
        if (addresses.isEmpty()) {
            throw Mistake.usage(flag + " is empty: write http://HOST:PORT");
        }
        return addresses;
    }

    boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    boolean isEverywhere() {
        return EVERYWHERE.contains(host);
    }

    /** What the socket is bound to: localhost is the first loopback address, and nothing else. */
    public String bindHost() {
        return host.equals("localhost") ? "127.0.0.1" : host.replaceAll("[\\[\\]]", "");
    }

    public String hostAndPort() {
        return host + ":" + port;
    }

    /** As the mesh writes it. */
    String peer() {
        return scheme == Scheme.QUIC ? "quic://" + hostAndPort() : hostAndPort();
    }

    /** Whether certificates are shown there. */
    public boolean secure() {
        return scheme == Scheme.HTTPS;
    }

    public String url() {
        return scheme.name().toLowerCase(Locale.ROOT) + "://" + hostAndPort();
    }

    private static Scheme scheme(String flag, String said) {
        return switch (said) {
            case "http" -> Scheme.HTTP;
            case "https" -> Scheme.HTTPS;
            case "quic" -> {
                if (forClients(flag)) {
                    throw unknown(flag, said, "https");
                }
                yield Scheme.QUIC;
            }
            default -> throw unknown(flag, said, forClients(flag) ? "https" : "https://HOST:PORT or quic");
        };
    }

    private static Mistake unknown(String flag, String said, String other) {
        return new Mistake(
                flag + ": scheme " + said + " is not supported: use http://HOST:PORT or " + other + "://HOST:PORT");
    }

    /** A flag or variable says so in its name; the others are of the mesh. */
    private static boolean forClients(String flag) {
        String name = flag.toLowerCase(Locale.ROOT);
        return name.contains("client") || name.contains("metrics");
    }

    private boolean isLiteral() {
        return host.startsWith("[") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static Address checked(String flag, Scheme scheme, String host, int port) {
        if (port > PORT_MAX || port < 0) {
            throw Mistake.usage(flag + ": port " + port + " does not exist; the highest is " + PORT_MAX);
        }
        return new Address(flag, scheme, host, port);
    }

    private static Mistake notAUrl(String flag, String url) {
        return Mistake.usage(flag + ": '" + url + "' is not a URL like http://127.0.0.1:2379");
    }
}
