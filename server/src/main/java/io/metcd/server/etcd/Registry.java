package io.metcd.server.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.CallCount.Kind;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryCall;
import io.metcd.store.Access;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the methods of one service into the table, with what they have in common: reading, admission, rights, counting. */
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
    private final Gates gates;

    /** What every call passes: first what the member can answer now, then who calls. */
    record Gates(Function<Call, Optional<Status>> admission, Doorman doorman) {}

    Registry(String service, Methods methods, CallCounts counts, Gates gates) {
        this.service = service;
        this.methods = methods;
        this.counts = counts;
        this.gates = gates;
    }

    /** Methods for everybody, with or without a name. */
    Section open() {
        return new Section(Optional.empty());
    }

    /** Methods for everybody who has a name, where names are asked for. */
    Section user() {
        return new Section(Optional.of(Access::user));
    }

    /** Methods for root. */
    Section root() {
        return new Section(Optional.of(Access::root));
    }

    /** Methods whose bodies ask the {@link Doorman} themselves, because it depends on the request. */
    Section byRequest() {
        return new Section(Optional.empty());
    }

    /** Methods of one class of rights: there is no way to add a method without saying whom it is for. */
    final class Section {
        private final Optional<Doorman.Question> question;

        private Section(Optional<Doorman.Question> question) {
            this.question = question;
        }

        /** For the methods of another class. */
        Registry and() {
            return Registry.this;
        }

        <Q extends MessageLite> Section unary(String method, Parser<Q> parser, Unary<Q> body) {
            return unary(method, parser, (call, request) -> gates.admission.apply(call), body);
        }

        <Q extends MessageLite> Section unary(String method, Parser<Q> parser, Gate<Q> gate, Unary<Q> body) {
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
                            ask(call, () -> call(body, call, request, reply), reply::fail);
                        }
                    },
                    counts.of(service, method, Kind.UNARY));
            return this;
        }

        /** A stream's body asks by its requests. */
        Section stream(String method, Stream body) {
            Invariants.check(question.isEmpty(), "%s asks by its requests", method);
            methods.stream(
                    service,
                    method,
                    (call, out) -> {
                        counts.asked(Kind.BIDI_STREAM, call);
                        Optional<Status> refusal = gates.admission.apply(call);
                        if (refusal.isPresent()) {
                            out.end(refusal.get());
                            return Silence.INSTANCE;
                        }
                        return body.open(call, out);
                    },
                    counts.of(service, method, Kind.BIDI_STREAM));
            return this;
        }

        <Q extends MessageLite> Section serverStream(String method, Parser<Q> parser, ServerStream<Q> body) {
            return serverStream(method, parser, gates.admission, body);
        }

        <Q extends MessageLite> Section serverStream(
                String method, Parser<Q> parser, Function<Call, Optional<Status>> gate, ServerStream<Q> body) {
            CallCount count = counts.of(service, method, Kind.SERVER_STREAM);
            methods.stream(
                    service,
                    method,
                    (call, out) -> {
                        counts.asked(Kind.BIDI_STREAM, call);
                        Optional<Status> refusal = gate.apply(call);
                        if (refusal.isPresent()) {
                            out.end(refusal.get());
                            return Silence.INSTANCE;
                        }
                        return new OneRequest<>(
                                parser,
                                (request, opened) ->
                                        ask(call, () -> opened.accept(body.open(call, request, out)), out::end),
                                out);
                    },
                    count);
            return this;
        }

        private void ask(Call call, Runnable allowed, Consumer<Status> failed) {
            if (question.isEmpty()) {
                allowed.run();
            } else {
                gates.doorman.check(call, question.get(), allowed, failed);
            }
        }
    }

    /** Decides by the request whether a call is admitted. */
    @FunctionalInterface
    interface Gate<Q> {
        Optional<Status> check(Call call, Q request);
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

    /** Waits for the one request of a method that answers with a stream. */
    private static final class OneRequest<Q extends MessageLite> implements Inbound {
        private final Parser<Q> parser;
        private final BiConsumer<Q, Consumer<Producer>> body;
        private final Outbound out;
        private Optional<Producer> opened = Optional.empty();
        private boolean asked;
        private boolean over;

        OneRequest(Parser<Q> parser, BiConsumer<Q, Consumer<Producer>> body, Outbound out) {
            this.parser = parser;
            this.body = body;
            this.out = out;
        }

        @Override
        public void message(Bytes message) {
            if (asked) {
                return;
            }
            asked = true;
            try {
                body.accept(Messages.parse(parser, message), this::opened);
            } catch (InvalidProtocolBufferException malformed) {
                out.end(Errors.malformedOnStream(String.valueOf(malformed.getMessage())));
            }
        }

        private void opened(Producer producer) {
            opened = Optional.of(producer);
            if (over) {
                producer.cancelled();
            }
        }

        @Override
        public void halfClosed() {}

        @Override
        public void cancelled() {
            over = true;
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
