package io.metcd.cli.quickstart;

import io.metcd.cli.Mistake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of this machine that nobody uses. */
final class FreePort {
    private static final int TRIES_MAX = 100;

    private FreePort() {}

    /** {@code wanted}, or the next one that is free. */
    static int from(int wanted) {
        for (int port = wanted; port < wanted + TRIES_MAX; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new Mistake(
                "no port is free from " + wanted + " to " + (wanted + TRIES_MAX - 1) + ": stop what uses them");
    }

    /** Any. */
    static int any() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new Mistake("no port is free on this machine: " + e.getMessage());
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
