package io.metcd.mesh.net;

import io.metcd.base.Scheduler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions to name servers, asked from the loop and never waited for there: a server that is silent costs the mesh
 * nothing but that name. Answers are kept for a few seconds, because peers move; the last good one is taken again while
 * no server answers. An address is its own answer.
 */
final class Names {
    private static final int QUERY_MILLIS = 2_000;
    private static final int QUERIES_MAX = 8;
    private static final long KNOWN_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(QUERY_MILLIS);
    private static final long UNKNOWN_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final int KEPT_SECONDS = 5;
    private static final int NAMES_MAX = 256;
    /** Of one answer; what a name has more is left out. */
    private static final int ANSWERS_MAX = 64;

    private final MeshLoop loop;
    private final Supplier<DnsServerAddressStreamProvider> servers;
    private final HostsFile hosts = new HostsFile();
    private final Map<String, List<InetAddress>> lastGood = new LinkedHashMap<>(16, 0.75f, true);
    private @Nullable DnsNameResolver resolver;

    /** Who asked; exactly one of the two is called, on the loop. */
    record Asked<T>(Consumer<List<T>> found, Consumer<String> failed) {}

    /** A place where a service is to be had, as SRV records say it (RFC 2782). */
    private record Service(int priority, HostPort place) {}

    /** The servers are not looked for before the first name that this machine does not know by itself. */
    Names(MeshLoop loop, Supplier<DnsServerAddressStreamProvider> servers) {
        this.loop = loop;
        this.servers = servers;
    }

    /** All addresses of a host, at least one. */
    void addresses(String host, Asked<InetAddress> asked) {
        loop.requireCurrent();
        List<InetAddress> local = local(host);
        if (!local.isEmpty()) {
            asked.found().accept(local);
            return;
        }
        List<InetAddress> known = lastGood.getOrDefault(host, List.of());
        Once<InetAddress> once = new Once<>(loop, asked);
        once.after(known.isEmpty() ? UNKNOWN_PATIENCE_NANOS : KNOWN_PATIENCE_NANOS, known);
        Future<List<InetAddress>> answer = resolver().resolveAll(host);
        answer.addListener(done -> loop.run(() -> {
            if (done.isSuccess()) {
                List<InetAddress> found = first(answer.getNow());
                remember(host, found);
                once.found(found);
            } else if (known.isEmpty() || isDenied(done.cause())) {
                once.failed(words(done.cause()));
            } else {
                once.found(known);
            }
        }));
    }

    /** The places that a name has SRV records for, the preferred ones first. */
    void services(String name, Asked<HostPort> asked) {
        loop.requireCurrent();
        Once<HostPort> once = new Once<>(loop, asked);
        once.after(UNKNOWN_PATIENCE_NANOS, List.of());
        String absolute = name.endsWith(".") ? name : name + ".";
        Future<List<DnsRecord>> answer = resolver().resolveAll(new DefaultDnsQuestion(absolute, DnsRecordType.SRV));
        answer.addListener(done -> loop.run(() -> {
            if (!done.isSuccess()) {
                once.failed(words(done.cause()));
                return;
            }
            List<HostPort> found = places(answer.getNow());
            if (found.isEmpty()) {
                once.failed("no SRV record");
            } else {
                once.found(found);
            }
        }));
    }

    void close() {
        DnsNameResolver made = resolver;
        if (made != null) {
            made.close();
        }
    }

    private DnsNameResolver resolver() {
        DnsNameResolver made = resolver;
        if (made == null) {
            made = new DnsNameResolverBuilder(loop.group().next())
                    .datagramChannelType(NioDatagramChannel.class)
                    .socketChannelType(NioSocketChannel.class)
                    .nameServerProvider(servers.get())
                    .hostsFileEntriesResolver(hosts)
                    .queryTimeoutMillis(QUERY_MILLIS)
                    .maxQueriesPerResolve(QUERIES_MAX)
                    .ttl(0, KEPT_SECONDS)
                    .negativeTtl(0)
                    .build();
            resolver = made;
        }
        return made;
    }

    /** What this machine knows without asking; empty if nothing. */
    private List<InetAddress> local(String host) {
        try {
            if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
                return List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);
            }
            if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
                return List.of(InetAddress.getByName(host)); // a literal, for which nobody is asked
            }
        } catch (UnknownHostException e) {
            return List.of();
        }
        return hosts.all(host);
    }

    private void remember(String host, List<InetAddress> found) {
        lastGood.put(host, found);
        if (lastGood.size() > NAMES_MAX) {
            lastGood.remove(lastGood.keySet().iterator().next());
        }
    }

    private static List<HostPort> places(List<DnsRecord> records) {
        List<Service> services = new ArrayList<>();
        for (DnsRecord record : records) {
            try {
                if (record instanceof DnsRawRecord raw && record.type().equals(DnsRecordType.SRV)) {
                    service(raw.content()).ifPresent(services::add);
                }
            } finally {
                ReferenceCountUtil.release(record);
            }
        }
        services.sort(Comparator.comparingInt(Service::priority));
        return first(services.stream().map(Service::place).distinct().toList());
    }

    /** Empty for a record that breaks off, or names no host. */
    private static Optional<Service> service(ByteBuf content) {
        try {
            int priority = content.readUnsignedShort();
            content.skipBytes(2); // the weight: all places are tried
            int port = content.readUnsignedShort();
            String target = DefaultDnsRecordDecoder.decodeName(content);
            String host = target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
            return Optional.of(new Service(priority, HostPort.parse(host + ":" + port)));
        } catch (IndexOutOfBoundsException | DecoderException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static <T> List<T> first(List<T> found) {
        return List.copyOf(found.subList(0, Math.min(found.size(), ANSWERS_MAX)));
    }

    /** Whether a server has said that there is no such name, as opposed to none having said anything. */
    private static boolean isDenied(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsErrorCauseException said) {
                return said.getCode().equals(DnsResponseCode.NXDOMAIN);
            }
        }
        return false;
    }

    private static String words(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DnsNameResolverTimeoutException) {
                return Once.SILENCE;
            }
            if (cause instanceof IllegalArgumentException) {
                return Words.of(new UnknownHostException()); // too long, or of letters that no name has
            }
        }
        return Words.of(failure);
    }

    /** Answers once, by whatever comes first. */
    private static final class Once<T> {
        static final String SILENCE = "the name server does not answer";

        private final MeshLoop loop;
        private final Asked<T> asked;
        private Scheduler.Task deadline = () -> {};
        private boolean answered;

        Once(MeshLoop loop, Asked<T> asked) {
            this.loop = loop;
            this.asked = asked;
        }

        void after(long nanos, List<T> instead) {
            deadline = loop.schedule(nanos, () -> {
                if (instead.isEmpty()) {
                    failed(SILENCE);
                } else {
                    found(instead);
                }
            });
        }

        void found(List<T> answer) {
            if (end()) {
                asked.found().accept(answer);
            }
        }

        void failed(String reason) {
            if (end()) {
                asked.failed().accept(reason);
            }
        }

        private boolean end() {
            boolean first = !answered;
            answered = true;
            deadline.cancel();
            return first;
        }
    }
}
