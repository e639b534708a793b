package io.metcd.mesh.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A name or address, and a port: {@code host:port} or {@code [v6]:port}, with or without {@code http(s)://}. */
record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /** Throws an {@link IllegalArgumentException} in words for an operator. */
    static HostPort parse(String text) {
        String rest = text.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            String name = rest.substring(0, scheme);
            if (!name.equals("http") && !name.equals("https")) {
                throw bad(text);
            }
            rest = rest.substring(scheme + 3);
        }
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        int colon = rest.lastIndexOf(':');
        if (colon <= 0) {
            throw bad(text);
        }
        return new HostPort(host(text, rest.substring(0, colon)), port(text, rest.substring(colon + 1)));
    }

    static HostPort of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return new HostPort(ip == null ? address.getHostString() : withoutScope(ip), address.getPort());
    }

    HostPort withPort(int newPort) {
        return new HostPort(host, newPort);
    }

    private static String host(String text, String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean colons = bare.indexOf(':') >= 0;
        if (bare.isEmpty() || colons != bracketed || bare.indexOf('/') >= 0 || bare.indexOf(' ') >= 0) {
            throw bad(text);
        }
        return bare;
    }

    private static int port(String text, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(text);
        }
        int port = Integer.parseInt(digits);
        if (port > PORT_MAX) {
            throw bad(text);
        }
        return port;
    }

    private static String withoutScope(InetAddress ip) {
        String text = ip.getHostAddress();
        int scope = text.indexOf('%');
        return ip instanceof Inet6Address && scope >= 0 ? text.substring(0, scope) : text;
    }

    static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("'" + text + "' is no address: HOST:PORT is wanted, e.g. 10.0.0.7:2380");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
