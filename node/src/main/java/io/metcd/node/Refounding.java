package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.mesh.PeerId;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import io.metcd.store.Store;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A new cluster that goes on with the state of one member, of whom alone it consists at first: an operator's act, when
 * the others are gone for good. Cluster, member and epoch are new, so that nobody of the old cluster, should one still
 * live, is taken for one of the new.
 */
public final class Refounding {
    private Refounding() {}

    /** A member of a cluster that is to begin, and what it begins with. */
    record Fresh(MemberIdentity identity, Recovered state) {}

    /** What a running member would begin with. */
    static Fresh of(Member old, ReplicaConfig config, PeerId peer) {
        Root root = old.machine().root();
        MemberIdentity next = identity(old.membership().identity(), root, peer);
        MemberState self = new MemberState(
                next.memberId(),
                config.name(),
                config.peerUrls(),
                config.clientUrls(),
                peer.id16(),
                config.incarnation());
        return new Fresh(next, begin(root, old.status().term(), next, self));
    }

    /** Who the member is from now on. */
    static MemberIdentity identity(MemberIdentity old, Root root, PeerId peer) {
        Bytes origin = new ByteWriter()
                .utf8("refound")
                .u64(old.clusterId())
                .u64(old.memberId())
                .u64(root.appliedIndex())
                .raw(peer.id16())
                .toBytes();
        long clusterId = firstLong(new ByteWriter().u8(1).raw(origin).toBytes());
        long memberId = firstLong(new ByteWriter().u8(2).raw(origin).toBytes());
        return new MemberIdentity(old.cluster(), old.name(), clusterId, memberId, old.epoch() + 1, old.founders());
    }

    /**
     * What the member begins with: the state, with itself as the only member, at an index and term of its own.
     *
     * @param term the newest that the member knows
     */
    static Recovered begin(Root root, long term, MemberIdentity next, MemberState self) {
        Store store = Store.at(root, StateMachine.LIMITS);
        long index = root.appliedIndex() + 1;
        long newTerm = Math.max(term, root.appliedTerm()) + 1;
        MemberState alone = new MemberState(
                next.memberId(), self.name(), self.peerUrls(), self.clientUrls(), self.peer(), self.incarnation());
        store.apply(index, newTerm, Envelope.of(new MemberCommand.Alone(alone)).encode());
        SnapshotWriter writer = new SnapshotWriter(store.root(), StateMachine.LIMITS);
        List<Bytes> chunks = new ArrayList<>();
        for (Optional<Bytes> chunk = writer.chunk(0); chunk.isPresent(); chunk = writer.chunk(chunks.size())) {
            chunks.add(chunk.get());
        }
        SnapshotMark mark = new SnapshotMark(index, newTerm, Configuration.of(next.memberId()));
        return new Recovered(
                new HardState(newTerm, 0, index),
                Optional.of(new Recovered.Snapshot(mark, chunks)),
                List.of(),
                Recovered.Report.NOTHING);
    }

    /**
     * Makes a data directory, of which no process makes use, that of a cluster of its own. Everything in its log is kept:
     * among what was not known to be committed may be what was acknowledged last.
     *
     * @param setup of its journal, whose work must be done before each call returns
     * @return empty if the member is the only one of its cluster already
     */
    public static Optional<MemberIdentity> alone(
            Disk disk, DataDirectory directory, DiskJournal.Setup setup, MemberIdentity old, PeerId peer)
            throws IOException {
        MemberIdentity next;
        try (DiskJournal journal = directory.journal(setup)) {
            Recovered recovered = journal.recovered();
            StateMachine machine = new StateMachine(recovered.snapshot(), (applied, term) -> {});
            machine.apply(recovered.entries());
            Root root = machine.root();
            List<MemberState> members = root.members();
            if (root.appliedIndex() == 0) {
                throw new IOException("the data directory holds no state to begin a new cluster with");
            }
            if (members.size() == 1 && members.get(0).id() == old.memberId()) {
                return Optional.empty();
            }
            MemberState self = members.stream()
                    .filter(member -> member.id() == old.memberId())
                    .findFirst()
                    .orElse(MemberState.added(old.memberId(), List.of(), MemberState.Standing.VOTER));
            next = identity(old, root, peer);
            write(begin(root, recovered.hardState().term(), next, self), journal);
        }
        directory.rebind(next.clusterId(), next.memberId());
        new MemberFile(disk).save(next);
        return Optional.of(next);
    }

    private static void write(Recovered begin, DiskJournal journal) throws IOException {
        Recovered.Snapshot snapshot = begin.snapshot().orElseThrow();
        Journal.SnapshotSink sink = journal.snapshot(snapshot.mark());
        for (Bytes chunk : snapshot.chunks()) {
            sink.write(chunk);
        }
        Written written = new Written();
        sink.commit(written);
        journal.append(Optional.of(begin.hardState()), List.of(), written);
        written.check();
    }

    private static long firstLong(Bytes input) {
        long value = new ByteReader(FoundingSet.sha256(input)).u64();
        return value == 0 ? 1 : value;
    }
}
