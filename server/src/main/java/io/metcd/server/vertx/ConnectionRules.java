package io.metcd.server.vertx;

import java.time.Duration;

/**
 * What connections may do, and for how long.
 *
 * @param connectionsMax how many may be open; a further one is closed as it comes
 * @param arrival how long one may take to say what it wants
 * @param idle how long one of HTTP/1.1 may be open without a request
 * @param streamsMax calls at once on one connection of HTTP/2
 * @param pingMinTime how often a client may ping while it has calls; it is told and cut off at the third ping too soon
 * @param probeInterval how often the server asks whether the client is still there; zero for never
 * @param probeTimeout how long the client may take to answer
 * @param patience how long a client may take nothing of what waits for it before it is cut off
 */
public record ConnectionRules(
        int connectionsMax,
        Duration arrival,
        Duration idle,
        long streamsMax,
        Duration pingMinTime,
        Duration probeInterval,
        Duration probeTimeout,
        Duration patience) {
    private static final long STREAMS_MAX = (1L << 32) - 1;

    /** As etcd's, with as many connections as the process has file descriptors for. */
    public static final ConnectionRules DEFAULT = new ConnectionRules(
            Descriptors.connectionsMax(),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            STREAMS_MAX,
            Duration.ofSeconds(5),
            Duration.ofHours(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60));

    public ConnectionRules withStreamsMax(long streams) {
        return new ConnectionRules(
                connectionsMax, arrival, idle, streams, pingMinTime, probeInterval, probeTimeout, patience);
    }

    public ConnectionRules withKeepalive(Duration minTime, Duration interval, Duration timeout) {
        return new ConnectionRules(connectionsMax, arrival, idle, streamsMax, minTime, interval, timeout, patience);
    }

    ConnectionRules withConnections(int max, Duration newArrival, Duration newIdle) {
        return new ConnectionRules(
                max, newArrival, newIdle, streamsMax, pingMinTime, probeInterval, probeTimeout, patience);
    }

    ConnectionRules withPatience(Duration newPatience) {
        return new ConnectionRules(
                connectionsMax, arrival, idle, streamsMax, pingMinTime, probeInterval, probeTimeout, newPatience);
    }
}
