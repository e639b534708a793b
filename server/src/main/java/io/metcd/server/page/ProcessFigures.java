package io.metcd.server.page;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the system says of this process. A figure that it does not tell is absent, or -1. */
final class ProcessFigures {
    private static final Path PAGES = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private ProcessFigures() {}

    static long descriptorsMax() {
        return system() instanceof UnixOperatingSystemMXBean unix ? unix.getMaxFileDescriptorCount() : -1;
    }

    static long descriptors() {
        return system() instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : -1;
    }

    static double cpuSeconds() {
        return system() instanceof OperatingSystemMXBean full ? full.getProcessCpuTime() / NANOS : -1;
    }

    static double startSeconds() {
        return ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS;
    }

    /** Memory of this process that is in RAM. */
    static OptionalLong residentBytes() {
        return pages(1);
    }

    static OptionalLong virtualBytes() {
        return pages(0);
    }

    private static OptionalLong pages(int field) {
        try {
            String[] fields = Files.readString(PAGES).split(" ", -1);
            return OptionalLong.of(Long.parseLong(fields[field]) * PAGE_BYTES);
        } catch (IOException | NumberFormatException elsewhere) {
            return OptionalLong.empty();
        }
    }

    private static java.lang.management.OperatingSystemMXBean system() {
        return ManagementFactory.getOperatingSystemMXBean();
    }
}
