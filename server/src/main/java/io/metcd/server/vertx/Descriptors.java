package io.metcd.server.vertx;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many connections a process can have: each takes a file descriptor, and the member needs some for itself. */
final class Descriptors {
    /** As etcd keeps back. */
    private static final long OWN = 150;

    /** Far above what a member serves; each costs memory even while it is idle. */
    private static final int CONNECTIONS_MAX = 20_000;

    private static final int CONNECTIONS_MIN = 100;

    private Descriptors() {}

    static int connectionsMax() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long left = system.getMaxFileDescriptorCount() - OWN;
            return (int) Math.max(CONNECTIONS_MIN, Math.min(left, CONNECTIONS_MAX));
        }
        return CONNECTIONS_MAX;
    }
}
