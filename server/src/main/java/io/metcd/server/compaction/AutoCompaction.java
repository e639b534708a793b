package io.metcd.server.compaction;

import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts as a {@link Retention} asks, while this member leads (contract: kv.compact.6). The other members note
 * revisions beside it, so that a new leader knows the past. Everything happens on the scheduler's thread.
 */
public final class AutoCompaction {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCompaction.class);

    private final Retention retention;
    private final Scheduler loop;
    private final Clock clock;
    private final Member member;
    private final Schedule schedule;

    /** What is compacted. */
    public interface Member {
        /** The newest revision that it has applied. */
        long revision();

        boolean leads();

        /** Answers later, on the scheduler's thread: nothing, or why not. At an older compaction is no failure. */
        void compact(long revision, Consumer<Optional<String>> done);
    }

    private AutoCompaction(Retention retention, Scheduler loop, Clock clock, Member member) {
        this.retention = retention;
        this.loop = loop;
        this.clock = clock;
        this.member = member;
        this.schedule = Schedule.of(retention, clock.nanos(), member.revision());
    }

    /** Begins, on the scheduler's thread, and goes on as long as that runs. */
    public static void start(Retention retention, Scheduler loop, Clock clock, Member member) {
        new AutoCompaction(retention, loop, clock, member).rest();
    }

    private void rest() {
        loop.schedule(schedule.intervalNanos(), this::look);
    }

    private void look() {
        long began = clock.nanos();
        OptionalLong due = schedule.look(began, member.revision(), member.leads());
        if (due.isEmpty()) {
            rest();
            return;
        }
        long revision = due.getAsLong();
        LOG.info("auto-compaction=starting revision={} keeps={}", revision, retention);
        member.compact(revision, failure -> {
            long now = clock.nanos();
            if (failure.isEmpty()) {
                schedule.compacted(now, revision);
                LOG.info(
                        "auto-compaction=completed revision={} keeps={} took_ms={}",
                        revision,
                        retention,
                        (now - began) / 1_000_000);
            } else {
                LOG.warn(
                        "auto-compaction=failed revision={} keeps={} retry_s={} why={}",
                        revision,
                        retention,
                        schedule.intervalNanos() / 1_000_000_000,
                        failure.get());
            }
            rest();
        });
    }
}
