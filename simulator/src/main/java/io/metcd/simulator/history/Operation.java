package io.metcd.simulator.history;

import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import java.util.Optional;

/** One request of a client, and what came of it. Times are virtual. */
public final class Operation {
    private final String client;
    private final Request request;
    private final long begun;
    private final long floor;
    private Fate fate = Fate.PENDING;
    private long ended = Long.MAX_VALUE;
    private long revision;
    private Optional<CommandResult> result = Optional.empty();
    private Optional<RangeResult> range = Optional.empty();

    /** What is asked for. */
    public sealed interface Request {
        /** Something that goes through the log. */
        record Write(Command command) implements Request {}

        /** A linearizable read. */
        record Read(RangeQuery query) implements Request {}

        /** A read of what one member has applied: of some state that was, never older than that member's last. */
        record LocalRead(RangeQuery query) implements Request {}
    }

    /** What came of it. */
    public enum Fate {
        PENDING,
        ANSWERED,
        /** No answer: it happened once, or not at all. */
        UNKNOWN,
        /** Refused before anything was tried. */
        WITHOUT_EFFECT
    }

    Operation(String client, Request request, long begun, long floor) {
        this.client = client;
        this.request = request;
        this.begun = begun;
        this.floor = floor;
    }

    public Request request() {
        return request;
    }

    public Fate fate() {
        return fate;
    }

    public long begun() {
        return begun;
    }

    long ended() {
        return ended;
    }

    /** The highest revision that anyone had been told of when this began. */
    long floor() {
        return floor;
    }

    /** The witness. */
    long revision() {
        return revision;
    }

    Optional<CommandResult> result() {
        return result;
    }

    Optional<RangeResult> range() {
        return range;
    }

    /** The command, for a write. */
    public Optional<Command> command() {
        return request instanceof Request.Write write ? Optional.of(write.command()) : Optional.empty();
    }

    void answered(CommandResult answer, long now) {
        fate = Fate.ANSWERED;
        result = Optional.of(answer);
        revision = answer.revision();
        ended = now;
    }

    void answered(RangeResult answer, long atRevision, long now) {
        fate = Fate.ANSWERED;
        range = Optional.of(answer);
        revision = atRevision;
        ended = now;
    }

    void failed(Fate how) {
        fate = how;
    }

    @Override
    public String toString() {
        return client + " " + request + " begun=" + begun / 1_000_000 + "ms " + fate + " revision=" + revision
                + result.map(r -> " " + r).orElse("") + range.map(r -> " " + r).orElse("");
    }
}
