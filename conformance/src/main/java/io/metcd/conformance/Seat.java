package io.metcd.conformance;

import java.nio.file.Path;

/** Where one durable member lives, on loopback or at an address of another host, however often its process is started anew. */
public record Seat(String name, String host, int clientPort, int peerPort, Path directory) {
    /** On loopback. */
    public Seat(String name, int clientPort, int peerPort, Path directory) {
        this(name, "127.0.0.1", clientPort, peerPort, directory);
    }

    /** host:port of the client port. */
    public String endpoint() {
        return host + ":" + clientPort;
    }

    public String clientUrl() {
        return "http://" + endpoint();
    }

    public String peerUrl() {
        return "http://" + host + ":" + peerPort;
    }
}
