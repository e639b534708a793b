package io.metcd.server.testing;

import io.metcd.api.etcdserverpb.WatchCancelRequest;
import io.metcd.api.etcdserverpb.WatchCreateRequest;
import io.metcd.api.etcdserverpb.WatchProgressRequest;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.api.etcdserverpb.WatchResponse;
import java.util.Optional;

/** One watch stream in few words. */
public final class Watcher implements AutoCloseable {
    private final GrpcStream stream;

    public Watcher(GrpcStream stream) {
        this.stream = stream;
    }

    public GrpcStream stream() {
        return stream;
    }

    public static WatchCreateRequest.Builder key(String key) {
        return WatchCreateRequest.newBuilder().setKey(Etcd.bytes(key));
    }

    public static WatchCreateRequest.Builder range(String key, String end) {
        return key(key).setRangeEnd(Etcd.bytes(end));
    }

    public void create(WatchCreateRequest.Builder request) {
        stream.send(WatchRequest.newBuilder().setCreateRequest(request).build());
    }

    /** Creates a watch and takes the answer. */
    public WatchResponse created(WatchCreateRequest.Builder request) {
        create(request);
        return next();
    }

    public void cancel(long id) {
        stream.send(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
                .build());
    }

    public void requestProgress() {
        stream.send(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
    }

    public WatchResponse next() {
        return stream.next(WatchResponse.parser());
    }

    /** What comes within a time in which everything that is sent at all has come. */
    public Optional<WatchResponse> soon() {
        return stream.poll(300).map(message -> GrpcClient.parse(WatchResponse.parser(), message));
    }

    @Override
    public void close() {
        stream.close();
    }
}
