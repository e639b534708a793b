package io.metcd.server.rpc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often a method was called and how its calls ended; shared by all event loops, read by the metrics page. */
public final class CallCount {
    /** The kind of a method, as etcd's metrics name it. */
    public enum Kind {
        UNARY("unary"),
        SERVER_STREAM("server_stream"),
        BIDI_STREAM("bidi_stream");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private final String service;
    private final String method;
    private final Kind kind;
    private final AtomicLong started = new AtomicLong();
    private final AtomicLongArray handled = new AtomicLongArray(Code.values().length);

    public CallCount(String service, String method, Kind kind) {
        this.service = service;
        this.method = method;
        this.kind = kind;
    }

    public String service() {
        return service;
    }

    public String method() {
        return method;
    }

    public Kind kind() {
        return kind;
    }

    public void start() {
        started.getAndIncrement();
    }

    public void end(Code code) {
        handled.getAndIncrement(code.value());
    }

    public long started() {
        return started.get();
    }

    public long handled(Code code) {
        return handled.get(code.value());
    }
}
