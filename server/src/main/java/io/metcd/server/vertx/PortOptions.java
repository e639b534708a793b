package io.metcd.server.vertx;

import static java.util.Objects.requireNonNull;

import io.metcd.server.tls.ServerTls;
import java.util.Optional;

/**
 * Where the port is and what it allows.
 *
 * @param port 0 for any free one
 * @param eventLoops how many threads serve it
 * @param maxMessageSize the largest message that is read; a larger one fails its call
 * @param streamPendingMax the bytes of one stream that may wait for the socket before its producer must stop
 * @param tls empty for a port that speaks in the clear
 * @param connections those that are open here and on the ports that share the bound
 * @param budgets memory for calls, here and on the ports that share it
 */
public record PortOptions(
        String host,
        int port,
        int eventLoops,
        int maxMessageSize,
        int streamPendingMax,
        Optional<ServerTls> tls,
        ConnectionRules rules,
        ConnectionCount connections,
        Budgets budgets) {
    public PortOptions {
        requireNonNull(host);
    }

    /** In the clear, with the usual bounds for connections, and without one for memory. */
    public PortOptions(String host, int port, int eventLoops, int maxMessageSize, int streamPendingMax) {
        this(
                host,
                port,
                eventLoops,
                maxMessageSize,
                streamPendingMax,
                Optional.empty(),
                ConnectionRules.DEFAULT,
                new ConnectionCount(),
                Budgets.of(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    public PortOptions withTls(Optional<ServerTls> newTls) {
        return with(newTls, rules, connections, budgets);
    }

    public PortOptions withRules(ConnectionRules newRules) {
        return with(tls, newRules, connections, budgets);
    }

    public PortOptions withConnections(ConnectionCount shared) {
        return with(tls, rules, shared, budgets);
    }

    public PortOptions withBudgets(Budgets shared) {
        return with(tls, rules, connections, shared);
    }

    private PortOptions with(
            Optional<ServerTls> newTls, ConnectionRules newRules, ConnectionCount newConnections, Budgets newBudgets) {
        return new PortOptions(
                host, port, eventLoops, maxMessageSize, streamPendingMax, newTls, newRules, newConnections, newBudgets);
    }
}
