package io.metcd.server.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.Compare;
import io.metcd.api.etcdserverpb.Compare.CompareResult;
import io.metcd.api.etcdserverpb.Compare.CompareTarget;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.DeleteRangeResponse;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseRevokeResponse;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.api.etcdserverpb.TxnResponse;
import io.metcd.embed.Metcd;
import io.metcd.node.Replica;
import io.metcd.server.EtcdServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A cluster of one member with a server on it, and a client in few words. */
public final class Etcd implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    private final Metcd node;
    private final EtcdServer server;
    private final GrpcClient client;

    private Etcd(Metcd node, EtcdServer server) {
        this.node = node;
        this.server = server;
        this.client = new GrpcClient(server.port());
    }

    public static Etcd start() {
        return start(ServerOptions.port(0));
    }

    public static Etcd start(ServerOptions options) {
        return start(options, builder -> builder);
    }

    /** With a member of other settings. */
    public static Etcd start(ServerOptions options, UnaryOperator<Metcd.Builder> settings) {
        Metcd node = settings.apply(Metcd.builder()
                        .name("a")
                        .cluster("test")
                        .founders("a")
                        .noListen()
                        .ephemeral())
                .start();
        if (!node.awaitReady(READY_TIMEOUT)) {
            throw new AssertionError(
                    "the member is not ready: " + node.replica().status());
        }
        try {
            return new Etcd(node, EtcdServer.open(node, options));
        } catch (IOException busy) {
            throw new AssertionError(busy);
        }
    }

    public GrpcClient client() {
        return client;
    }

    public EtcdServer server() {
        return server;
    }

    public Replica replica() {
        return node.replica();
    }

    public PutResponse put(String key, String value) {
        return put(putRequest(key, value).build());
    }

    public PutResponse put(PutRequest request) {
        return client.call("etcdserverpb.KV/Put", request, PutResponse.parser());
    }

    public RangeResponse get(String key) {
        return range(rangeRequest(key).build());
    }

    public RangeResponse range(RangeRequest request) {
        return client.call("etcdserverpb.KV/Range", request, RangeResponse.parser());
    }

    public DeleteRangeResponse delete(DeleteRangeRequest request) {
        return client.call("etcdserverpb.KV/DeleteRange", request, DeleteRangeResponse.parser());
    }

    public DeleteRangeResponse delete(String key) {
        return delete(deleteRequest(key, "").build());
    }

    public TxnResponse txn(TxnRequest request) {
        return client.call("etcdserverpb.KV/Txn", request, TxnResponse.parser());
    }

    public CompactionResponse compact(long revision) {
        CompactionRequest request =
                CompactionRequest.newBuilder().setRevision(revision).build();
        return client.call("etcdserverpb.KV/Compact", request, CompactionResponse.parser());
    }

    public LeaseGrantResponse grant(long id, long ttl) {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build();
        return client.call("etcdserverpb.Lease/LeaseGrant", request, LeaseGrantResponse.parser());
    }

    public LeaseRevokeResponse revoke(long id) {
        LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(id).build();
        return client.call("etcdserverpb.Lease/LeaseRevoke", request, LeaseRevokeResponse.parser());
    }

    public Status failure(String method, MessageLite request) {
        return client.failure(method, request);
    }

    public long revision() {
        return get("nothing at all").getHeader().getRevision();
    }

    public Watcher watcher() {
        return new Watcher(client.open("etcdserverpb.Watch/Watch"));
    }

    public static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    public static PutRequest.Builder putRequest(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    public static RangeRequest.Builder rangeRequest(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key));
    }

    public static RangeRequest.Builder rangeRequest(String key, String end) {
        return rangeRequest(key).setRangeEnd(bytes(end));
    }

    public static DeleteRangeRequest.Builder deleteRequest(String key, String end) {
        return DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    }

    public static RequestOp put(PutRequest.Builder request) {
        return RequestOp.newBuilder().setRequestPut(request).build();
    }

    public static RequestOp range(RangeRequest.Builder request) {
        return RequestOp.newBuilder().setRequestRange(request).build();
    }

    public static RequestOp delete(DeleteRangeRequest.Builder request) {
        return RequestOp.newBuilder().setRequestDeleteRange(request).build();
    }

    public static RequestOp txn(TxnRequest.Builder request) {
        return RequestOp.newBuilder().setRequestTxn(request).build();
    }

    public static Compare version(String key, CompareResult result, long version) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setTarget(CompareTarget.VERSION)
                .setResult(result)
                .setVersion(version)
                .build();
    }

    public static Compare value(String key, CompareResult result, String value) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setTarget(CompareTarget.VALUE)
                .setResult(result)
                .setValue(bytes(value))
                .build();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        node.close();
    }
}
