package io.metcd.simulator.lab;

import io.metcd.node.Outcome;
import io.metcd.node.ReplicaStatus;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.MemberCommand;
import java.util.List;
import java.util.function.Predicate;

/**
 * Somebody who changes the membership as with etcdctl: one member after another is asked, again when it refuses, until
 * the leader's status says that it is done.
 */
final class Operator {
    private static final long DONE_MILLIS_MAX = 30_000;
    private static final long TIMEOUT_NANOS = 5 * Stage.SECOND;
    private static final long REST_NANOS = 200 * Stage.MILLI;

    private final Stage stage;
    private long turn;
    private long nextId = 1_000;
    private long notBefore;
    private long refusals;

    Operator(Stage stage) {
        this.stage = stage;
    }

    /** How often a change was refused for now, or not answered. */
    long refusals() {
        return refusals;
    }

    /** Makes a place, lets a machine come to it, and waits until it is a learner that has the log. */
    void join(Site newcomer) {
        long id = nextId++;
        MemberState place = MemberState.added(id, newcomer.nextUrls(), Standing.LEARNER);
        change("place for " + newcomer.name(), new MemberCommand.Add(place), status -> member(status, id));
        newcomer.arrive();
        stage.until(
                "member " + newcomer.name(),
                DONE_MILLIS_MAX,
                () -> serves(newcomer.status()) && member(newcomer.status(), id));
    }

    /** Lets a learner vote. */
    void promote(Site learner) {
        long id = learner.status().memberId();
        change(
                "vote of " + learner.name(),
                new MemberCommand.Promote(id, List.of()),
                status -> status.voters().contains(id) && !status.changing());
    }

    /** Takes a member out, which ends when it hears of it. */
    void leave(Site site) {
        long id = site.status().memberId();
        change(
                "cluster without " + site.name(),
                new MemberCommand.Remove(id),
                status -> !member(status, id) && !status.voters().contains(id) && !status.changing());
    }

    private static boolean serves(ReplicaStatus status) {
        return status.phase() == Phase.RUNNING && status.hasLeader();
    }

    private static boolean member(ReplicaStatus status, long id) {
        return status.members().stream().anyMatch(member -> member.id() == id);
    }

    private void change(String what, MemberCommand command, Predicate<ReplicaStatus> done) {
        notBefore = stage.now();
        stage.until(what, DONE_MILLIS_MAX, () -> {
            boolean made = stage.members().stream()
                    .map(Site::status)
                    .filter(ReplicaStatus::isLeader)
                    .anyMatch(done);
            if (!made && stage.now() >= notBefore) {
                ask(command);
            }
            return made;
        });
    }

    private void ask(MemberCommand command) {
        List<Site> serving =
                stage.members().stream().filter(site -> serves(site.status())).toList();
        if (serving.isEmpty()) {
            return;
        }
        notBefore = stage.now() + TIMEOUT_NANOS + REST_NANOS;
        Site asked = serving.get((int) (turn++ % serving.size()));
        asked.replica().submit(command, TIMEOUT_NANOS, outcome -> {
            boolean made = outcome instanceof Outcome.Done done && !(done.result() instanceof CommandResult.Refused);
            if (!made) {
                refusals++;
                notBefore = stage.now() + REST_NANOS;
            }
        });
    }
}
