package io.metcd.server.etcd;

import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.CallCount.Kind;
import io.metcd.server.rpc.SlowCalls;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of all methods, shared by the event loops of one server. */
public final class CallCounts {
    /** The versions of clients that are told apart; more would only be somebody's invention. */
    private static final int VERSIONS_MAX = 100;

    private static final String OTHERS = "others";
    private static final String UNKNOWN = "unknown";

    private final ConcurrentMap<Asker, LongAdder> askers = new ConcurrentHashMap<>();

    /** What kind of call came from which version of a client. */
    public record Asker(String type, String version) {}

    private final ConcurrentMap<String, CallCount> byPath = new ConcurrentHashMap<>();
    private final SlowCalls slow;

    public CallCounts(long slowCallNanos) {
        this.slow = new SlowCalls(slowCallNanos, GatewayPaths::digest);
    }

    /** Locks and elections wait by their nature: nobody is warned of that. */
    CallCount of(String service, String method, Kind kind) {
        SlowCalls watch = service.startsWith("etcdserverpb.") ? slow : SlowCalls.NONE;
        return byPath.computeIfAbsent(service + "/" + method, path -> new CallCount(service, method, kind, watch));
    }

    /** Notes who calls, by the version that the client gives. */
    void asked(Kind kind, Call call) {
        String type = kind == Kind.UNARY ? "unary" : "stream";
        Asker asker = new Asker(type, call.metadata("client-api-version").orElse(UNKNOWN));
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
