package io.metcd.cli.client;

import com.google.protobuf.ByteString;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.cli.Mistake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One member, asked in words and over its client port. */
public final class Cluster implements AutoCloseable {
    private final EtcdClient client;

    private Cluster(EtcdClient client) {
        this.client = client;
    }

    public static Cluster at(String host, int port) {
        return new Cluster(new EtcdClient(new Access(
                List.of(new Endpoint(false, host, port)),
                ClientSecurity.read(Optional.empty(), Optional.empty(), Optional.empty(), false),
                Optional.empty(),
                Duration.ofSeconds(5))));
    }

    /** Writes; answers the revision. */
    public long put(String key, String value, Duration limit) {
        PutRequest request = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
        return client.call(Rpc.PUT, request, limit).getHeader().getRevision();
    }

    /** Reads what was acknowledged anywhere. */
    public Optional<String> get(String key, Duration limit) {
        RangeResponse answer = client.call(
                Rpc.RANGE,
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build(),
                limit);
        return answer.getKvsList().stream()
                .map(pair -> pair.getValue().toStringUtf8())
                .findFirst();
    }

    /** Why the member does not read; empty if it does. */
    public Optional<String> refusal(String key, Duration limit) {
        try {
            get(key, limit);
            return Optional.empty();
        } catch (Mistake e) {
            return Optional.of(e.text());
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
