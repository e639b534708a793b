package io.metcd.server.vertx;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/** Where connections come from: see {@link io.metcd.server.rpc.Call#origin}. */
final class Origin {
    /** Of IPv6, who has one address has all of its network. */
    private static final int NETWORK_BYTES = 8;

    private Origin() {}

    static String of(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket && socket.getAddress() != null
                ? of(socket.getAddress())
                : "";
    }

    static String of(HttpServerRequest request) {
        return of(((ConnectionBase) request.connection()).channel());
    }

    static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
                : address.getHostAddress();
    }
}
