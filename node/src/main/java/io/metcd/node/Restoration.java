package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.node.FoundingSet.Seat;
import io.metcd.raft.HardState;
import io.metcd.store.Root;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.snapshot.SnapshotReader;
import io.metcd.store.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Begins a new cluster with the state of an {@link Archive}. Each of its members is made so, from the same file, with
 * the same slots and the same word: they then agree on who they are and begin with the same log. No member of another
 * cluster is one of theirs, be it of the one that the file is from, or of one that was restored from it before and has
 * gone its own way since.
 */
public final class Restoration {
    /**
     * The new cluster, and which of its members to make.
     *
     * @param word shared by the members of this restoration, and by those of no other
     */
    public record Plan(String cluster, String name, List<String> slots, String word) {
        public Plan {
            slots = slots.stream().sorted().toList();
            if (!slots.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is not one of " + slots);
            }
        }
    }

    private Restoration() {}

    /**
     * Fills an empty directory.
     *
     * @param archive of which only the head was read
     * @param hash of the whole, known to be right
     */
    public static MemberIdentity run(ArchiveReader archive, Bytes hash, Plan plan, Destination destination)
            throws IOException {
        return run(read(archive), new Origin(archive.archive().epoch(), hash), plan, destination);
    }

    /**
     * Where a state comes from.
     *
     * @param epoch of its cluster; 0 of one that has none
     * @param hash of the whole file that it was read from
     */
    public record Origin(long epoch, Bytes hash) {}

    /** Fills an empty directory with a state that is as of an entry, and was read from a file of another kind. */
    public static MemberIdentity run(Root state, Origin origin, Plan plan, Destination destination) throws IOException {
        Root root = withoutMembers(state);
        MemberIdentity identity = identity(origin, plan);
        DataDirectory directory = DataDirectory.open(destination.disk(), plan.cluster());
        directory.bind(identity.clusterId(), identity.memberId());
        Written written = new Written();
        try (DiskJournal journal = directory.journal(destination.setup())) {
            Journal.SnapshotSink sink =
                    journal.snapshot(new SnapshotMark(root.appliedIndex(), root.appliedTerm(), identity.founded()));
            SnapshotWriter writer = new SnapshotWriter(root, StateMachine.LIMITS);
            Optional<Bytes> chunk = writer.chunk(0);
            for (int next = 1; chunk.isPresent(); next++) {
                sink.write(chunk.get());
                chunk = writer.chunk(next);
            }
            sink.commit(written);
            journal.append(Optional.of(new HardState(root.appliedTerm(), 0, root.appliedIndex())), List.of(), written);
        }
        written.check();
        // Last: without it the directory is nobody's, and no member starts with a part of the state.
        new MemberFile(destination.disk()).save(identity);
        return identity;
    }

    /**
     * Where the member is made.
     *
     * @param setup of its journal, whose work must be done before each call returns
     */
    public record Destination(Disk disk, DiskJournal.Setup setup) {}

    private static Root read(ArchiveReader archive) throws IOException {
        SnapshotReader reader = new SnapshotReader(StateMachine.LIMITS);
        try {
            Optional<Bytes> chunk = archive.next();
            while (chunk.isPresent()) {
                reader.accept(chunk.get());
                chunk = archive.next();
            }
            Root root = reader.root();
            if (root.appliedIndex() != archive.archive().index() || root.appliedIndex() <= 0) {
                throw new Archive.Damage("its head says another index than its content: take another one");
            }
            return root;
        } catch (ByteReader.Malformed malformed) {
            throw new Archive.Damage("its content is damaged (" + malformed.getMessage() + "): take another one");
        }
    }

    private static Root withoutMembers(Root root) {
        return new Root(
                root.position(),
                root.keyspace(),
                root.leaseTable(),
                OrderedMap.empty(Long::compareUnsigned),
                OrderedMap.empty(Long::compareUnsigned),
                root.alarms(),
                root.auth());
    }

    private static MemberIdentity identity(Origin file, Plan plan) {
        // In place of a first life's number: nobody but those of this restoration of this very file gets these ids.
        Bytes restoration = new ByteWriter().raw(file.hash()).utf8(plan.word()).toBytes();
        long origin = new ByteReader(FoundingSet.sha256(restoration)).u64();
        FoundingSet set = new FoundingSet(
                plan.cluster(),
                plan.slots().stream()
                        .map(slot -> new Seat(slot, Optional.empty(), origin, 0))
                        .toList());
        return new MemberIdentity(
                plan.cluster(),
                plan.name(),
                set.clusterId(),
                set.memberId(plan.name()),
                file.epoch() + 1,
                set.founders());
    }
}
