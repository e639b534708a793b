package io.metcd.server.page;

import io.metcd.node.ReplicaStatus;
import io.metcd.store.Root;

/** What etcd has no name for. */
final class OwnMetrics {
    private OwnMetrics() {}

    static void write(Exposition text, ReplicaStatus status, Root root) {
        ReplicaStatus.Counters counters = status.counters();
        text.gauge("metcd_members", "Members of the cluster.", status.members().size())
                .gauge(
                        "metcd_voters",
                        "Of them, those that vote.",
                        status.voters().size())
                .gauge("metcd_term", "The term of consensus.", status.term())
                .gauge("metcd_leases", "Leases that stand.", root.leases().size())
                .gauge("metcd_log_entries", "Entries of the log in memory.", logged(status))
                .counter("metcd_turns_total", "Turns of the replica that did something.", counters.turns())
                .counter("metcd_proposals_total", "Proposals made for clients.", counters.proposals())
                .counter("metcd_proposals_duplicate_total", "Proposals found applied before.", counters.duplicates())
                .counter(
                        "metcd_proposals_forwarded_total", "Proposals taken from others.", counters.forwardedCommands())
                .counter("metcd_reads_total", "Linearizable reads.", counters.reads())
                .counter("metcd_read_rounds_total", "Rounds that served those.", counters.readRounds())
                .counter("metcd_packets_sent_total", "Packets of consensus sent.", counters.packetsSent())
                .counter("metcd_packets_received_total", "Packets of consensus that came.", counters.packetsReceived())
                .counter("metcd_packets_dropped_total", "Of those, without a way or room.", counters.packetsDropped())
                .counter("metcd_mail_refused_total", "Requests that found the mailbox full.", counters.mailRefused())
                .counter(
                        "metcd_snapshots_installed_total",
                        "States taken whole from others.",
                        counters.snapshotsInstalled())
                .counter(
                        "metcd_snapshot_pieces_taken_total",
                        "Pieces of states that came from others.",
                        counters.snapshotPiecesTaken())
                .counter(
                        "metcd_snapshot_pieces_served_total",
                        "Pieces of states given to others.",
                        counters.snapshotPiecesServed());
    }

    private static long logged(ReplicaStatus status) {
        return Math.max(0, status.lastIndex() - status.firstIndex() + 1);
    }
}
