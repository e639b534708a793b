package io.metcd.server.etcd;

import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.CallCount.Kind;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The counters of all methods, shared by the event loops of one server. */
public final class CallCounts {
    private final ConcurrentMap<String, CallCount> byPath = new ConcurrentHashMap<>();

    CallCount of(String service, String method, Kind kind) {
        return byPath.computeIfAbsent(service + "/" + method, path -> new CallCount(service, method, kind));
    }

    public Collection<CallCount> all() {
        return byPath.values();
    }
}
