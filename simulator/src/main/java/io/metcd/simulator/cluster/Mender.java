package io.metcd.simulator.cluster;

import io.metcd.base.RandomSource;
import io.metcd.node.Outcome;
import io.metcd.node.Replica;
import io.metcd.simulator.world.SimProcess;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * An operator who does what a member says that refuses its directory: it is removed, added again, and started with an
 * empty directory. What was asked and not answered is asked again, by what the members say of the membership.
 */
final class Mender {
    private static final long PAUSE_NANOS_MAX = 1_500_000_000L;
    private static final long TIMEOUT_NANOS = 5_000_000_000L;

    private final ClusterWorld world;
    private final RandomSource random;
    private final SimProcess process;
    private final Map<Integer, Place> places = new TreeMap<>();
    private final TreeMap<String, Integer> tally = new TreeMap<>();

    /** Who is to go, and who comes. */
    private record Place(long old, MemberState next) {}

    Mender(ClusterWorld world, RandomSource random) {
        this.world = world;
        this.random = random;
        this.process = new SimProcess(world.queue(), -5, "mender");
    }

    void start() {
        process.scheduler().schedule(random.between(1, PAUSE_NANOS_MAX), this::look);
    }

    /** Something has happened to a directory. */
    void note(String what) {
        tally.merge(what, 1, Integer::sum);
    }

    /** How often which; empty if nothing has. */
    String tally() {
        return tally.isEmpty() ? "" : " " + tally;
    }

    private void look() {
        start();
        List<Replica> replicas = world.replicas();
        for (Host host : world.all()) {
            if (host.isInRepair() && !replicas.isEmpty()) {
                mend(host, replicas.get(random.nextInt(replicas.size())));
            }
        }
    }

    /** One step, by what this member knows. */
    private void mend(Host host, Replica at) {
        Place place = places.computeIfAbsent(host.number(), number -> place(host));
        List<MemberState> members = at.status().members();
        Optional<MemberState> added = members.stream()
                .filter(member -> member.peerUrls().equals(place.next.peerUrls()))
                .findFirst();
        if (members.isEmpty()) {
            return;
        }
        if (members.stream().anyMatch(member -> member.id() == place.old)) {
            submit(at, new MemberCommand.Remove(place.old));
        } else if (!host.isReplaced()) {
            if (added.isPresent()) {
                world.say(() ->
                        "h" + host.number() + " comes again, as " + added.get().id());
                host.arrive();
            } else {
                add(at, host, place);
            }
        } else if (added.isPresent()) {
            settle(at, host, added.get().id());
        }
    }

    private void settle(Replica at, Host host, long member) {
        if (!at.status().voters().contains(member)) {
            submit(at, new MemberCommand.Promote(member, List.of()));
        } else if (host.replica().isPresent()) {
            places.remove(host.number());
            host.mended();
            note("replaced");
        }
    }

    private Place place(Host host) {
        Standing standing = random.chance(0.5) ? Standing.VOTER : Standing.LEARNER;
        long old = host.life().replica().orElseThrow().status().memberId();
        return place(host, old, standing);
    }

    private Place place(Host host, long old, Standing standing) {
        return new Place(old, MemberState.added(random.between(1, Long.MAX_VALUE), host.nextUrls(), standing));
    }

    /** There may be but one learner; another may be one that waits for just this member, the only way to it. */
    private void add(Replica at, Host host, Place place) {
        submit(at, new MemberCommand.Add(place.next), outcome -> {
            boolean tooMany = outcome instanceof Outcome.Done done
                    && done.result() instanceof CommandResult.Refused refused
                    && refused.refusal() == Refusal.TOO_MANY_LEARNERS;
            if (tooMany && place.equals(places.get(host.number()))) {
                places.put(host.number(), place(host, place.old, Standing.VOTER));
            }
        });
    }

    private void submit(Replica at, MemberCommand command) {
        submit(at, command, outcome -> {});
    }

    private void submit(Replica at, MemberCommand command, Consumer<Outcome> done) {
        at.submit(command, TIMEOUT_NANOS, outcome -> {
            world.say(() -> at.config().name() + " answers " + command + ": " + outcome);
            done.accept(outcome);
        });
    }
}
