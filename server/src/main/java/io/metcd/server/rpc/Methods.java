package io.metcd.server.rpc;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of one event loop, by path ({@code /etcdserverpb.KV/Put}). Filled before the port opens, not changed
 * afterwards.
 */
public final class Methods {
    private final Map<String, Method> byPath = new HashMap<>();
    private final Set<String> services = new HashSet<>();

    /** A method and where its calls are counted. Exactly one of unary and stream is set. */
    public record Method(
            String service,
            String name,
            @Nullable UnaryMethod unary,
            @Nullable StreamMethod stream,
            CallCount count) {}

    public Methods unary(String service, String name, UnaryMethod method, CallCount count) {
        return add(new Method(service, name, method, null, count));
    }

    public Methods stream(String service, String name, StreamMethod method, CallCount count) {
        return add(new Method(service, name, null, method, count));
    }

    public @Nullable Method find(String path) {
        return byPath.get(path);
    }

    public Collection<Method> all() {
        return byPath.values();
    }

    /** What the caller of an unknown path is told; the words are those of gRPC's Go server. */
    public Status unknown(String path) {
        int slash = path.lastIndexOf('/');
        if (slash <= 0 || path.charAt(0) != '/') {
            return new Status(Code.UNIMPLEMENTED, "malformed method name: \"" + path + "\"");
        }
        String service = path.substring(1, slash);
        return services.contains(service)
                ? new Status(
                        Code.UNIMPLEMENTED, "unknown method " + path.substring(slash + 1) + " for service " + service)
                : new Status(Code.UNIMPLEMENTED, "unknown service " + service);
    }

    private Methods add(Method method) {
        services.add(method.service());
        byPath.put("/" + method.service() + "/" + method.name(), method);
        return this;
    }
}
