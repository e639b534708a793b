package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.mesh.PeerId;

/** One run of one peer. What a peer said in an earlier run stays, under that life; the next begins anew. */
public record Life(PeerId owner, long incarnation) implements Comparable<Life> {
    @Override
    public int compareTo(Life other) {
        int byOwner = owner.compareTo(other.owner);
        return byOwner != 0 ? byOwner : Long.compare(incarnation, other.incarnation);
    }

    void encode(ByteWriter writer) {
        writer.raw(owner.id16()).u64(incarnation);
    }

    static Life decode(ByteReader reader) {
        return new Life(new PeerId(reader.raw(PeerId.SIZE).compact()), reader.u64());
    }
}
