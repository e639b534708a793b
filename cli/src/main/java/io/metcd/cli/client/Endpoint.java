package io.metcd.cli.client;

import io.metcd.cli.Mistake;
import io.vertx.core.net.SocketAddress;

/**
 * One member, as it is dialled.
 *
 * @param secure whether TLS is spoken to it
 * @param host a name or an address, IPv6 in brackets
 */
public record Endpoint(boolean secure, String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** {@code HOST:PORT}, which is secure if certificates were given, {@code http://…} or {@code https://…}. */
    static Endpoint parse(String text, boolean secureByDefault) {
        String given = text.strip();
        String rest = given.replaceFirst("^https?://", "").replaceFirst("/$", "");
        int colon = rest.lastIndexOf(':');
        try {
            int port = Integer.parseInt(rest.substring(colon + 1));
            if (colon > 0 && port > 0 && port <= PORT_MAX && rest.indexOf('/') < 0) {
                boolean secure = given.startsWith("https://") || (secureByDefault && !given.startsWith("http://"));
                return new Endpoint(secure, rest.substring(0, colon), port);
            }
        } catch (NumberFormatException e) {
            // Told below, with the flag's name.
        }
        throw Mistake.usage("--endpoints: '" + given + "' is not HOST:PORT");
    }

    public String url() {
        return (secure ? "https://" : "http://") + this;
    }

    SocketAddress address() {
        return SocketAddress.inetSocketAddress(port, host.replaceAll("[\\[\\]]", ""));
    }

    /** {@code HOST:PORT}. */
    @Override
    public String toString() {
        return host + ":" + port;
    }
}
