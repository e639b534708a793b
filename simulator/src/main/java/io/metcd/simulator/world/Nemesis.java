package io.metcd.simulator.world;

import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Does harm at random moments, and undoes it after a random time; several faults may overlap. What it does to whom
 * comes from one fork of the run's randomness.
 */
public final class Nemesis {
    private static final double STORM_LOSS = 0.6;

    private final EventQueue queue;
    private final RandomSource random;
    private final SimProcess self;
    private final Plan plan;
    private final Victims victims;
    private final List<Runnable> undo = new ArrayList<>();
    private long done;

    /**
     * What is to be feared.
     *
     * @param gapNanos mean time between two faults
     * @param holdNanos mean time until a fault is undone
     */
    public record Plan(List<Fault> faults, long gapNanos, long holdNanos) {
        public Plan {
            faults = List.copyOf(faults);
        }
    }

    /** The members that suffer, by host number. */
    public interface Victims {
        int members();

        Paths paths();

        /** Paths were healed. */
        void healed();

        /** The host of a leader, -1 if there is none. */
        int leader();

        void crash(int host);

        /** Undoes a crash; without effect where a crash is final. */
        void restart(int host);

        void pause(int host);

        void resume(int host);

        void slowDisks(boolean slow);

        void jumpWallClock(int host, long millis);

        /** Where disks have no size this does nothing. */
        default void fillDisk(int host) {}

        /** Undoes it. */
        default void makeRoom(int host) {}

        /** Where nothing is kept this does nothing; else the member is down until {@link #restart}. */
        default void rot(int host) {}
    }

    public Nemesis(EventQueue queue, RandomSource random, Plan plan, Victims victims) {
        this.queue = queue;
        this.random = random;
        this.plan = plan;
        this.victims = victims;
        this.self = new SimProcess(queue, -2, "nemesis");
    }

    /** How many faults there were. */
    public long done() {
        return done;
    }

    public void start() {
        if (!plan.faults.isEmpty()) {
            self.scheduler().schedule(exponential(plan.gapNanos), this::strike);
        }
    }

    /** Does nothing any more, and undoes what is not undone yet: every member is up and reachable after it. */
    public void stop() {
        self.end();
        List<Runnable> rest = new ArrayList<>(undo);
        undo.clear();
        rest.forEach(Runnable::run);
        healAll();
    }

    private void strike() {
        done++;
        Fault fault = plan.faults.get(random.nextInt(plan.faults.size()));
        queue.trace().note(done);
        Runnable remedy = harm(fault);
        undo.add(remedy);
        self.scheduler().schedule(exponential(plan.holdNanos), () -> {
            if (undo.remove(remedy)) {
                remedy.run();
            }
        });
        self.scheduler().schedule(exponential(plan.gapNanos), this::strike);
    }

    private Runnable harm(Fault fault) {
        int one = random.nextInt(victims.members());
        int leader = victims.leader() >= 0 ? victims.leader() : one;
        return switch (fault) {
            case CRASH -> crash(List.of(one));
            case CRASH_LEADER -> crash(List.of(leader));
            case CRASH_ALL ->
                crash(IntStream.range(0, victims.members()).boxed().toList());
            case PAUSE -> pause(one);
            case PAUSE_LEADER -> pause(leader);
            case ISOLATE -> cut(one, true, true);
            case ISOLATE_LEADER -> cut(leader, true, true);
            case MUTE -> cut(one, true, false);
            case DEAFEN -> cut(one, false, true);
            case SPLIT -> split();
            case CUT_PAIR -> cutPair(one);
            case STORM -> storm();
            case SLOW_DISK -> slowDisks();
            case CLOCK_JUMP -> jump(one);
            case FULL_DISK -> fillDisk(one);
            case BIT_ROT -> rot(one);
        };
    }

    private Runnable crash(List<Integer> hosts) {
        hosts.forEach(victims::crash);
        return () -> hosts.forEach(victims::restart);
    }

    private Runnable pause(int host) {
        victims.pause(host);
        return () -> victims.resume(host);
    }

    private Runnable cut(int host, boolean out, boolean in) {
        for (int other = 0; other < victims.paths().hosts(); other++) {
            if (out && other != host) {
                victims.paths().path(host, other).cut();
            }
            if (in && other != host) {
                victims.paths().path(other, host).cut();
            }
        }
        return this::healAll;
    }

    private Runnable split() {
        Paths paths = victims.paths();
        boolean[] left = new boolean[paths.hosts()];
        for (int host = 0; host < left.length; host++) {
            left[host] = random.chance(0.5);
        }
        for (int a = 0; a < left.length; a++) {
            for (int b = 0; b < left.length; b++) {
                if (left[a] != left[b]) {
                    paths.path(a, b).cut();
                }
            }
        }
        return this::healAll;
    }

    private Runnable cutPair(int one) {
        int other = random.nextInt(victims.paths().hosts());
        victims.paths().cutBoth(one, other);
        return this::healAll;
    }

    private Runnable storm() {
        Paths paths = victims.paths();
        List<Runnable> calm = new ArrayList<>();
        for (int a = 0; a < paths.hosts(); a++) {
            for (int b = 0; b < paths.hosts(); b++) {
                Path path = paths.path(a, b);
                Path.Conditions before = path.conditions();
                if (before.loss() < STORM_LOSS) {
                    path.set(new Path.Conditions(
                            before.delayNanos(), before.jitterNanos(), STORM_LOSS, before.duplicate()));
                    calm.add(() -> path.set(before));
                }
            }
        }
        return () -> calm.forEach(Runnable::run);
    }

    private Runnable slowDisks() {
        victims.slowDisks(true);
        return () -> victims.slowDisks(false);
    }

    private Runnable fillDisk(int host) {
        victims.fillDisk(host);
        return () -> victims.makeRoom(host);
    }

    private Runnable rot(int host) {
        victims.rot(host);
        return () -> victims.restart(host);
    }

    private Runnable jump(int host) {
        victims.jumpWallClock(host, random.between(-3_600_000, 3_600_000));
        return () -> {};
    }

    private void healAll() {
        Paths paths = victims.paths();
        for (int a = 0; a < paths.hosts(); a++) {
            for (int b = 0; b < paths.hosts(); b++) {
                paths.path(a, b).heal();
            }
        }
        victims.healed();
    }

    private long exponential(long mean) {
        return 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
    }
}
