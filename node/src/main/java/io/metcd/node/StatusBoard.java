package io.metcd.node;

import io.metcd.node.ReplicaStatus.Counters;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.raft.RaftStatus;
import io.metcd.store.alarm.Alarm;
import java.util.ArrayList;
import java.util.List;

/** Puts together what a replica says of itself. */
final class StatusBoard {
    private static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final ReplicaConfig config;
    private long turns;
    private List<String> alarms = List.of();

    StatusBoard(ReplicaConfig config) {
        this.config = config;
    }

    /** From now on, until others are told. */
    void alarm(List<String> now) {
        alarms = List.copyOf(now);
    }

    ReplicaStatus founding(String waitsFor) {
        return ended(Phase.FOUNDING, waitsFor);
    }

    ReplicaStatus ended(Phase phase, String why) {
        return new ReplicaStatus(
                phase,
                config.cluster(),
                config.name(),
                0,
                0,
                0,
                ReplicaStatus.Role.NONE,
                0,
                0,
                0,
                0,
                0,
                0,
                1,
                List.of(),
                List.of(),
                false,
                why,
                alarms,
                ZERO);
    }

    ReplicaStatus running(Member member, long nowNanos) {
        turns++;
        RaftStatus raft = member.status();
        Membership membership = member.membership();
        return new ReplicaStatus(
                Phase.RUNNING,
                config.cluster(),
                config.name(),
                membership.identity().clusterId(),
                membership.self(),
                membership.identity().epoch(),
                role(raft),
                raft.term(),
                raft.leader(),
                raft.commit(),
                raft.applied(),
                raft.firstIndex(),
                raft.lastIndex(),
                member.watch().unknownNanos(nowNanos),
                membership.known(),
                raft.configuration().voters(),
                raft.changePending(),
                member.waitsFor(),
                alarms(member),
                counters(member));
    }

    /** Those of the whole cluster come last. */
    private List<String> alarms(Member member) {
        List<Alarm> raised = member.machine().root().alarms().list();
        if (raised.isEmpty()) {
            return alarms;
        }
        List<String> all = new ArrayList<>(alarms);
        raised.forEach(alarm -> all.add(text(alarm, member.membership().name(alarm.member()))));
        return all;
    }

    private static String text(Alarm alarm, String member) {
        return switch (alarm.kind()) {
            case NOSPACE ->
                "NOSPACE of member '" + member
                        + "': nothing is written that takes room; delete and compact, make room on"
                        + " its disk, then: etcdctl alarm disarm";
            case CORRUPT -> "CORRUPT of member '" + member + "': nothing is written, because states may have parted";
        };
    }

    private static ReplicaStatus.Role role(RaftStatus raft) {
        if (raft.configuration().learners().contains(raft.self())) {
            return ReplicaStatus.Role.LEARNER;
        }
        return switch (raft.role()) {
            case LEADER -> ReplicaStatus.Role.LEADER;
            case FOLLOWER -> ReplicaStatus.Role.FOLLOWER;
            case PRE_CANDIDATE, CANDIDATE -> ReplicaStatus.Role.CANDIDATE;
        };
    }

    private Counters counters(Member member) {
        Proposals proposals = member.proposals();
        RaftChannel channel = member.channel();
        return new Counters(
                turns,
                proposals.made(),
                proposals.failedCount(),
                proposals.pending(),
                proposals.forwardedBatches(),
                proposals.retriedBatches(),
                member.forwardedCommands(),
                member.machine().duplicates(),
                member.reads().count(),
                member.reads().rounds(),
                channel.sent(),
                channel.received(),
                channel.dropped(),
                channel.foreign(),
                channel.malformed(),
                channel.refused(),
                member.watch().changes(),
                member.snapshots().installed(),
                member.snapshots().served(),
                member.leases().expired());
    }
}
