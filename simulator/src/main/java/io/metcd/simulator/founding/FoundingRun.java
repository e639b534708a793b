package io.metcd.simulator.founding;

import io.metcd.base.RandomSource;
import io.metcd.simulator.founding.Checks.Outcome;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.TraceHash;
import java.util.Optional;

/** One founding from one seed: a time of troubles, then a calm in which it must come to rest. */
public final class FoundingRun {
    private static final long STEP_NANOS = 100 * World.MILLI;
    private static final long REIGN_NANOS = 300 * World.MILLI;
    private static final long BLOCKED_NANOS = 6_000 * World.MILLI;
    private static final long CALM_NANOS_MAX = 30_000 * World.MILLI;

    private final Shape shape;
    private final RandomSource random;
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final Checks checks;
    private final World world;
    private long blockedAt = Long.MAX_VALUE;

    /**
     * What a run came to.
     *
     * @param outcome empty when it did not come to rest
     * @param calmNanos from the end of all trouble to the rest
     * @param split whether two clusters were founded where that must never happen
     * @param doubles pairs of clusters of one name of which members lived at one time
     * @param met of them, those that could reach each other for two seconds
     * @param detected of those, told of by all who could know
     * @param slowestNanos the longest that it took to tell
     * @param violation what did not hold
     */
    public record Result(
            long seed,
            Mode mode,
            String shape,
            String hash,
            Optional<Outcome> outcome,
            long calmNanos,
            boolean split,
            int doubles,
            int met,
            int detected,
            long slowestNanos,
            Optional<String> violation) {}

    private FoundingRun(long seed, Optional<Mode> mode) {
        this.random = RandomSource.seeded(seed);
        this.shape = Shape.of(random, mode);
        this.checks = new Checks(shape);
        this.world = new World(queue, shape, random.fork(), checks);
    }

    /** Runs a seed, in any mode or in the one given. */
    public static Result run(long seed, Optional<Mode> mode) {
        return new FoundingRun(seed, mode).play(seed);
    }

    private Result play(long seed) {
        for (int host = 0; host < shape.hosts(); host++) {
            int number = host;
            world.after(random.between(0, shape.chaosNanos() > 0 ? 3_000 * World.MILLI : 1), () -> world.start(number));
        }
        if (shape.spare() > 0) {
            world.after(random.between(0, shape.chaosNanos()), () -> world.start(shape.hosts()));
        }
        world.after(REIGN_NANOS, this::reign);
        long troubleAt = shape.troubleNanos();
        while (queue.now() < shape.chaosNanos() && checks.violation().isEmpty()) {
            queue.runUntil(Math.min(queue.now() + STEP_NANOS, shape.chaosNanos()));
            checks.step(world);
            while (queue.now() >= troubleAt) {
                trouble();
                troubleAt += 1 + random.between(0, 2 * shape.troubleNanos());
            }
        }
        world.calm();
        return rest(seed, queue.now());
    }

    private Result rest(long seed, long calm) {
        Optional<Outcome> outcome = Optional.empty();
        while (checks.violation().isEmpty()
                && queue.now() < calm + CALM_NANOS_MAX
                && (outcome.isEmpty() || checks.waits(queue.now()))) {
            queue.runUntil(queue.now() + STEP_NANOS);
            checks.step(world);
            outcome = settled(checks.rest(world.alive()));
        }
        Optional<String> violation = checks.violation();
        if (violation.isEmpty() && shape.mode().durable() && outcome.equals(Optional.of(Outcome.BLOCKED))) {
            violation = Optional.of("blocked, although everybody has come back with its disk: " + world.alive());
        }
        if (violation.isEmpty() && outcome.isEmpty()) {
            violation = Optional.of("no rest within " + CALM_NANOS_MAX / World.MILLI + " ms: " + world.alive());
        }
        return new Result(
                seed,
                shape.mode(),
                shape.toString(),
                queue.trace().toString(),
                outcome,
                queue.now() - calm,
                checks.split(),
                checks.doubles(),
                checks.met(),
                checks.detected(),
                checks.slowestDetectionNanos(),
                violation);
    }

    /** Being blocked counts only when it lasts. */
    private Optional<Outcome> settled(Optional<Outcome> outcome) {
        if (!outcome.equals(Optional.of(Outcome.BLOCKED))) {
            blockedAt = Long.MAX_VALUE;
            return outcome;
        }
        blockedAt = Math.min(blockedAt, queue.now());
        return queue.now() - blockedAt >= BLOCKED_NANOS ? outcome : Optional.empty();
    }

    private void reign() {
        world.reign();
        world.after(random.between(REIGN_NANOS / 2, 2 * REIGN_NANOS), this::reign);
    }

    private void trouble() {
        int hosts = shape.hosts() + shape.spare();
        int one = random.nextInt(hosts);
        switch (random.nextInt(9)) {
            case 0, 1 -> world.crash(one);
            case 2, 3, 4 -> world.start(one);
            case 5 -> world.cut(one, random.nextInt(hosts));
            case 6 -> world.split(random.nextInt(1 << hosts));
            case 7 -> world.heal();
            default -> world.pause(one, random.between(100 * World.MILLI, 4_000 * World.MILLI));
        }
    }
}
