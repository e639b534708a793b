package io.metcd.server.json;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Methods.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which method a path of JSON over HTTP names (contract: json.1). Filled before the port opens, not changed afterwards. */
public final class JsonPaths {
    /** The generations of etcd's gateway; all mean the same. */
    private static final List<String> ROOTS = List.of("/v3/", "/v3beta/", "/v3alpha/");

    private final Map<String, Route> byPath = new HashMap<>();

    /** A method, and how it is spoken to with JSON. */
    public record Route(Method method, Transcoder transcoder) {}

    /**
     * Gives a method a path.
     *
     * @param path without its root: {@code kv/put}
     * @param files that define the method
     * @param name {@code etcdserverpb.KV/Put}
     */
    public JsonPaths add(String path, Collection<FileDescriptor> files, String name, Methods methods) {
        MethodDescriptor types =
                types(files, name).orElseThrow(() -> new IllegalArgumentException("no file defines " + name));
        Method method = methods.find("/" + name);
        if (method == null) {
            throw new IllegalArgumentException("no method is registered as " + name);
        }
        Route route = new Route(method, new Transcoder(types.getInputType(), types.getOutputType()));
        ROOTS.forEach(root -> byPath.put(root + path, route));
        return this;
    }

    public @Nullable Route find(String path) {
        return byPath.get(path);
    }

    /** Whether a path belongs here, even if it names nothing. */
    public boolean isUnderRoot(String path) {
        return !byPath.isEmpty() && ROOTS.stream().anyMatch(path::startsWith);
    }

    /** The types of a method, given {@code etcdserverpb.KV/Put}. */
    public static Optional<MethodDescriptor> types(Collection<FileDescriptor> files, String name) {
        int slash = name.indexOf('/');
        return files.stream()
                .flatMap(file -> file.getServices().stream())
                .filter(service -> service.getFullName().equals(name.substring(0, slash)))
                .flatMap(service -> Optional.ofNullable(service.findMethodByName(name.substring(slash + 1))).stream())
                .findFirst();
    }
}
