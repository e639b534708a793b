package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The machine's own list of names, read anew every few seconds that it is asked, as operators change it. */
final class HostsFile implements HostsFileEntriesResolver {
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Clock clock = Clock.system();
    private HostsFileEntriesProvider entries = HostsFileEntriesProvider.parser().parseSilently();
    private long readNanos = clock.nanos();

    /** Empty if it does not name the host. */
    List<InetAddress> all(String host) {
        if (clock.nanos() - readNanos > KEPT_NANOS) {
            entries = HostsFileEntriesProvider.parser().parseSilently();
            readNanos = clock.nanos();
        }
        String name = host.toLowerCase(Locale.ROOT);
        List<InetAddress> found = new ArrayList<>(entries.ipv4Entries().getOrDefault(name, List.of()));
        found.addAll(entries.ipv6Entries().getOrDefault(name, List.of()));
        return List.copyOf(found);
    }

    @Override
    public @Nullable InetAddress address(String host, ResolvedAddressTypes types) {
        List<InetAddress> found = all(host);
        return found.isEmpty() ? null : found.get(0);
    }
}
