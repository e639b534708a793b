package io.metcd.node;

import io.metcd.journal.Recovered;
import io.metcd.node.ReplicaStatus.Counters;
import io.metcd.node.ReplicaStatus.Phase;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.store.alarm.Alarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what a replica says of itself. */
final class StatusBoard {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private final ReplicaConfig config;
    private long turns;
    private List<String> alarms = List.of();

    StatusBoard(ReplicaConfig config) {
        this.config = config;
    }

    /** What an operator must look at, whatever else is well: from now on, until others are told. */
    List<String> alarm(SplitAlarm split) {
        List<String> now = new ArrayList<>();
        split.text(config.cluster()).ifPresent(now::add);
        if (config.expect().founders() > 0 && config.expect().guard() == ReplicaConfig.Guard.SPLIT_RISK) {
            now.add("the risk of two clusters of this name is accepted: its founders are counted, and nothing but"
                    + " their meeting keeps as many others from founding it, too");
        }
        alarms = List.copyOf(now);
        return alarms;
    }

    /** Says in the log who this member is from now on, and what it goes on from. */
    void tell(MemberIdentity identity, Recovered recovered, long loadNanos) {
        LOG.info(
                "cluster={} name={} founding=started cluster-id={} member-id={}",
                config.cluster(),
                config.name(),
                Long.toHexString(identity.clusterId()),
                Long.toHexString(identity.memberId()));
        if (!recovered.isEmpty()) {
            LOG.info(
                    "cluster={} name={} recovered=yes snapshot-index={} entries={} bytes={} cut-bytes={} read-ms={}"
                            + " load-ms={}",
                    config.cluster(),
                    config.name(),
                    recovered.snapshot().map(each -> each.mark().index()).orElse(0L),
                    recovered.entries().size(),
                    recovered.report().bytes(),
                    recovered.report().cutBytes(),
                    recovered.report().nanos() / NANOS_PER_MILLI,
                    loadNanos / NANOS_PER_MILLI);
        }
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
                AutopilotStatus.NONE,
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
                member.pilot().status(raft.leader()),
                counters(member));
    }

    /** Those of the whole cluster come last. */
    private List<String> alarms(Member member) {
        List<Alarm> raised = member.machine().root().alarms().list();
        Optional<String> overtaken = member.snapshots().alarm();
        Optional<String> slowDisk = member.handovers().alarm();
        if (raised.isEmpty() && overtaken.isEmpty() && slowDisk.isEmpty()) {
            return alarms;
        }
        List<String> all = new ArrayList<>(alarms);
        overtaken.ifPresent(all::add);
        slowDisk.ifPresent(all::add);
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
        boolean leads = raft.role() == Role.LEADER;
        if (!leads && !raft.configuration().isVoter(raft.self())) {
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
                member.snapshots().piecesTaken(),
                member.snapshots().piecesServed(),
                member.leases().expired());
    }
}
