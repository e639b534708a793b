package io.metcd.server.rpc;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

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
    private final SlowCalls slow;
    private final Clock clock = Clock.system();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLongArray handled = new AtomicLongArray(Code.values().length);
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder messagesSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final Histogram durations = Histogram.usual();

    /** Set before the first call. */
    private boolean timed;

    public CallCount(String service, String method, Kind kind) {
        this(service, method, kind, SlowCalls.NONE);
    }

    public CallCount(String service, String method, Kind kind, SlowCalls slow) {
        this.service = service;
        this.method = method;
        this.kind = kind;
        this.slow = slow;
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

    /** From now on the times of calls are kept, too. */
    public CallCount withTimes() {
        timed = true;
        return this;
    }

    /** A call begins; the result is for {@link #end}. */
    public long start() {
        started.getAndIncrement();
        return clock.nanos();
    }

    /** A call has ended; the result is how long it took. */
    public long end(Code code, long begunNanos) {
        long nanos = clock.nanos() - begunNanos;
        handled.getAndIncrement(code.value());
        if (timed) {
            durations.observe(nanos);
        }
        return nanos;
    }

    /** As {@link #end}, for a call whose request is known: if it took long, there is a warning of it. */
    public void end(Code code, long begunNanos, Bytes request, Supplier<String> client) {
        long nanos = end(code, begunNanos);
        if (slow.isSlow(nanos)) {
            slow.warn(new SlowCalls.Ended(service + "/" + method, code, nanos, client.get()), request);
        }
    }

    /** One message from a client, of so many bytes. */
    public void received(int bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
    }

    /** One message to a client. */
    public void sent(long bytes) {
        messagesSent.increment();
        bytesSent.add(bytes);
    }

    public long messagesReceived() {
        return messagesReceived.sum();
    }

    public long bytesReceived() {
        return bytesReceived.sum();
    }

    public long messagesSent() {
        return messagesSent.sum();
    }

    public long bytesSent() {
        return bytesSent.sum();
    }

    /** How long calls took, from their first byte to their status; empty without {@link #withTimes}. */
    public Histogram durations() {
        return durations;
    }

    public long started() {
        return started.get();
    }

    public long handled(Code code) {
        return handled.get(code.value());
    }
}
