package io.metcd.simulator.consensus;

import io.metcd.base.RandomSource;
import io.metcd.raft.Proposal;
import io.metcd.raft.membership.Configuration;
import io.metcd.simulator.world.SimProcess;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes the membership at random moments, with and without sense: learners come, are promoted, voters are removed,
 * one by one or many at once, leadership is handed over; and the mesh gives hints, true or not. It never asks for what
 * would leave the living without a quorum for good, nor takes back whom it has removed.
 */
final class Steward {
    private static final int VOTERS_MAX = 7;

    private final RaftWorld world;
    private final RandomSource random;

    /** Whom it has removed: an id is never used again. */
    private final TreeSet<Long> dismissed = new TreeSet<>();

    Steward(RaftWorld world, RandomSource random) {
        this.world = world;
        this.random = random;
    }

    void start(SimProcess clients) {
        if (world.options().changeNanos() > 0) {
            clients.scheduler().schedule(random.between(1, 2 * world.options().changeNanos()), () -> {
                act();
                start(clients);
            });
        }
    }

    private void act() {
        RaftHost anybody = any();
        if (anybody.process().ended() || anybody.process().paused()) {
            return;
        }
        int lot = random.nextInt(10);
        if (lot == 0) {
            anybody.hintUnreachable(any().id());
        } else if (lot == 1) {
            anybody.hintQuorumConnected(random.chance(0.7));
        } else if (lot == 2) {
            anybody.pace((int) random.between(1, 12), (int) random.between(1, 100));
        } else {
            List<RaftHost> leaders =
                    world.hosts().stream().filter(RaftHost::leads).toList();
            RaftHost host = leaders.isEmpty() ? anybody : leaders.get(random.nextInt(leaders.size()));
            if (host.process().paused()) {
                return;
            }
            if (lot == 3) {
                host.transfer(any().id());
            } else {
                change(host);
            }
        }
    }

    private RaftHost any() {
        return world.hosts().get(random.nextInt(world.hosts().size()));
    }

    private void change(RaftHost leader) {
        Configuration now = leader.status().configuration();
        TreeSet<Long> voters = new TreeSet<>(now.voters());
        TreeSet<Long> learners = new TreeSet<>(now.learners());
        for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
            step(voters, learners);
        }
        boolean viable = 2 * voters.stream().filter(this::isFit).count() > voters.size();
        if (!viable || voters.size() > VOTERS_MAX) {
            return;
        }
        Configuration target = new Configuration(List.copyOf(voters), List.copyOf(learners), List.of());
        if (leader.reconfigure(target) instanceof Proposal.Accepted) {
            now.voters().stream().filter(member -> !target.contains(member)).forEach(dismissed::add);
            now.learners().stream().filter(member -> !target.contains(member)).forEach(dismissed::add);
        }
    }

    private void step(Set<Long> voters, Set<Long> learners) {
        long member = any().id();
        switch (random.nextInt(5)) {
            case 0 -> {
                RaftHost recruit = world.recruit();
                if (recruit != null) {
                    (random.chance(0.7) ? learners : voters).add(recruit.id());
                }
            }
            case 1 -> {
                if (learners.remove(member)) {
                    voters.add(member);
                }
            }
            case 2 -> {
                voters.remove(member);
                learners.remove(member);
            }
            case 3 -> {
                if (voters.remove(member)) {
                    learners.add(member);
                }
            }
            default -> {
                if (!voters.contains(member) && isFit(member)) {
                    learners.remove(member);
                    voters.add(member);
                }
            }
        }
    }

    /** Whether it can be relied on in the end: a host with a disk comes back, one without does not. */
    private boolean isFit(long member) {
        return !dismissed.contains(member) && (!world.options().ephemeral() || world.isAlive(member));
    }
}
