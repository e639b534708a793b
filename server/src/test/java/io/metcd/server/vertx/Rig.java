package io.metcd.server.vertx;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.StringValue;
import io.metcd.api.etcdserverpb.KvProto;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A port of one event loop for clients that mean no good, what they leave behind there, and a client that means well. */
final class Rig implements AutoCloseable {
    /** An answer of gRPC, and one by JSON. */
    static final int ANSWER_BYTES = 100_000;

    static final int PAGE_BYTES = 16 << 20;
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final CallCount count = new CallCount("test.Rig", "any", CallCount.Kind.UNARY);
    private final Budgets budgets;
    private final Port port;
    private final GrpcClient good;

    /** Of one event loop, with messages of at most 100,000 bytes. */
    static PortOptions options() {
        return new PortOptions("127.0.0.1", 0, 1, 100_000, 1 << 20);
    }

    Rig(ConnectionRules rules, Budgets budgets) throws IOException {
        this(options().withRules(rules).withBudgets(budgets));
    }

    Rig(PortOptions options) throws IOException {
        this.budgets = options.budgets();
        Payload large = Payload.of(BytesValue.of(ByteString.copyFrom(new byte[ANSWER_BYTES])));
        Payload page = Payload.of(RangeResponse.newBuilder()
                .addKvs(KeyValue.newBuilder().setValue(ByteString.copyFrom(new byte[PAGE_BYTES])))
                .build());
        Methods methods = new Methods()
                        .unary(
                                "test.Rig",
                                "Echo",
                                (call, request, reply) -> reply.send(Payload.of(StringValue.of(
                                        request.slice(2, request.size()).toUtf8()))),
                                count)
                        .unary("test.Rig", "Large", (call, request, reply) -> reply.send(large), count)
                        .unary(
                                "test.Rig",
                                "Fail",
                                (call, request, reply) ->
                                        reply.fail(new Status(Code.NOT_FOUND, "x".repeat(1000) + count.started())),
                                count)
                        .unary("etcdserverpb.KV", "Range", (call, request, reply) -> reply.send(page), count)
                        .stream("test.Rig", "Stream", (call, out) -> new EchoStream(out), count);
        JsonPaths paths =
                new JsonPaths().add("kv/range", List.of(KvProto.getDescriptor()), "etcdserverpb.KV/Range", methods);
        this.port = Port.open(
                options,
                loop -> new Port.Side(
                        methods, paths, (request, reply) -> reply.accept(Page.json(200, "{}")), WebPolicy.OPEN));
        this.good = new GrpcClient(port.number());
    }

    int port() {
        return port.number();
    }

    /** A call on a connection that stands from the first one on. */
    String echo(String text) {
        return good.call("test.Rig/Echo", StringValue.of(text), StringValue.parser())
                .getValue();
    }

    long openCalls() {
        return count.started()
                - Arrays.stream(Code.values()).mapToLong(count::handled).sum();
    }

    void awaitOpenCalls(int calls) {
        await(() -> openCalls() >= calls);
    }

    long handled(Code code) {
        return count.handled(code);
    }

    /** Waits until there is no call and nothing is held for one. */
    void awaitNothingLeft() {
        await(() -> openCalls() == 0
                && budgets.openCalls().used() == 0
                && budgets.jsonAnswers().used() == 0);
    }

    private void await(BooleanSupplier condition) {
        await(
                condition,
                () -> openCalls() + " calls are open, they hold "
                        + budgets.openCalls().used() + " bytes, and answers by JSON "
                        + budgets.jsonAnswers().used());
    }

    static void await(BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(otherwise.get());
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        good.close();
        port.close(0);
    }
}
