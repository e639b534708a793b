package io.metcd.server;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.compaction.AutoCompaction;
import io.metcd.server.etcd.Errors;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Status;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Refusal;
import java.util.Optional;
import java.util.function.Consumer;

/** A member as that sees it which compacts its history. */
final class History implements AutoCompaction.Member {
    private static final Status COMPACTED = Errors.of(Refusal.COMPACTED);

    private final ReplicaBridge replica;

    History(ReplicaBridge replica) {
        this.replica = replica;
    }

    @Override
    public long revision() {
        return replica.root().revision();
    }

    @Override
    public boolean leads() {
        ReplicaStatus status = replica.status();
        return status.phase() == ReplicaStatus.Phase.RUNNING && status.isLeader();
    }

    @Override
    public void compact(long revision, Consumer<Optional<String>> done) {
        replica.submit(
                Envelope.of(new Command.Compact(revision)),
                Call.NO_DEADLINE,
                compacted -> done.accept(Optional.empty()),
                failure -> done.accept(failure.equals(COMPACTED) ? Optional.empty() : Optional.of(failure.toString())));
    }
}
