package io.metcd.conformance;

import java.nio.file.Path;

/** Where one durable member lives on loopback, however often its process is started anew. */
public record Seat(String name, int clientPort, int peerPort, Path directory) {
    /** host:port of the client port. */
    public String endpoint() {
        return "127.0.0.1:" + clientPort;
    }

    public String clientUrl() {
        return "http://" + endpoint();
    }

    public String peerUrl() {
        return "http://127.0.0.1:" + peerPort;
    }
}
