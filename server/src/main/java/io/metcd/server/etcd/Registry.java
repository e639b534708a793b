package io.metcd.server.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.CallCount.Kind;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryCall;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the methods of one service into the table, with what they have in common: reading, admission, counting. */
final class Registry {
    /** A unary method after its request was read and admitted. */
    @FunctionalInterface
    interface Unary<Q> {
        void call(UnaryCall call, Q request, Reply reply);
    }

    /** A streaming method after it was admitted. */
    @FunctionalInterface
    interface Stream {
        Inbound open(Call call, Outbound out);
    }

    /** A method with one request and many answers. */
    @FunctionalInterface
    interface ServerStream<Q> {
        Producer open(Call call, Q request, Outbound out);
    }

    /** What sends the many answers. */
    interface Producer {
        /** For a stream that has nothing more to say, or has ended. */
        Producer NONE = new Producer() {
            @Override
            public void cancelled() {}

            @Override
            public void writable() {}
        };

        /** The caller has gone. */
        void cancelled();

        /** The caller keeps up again. */
        void writable();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final String service;
    private final Methods methods;
    private final CallCounts counts;
    private final Function<Call, Optional<Status>> admission;

    Registry(String service, Methods methods, CallCounts counts, Function<Call, Optional<Status>> admission) {
        this.service = service;
        this.methods = methods;
        this.counts = counts;
        this.admission = admission;
    }

    <Q extends MessageLite> Registry unary(String method, Parser<Q> parser, Unary<Q> body) {
        return unary(method, parser, (call, request) -> admission.apply(call), body);
    }

    /** Decides by the request whether a call is admitted. */
    @FunctionalInterface
    interface Gate<Q> {
        Optional<Status> check(Call call, Q request);
    }

    <Q extends MessageLite> Registry unary(String method, Parser<Q> parser, Gate<Q> gate, Unary<Q> body) {
        methods.unary(
                service,
                method,
                (call, bytes, reply) -> {
                    counts.asked(Kind.UNARY, call);
                    Q request;
                    try {
                        request = Messages.parse(parser, bytes);
                    } catch (InvalidProtocolBufferException malformed) {
                        reply.fail(Errors.malformed(String.valueOf(malformed.getMessage())));
                        return;
                    }
                    Optional<Status> refusal = gate.check(call, request);
                    if (refusal.isPresent()) {
                        reply.fail(refusal.get());
                    } else {
                        call(body, call, request, reply);
                    }
                },
                counts.of(service, method, Kind.UNARY));
        return this;
    }

    /** The last resort for a bug in a method: its caller must not wait for ever. */
    private <Q> void call(Unary<Q> body, UnaryCall call, Q request, Reply reply) {
        try {
            body.call(call, request, reply);
        } catch (RuntimeException bug) {
            LOG.error("a call of {} failed", service, bug);
            reply.fail(Errors.INTERNAL);
        }
    }

    /** Methods that exist and are not there yet. */
    Registry unsupported(String... names) {
        for (String method : names) {
            Status status = Errors.unsupported(method);
            methods.unary(
                    service,
                    method,
                    (call, bytes, reply) -> reply.fail(status),
                    counts.of(service, method, Kind.UNARY));
        }
        return this;
    }

    Registry stream(String method, Stream body) {
        methods.stream(
                service,
                method,
                (call, out) -> {
                    counts.asked(Kind.BIDI_STREAM, call);
                    Optional<Status> refusal = admission.apply(call);
                    if (refusal.isPresent()) {
                        out.end(refusal.get());
                        return Silence.INSTANCE;
                    }
                    return body.open(call, out);
                },
                counts.of(service, method, Kind.BIDI_STREAM));
        return this;
    }

    <Q extends MessageLite> Registry serverStream(String method, Parser<Q> parser, ServerStream<Q> body) {
        CallCount count = counts.of(service, method, Kind.SERVER_STREAM);
        methods.stream(
                service,
                method,
                (call, out) -> {
                    counts.asked(Kind.BIDI_STREAM, call);
                    Optional<Status> refusal = admission.apply(call);
                    if (refusal.isPresent()) {
                        out.end(refusal.get());
                        return Silence.INSTANCE;
                    }
                    return new OneRequest<>(parser, request -> body.open(call, request, out), out);
                },
                count);
        return this;
    }

    /** Waits for the one request of a method that answers with a stream. */
    private static final class OneRequest<Q extends MessageLite> implements Inbound {
        private final Parser<Q> parser;
        private final Function<Q, Producer> body;
        private final Outbound out;
        private Optional<Producer> opened = Optional.empty();

        OneRequest(Parser<Q> parser, Function<Q, Producer> body, Outbound out) {
            this.parser = parser;
            this.body = body;
            this.out = out;
        }

        @Override
        public void message(Bytes message) {
            if (opened.isPresent()) {
                return;
            }
            try {
                opened = Optional.of(body.apply(Messages.parse(parser, message)));
            } catch (InvalidProtocolBufferException malformed) {
                out.end(Errors.malformed(String.valueOf(malformed.getMessage())));
            }
        }

        @Override
        public void halfClosed() {}

        @Override
        public void cancelled() {
            opened.ifPresent(Producer::cancelled);
        }

        @Override
        public void writable() {
            opened.ifPresent(Producer::writable);
        }
    }

    /** The side of a stream that was refused. */
    private enum Silence implements Inbound {
        INSTANCE;

        @Override
        public void message(Bytes message) {}

        @Override
        public void halfClosed() {}

        @Override
        public void cancelled() {}

        @Override
        public void writable() {}
    }
}
