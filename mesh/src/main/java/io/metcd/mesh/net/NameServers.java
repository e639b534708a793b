package io.metcd.mesh.net;

import io.metcd.base.Clock;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The name servers of this machine, looked up anew now and then: a machine that moves gets others. Where
 * {@code resolv.conf} names none it is the one of the machine itself, as resolv.conf(5) says, and never one on the
 * Internet that nobody has chosen.
 */
final class NameServers implements DnsServerAddressStreamProvider {
    private static final File RESOLV_CONF = new File("/etc/resolv.conf");
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int PORT = 53;

    private final Clock clock = Clock.system();
    private DnsServerAddressStreamProvider current = read();
    private long readNanos = clock.nanos();

    @Override
    public DnsServerAddressStream nameServerAddressStream(String host) {
        if (clock.nanos() - readNanos > KEPT_NANOS) {
            current = read();
            readNanos = clock.nanos();
        }
        return current.nameServerAddressStream(host);
    }

    private static DnsServerAddressStreamProvider read() {
        if (!RESOLV_CONF.exists()) {
            return DnsServerAddressStreamProviders.platformDefault();
        }
        try {
            return new UnixResolverDnsServerAddressStreamProvider(RESOLV_CONF);
        } catch (IOException | IllegalArgumentException e) {
            return new SingletonDnsServerAddressStreamProvider(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        }
    }
}
