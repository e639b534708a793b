package io.metcd.server.etcd;

import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.CallCount.Kind;
import io.metcd.server.rpc.SlowCalls;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of all methods, shared by the event loops of one server. */
public final class CallCounts {
    /** The versions of clients that are told apart; more would only be somebody's invention. */
    private static final int VERSIONS_MAX = 100;

    private static final String OTHERS = "others";
    private static final String UNKNOWN = "unknown";
    private static final String UNARY = "unary";
    private static final String STREAM = "stream";

    private final ConcurrentMap<Asker, LongAdder> askers = new ConcurrentHashMap<>();

    /** One of the askers, of the many calls that come without a version. */
    private final LongAdder unknownUnary = askers.computeIfAbsent(new Asker(UNARY, UNKNOWN), first -> new LongAdder());

    private final ConcurrentMap<String, CallCount> byPath = new ConcurrentHashMap<>();
    private final SlowCalls slow;
    private final boolean extensive;

    /** What kind of call came from which version of a client. */
    public record Asker(String type, String version) {}

    public CallCounts(long slowCallNanos, boolean extensive) {
        this.slow = new SlowCalls(slowCallNanos, GatewayPaths::digest);
        this.extensive = extensive;
    }

    /** Locks and elections wait by their nature: nobody is warned of that. */
    CallCount of(String service, String method, Kind kind) {
        SlowCalls watch = service.startsWith("etcdserverpb.") ? slow : SlowCalls.NONE;
        return byPath.computeIfAbsent(service + "/" + method, path -> {
            CallCount count = new CallCount(service, method, kind, watch);
            return extensive ? count.withTimes() : count;
        });
    }

    /** Notes who calls, by the version that the client gives. */
    void asked(Kind kind, Call call) {
        Optional<String> version = call.metadata("client-api-version");
        if (version.isEmpty() && kind == Kind.UNARY) {
            unknownUnary.increment();
            return;
        }
        String type = kind == Kind.UNARY ? UNARY : STREAM;
        Asker asker = new Asker(type, version.orElse(UNKNOWN));
        if (askers.size() >= VERSIONS_MAX && !askers.containsKey(asker)) {
            asker = new Asker(type, OTHERS);
        }
        askers.computeIfAbsent(asker, first -> new LongAdder()).increment();
    }

    public Map<Asker, LongAdder> askers() {
        return Map.copyOf(askers);
    }

    public Collection<CallCount> all() {
        return byPath.values();
    }
}
