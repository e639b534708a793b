package io.metcd.server;

import io.metcd.server.auth.AuthOptions;
import io.metcd.server.etcd.Limits;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.vertx.ConnectionRules;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a server listens and how much it takes.
 *
 * @param host the address to listen on
 * @param port the port; 0 takes a free one
 * @param eventLoops threads that serve connections
 * @param limits every bound on what clients send
 * @param drain how long calls under way may take when the server closes
 * @param web what the port is for, and to whom it answers
 * @param telemetry what is told of calls
 * @param auth how users are known
 * @param tls empty for a port that speaks in the clear
 * @param rules what connections may do
 */
public record ServerOptions(
        String host,
        int port,
        int eventLoops,
        Limits limits,
        Duration drain,
        WebOptions web,
        Telemetry telemetry,
        AuthOptions auth,
        Optional<ServerTls> tls,
        ConnectionRules rules) {
    private static final Duration DRAIN = Duration.ofSeconds(2);

    public ServerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
        if (eventLoops < 1) {
            throw new IllegalArgumentException("a server needs at least one event loop, not " + eventLoops);
        }
    }

    /** On the loopback interface, with half of the processors: the other half is for consensus. */
    public static ServerOptions port(int port) {
        int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new ServerOptions(
                "127.0.0.1",
                port,
                loops,
                Limits.DEFAULT,
                DRAIN,
                WebOptions.OPEN,
                Telemetry.BASIC,
                AuthOptions.DEFAULT,
                Optional.empty(),
                ConnectionRules.DEFAULT);
    }

    public ServerOptions withHost(String newHost) {
        return new ServerOptions(newHost, port, eventLoops, limits, drain, web, telemetry, auth, tls, rules);
    }

    public ServerOptions withEventLoops(int loops) {
        return new ServerOptions(host, port, loops, limits, drain, web, telemetry, auth, tls, rules);
    }

    public ServerOptions withLimits(Limits newLimits) {
        return new ServerOptions(host, port, eventLoops, newLimits, drain, web, telemetry, auth, tls, rules);
    }

    public ServerOptions withDrain(Duration newDrain) {
        return new ServerOptions(host, port, eventLoops, limits, newDrain, web, telemetry, auth, tls, rules);
    }

    public ServerOptions withWeb(WebOptions newWeb) {
        return new ServerOptions(host, port, eventLoops, limits, drain, newWeb, telemetry, auth, tls, rules);
    }

    public ServerOptions withTelemetry(Telemetry newTelemetry) {
        return new ServerOptions(host, port, eventLoops, limits, drain, web, newTelemetry, auth, tls, rules);
    }

    public ServerOptions withAuth(AuthOptions newAuth) {
        return new ServerOptions(host, port, eventLoops, limits, drain, web, telemetry, newAuth, tls, rules);
    }

    public ServerOptions withTls(ServerTls newTls) {
        return withTls(Optional.of(newTls));
    }

    /** Empty for a port in the clear. */
    public ServerOptions withTls(Optional<ServerTls> newTls) {
        return new ServerOptions(host, port, eventLoops, limits, drain, web, telemetry, auth, newTls, rules);
    }

    public ServerOptions withRules(ConnectionRules newRules) {
        return new ServerOptions(host, port, eventLoops, limits, drain, web, telemetry, auth, tls, newRules);
    }
}
