package io.metcd.node;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotWriter;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Writes a state as an {@link Archive}, in pieces that are made when they are asked for. */
public final class ArchiveWriter implements Iterator<Bytes> {
    private final Archive archive;
    private final SnapshotWriter chunks;
    private final MessageDigest digest = Archive.sha256();
    private int next = -1;
    private boolean over;

    public ArchiveWriter(Archive archive, Root root) {
        this.archive = archive;
        this.chunks = new SnapshotWriter(root, StateMachine.LIMITS);
    }

    /** Of the state that a member has applied. */
    public static ArchiveWriter of(Root root, ReplicaStatus status) {
        Archive archive = new Archive(
                status.cluster(),
                status.clusterId(),
                status.epoch(),
                root.revision(),
                root.appliedIndex(),
                root.appliedTerm());
        return new ArchiveWriter(archive, root);
    }

    @Override
    public boolean hasNext() {
        return !over;
    }

    @Override
    public Bytes next() {
        if (over) {
            throw new NoSuchElementException("behind the end");
        }
        if (next < 0) {
            next = 0;
            return digested(archive.encode());
        }
        Optional<Bytes> chunk = chunks.chunk(next);
        next++;
        if (chunk.isPresent()) {
            Bytes present = chunk.get();
            return digested(new ByteWriter(present.size() + Integer.BYTES)
                    .u32(present.size())
                    .raw(present)
                    .toBytes());
        }
        over = true;
        Bytes end = digested(new ByteWriter(Integer.BYTES).u32(0).toBytes());
        return end.concat(Bytes.wrap(digest.digest()));
    }

    private Bytes digested(Bytes bytes) {
        digest.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return bytes;
    }
}
