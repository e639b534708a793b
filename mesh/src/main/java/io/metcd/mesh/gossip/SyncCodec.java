package io.metcd.mesh.gossip;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.List;

/** The bytes of the frames by which two neighbours find out what the other lacks. */
final class SyncCodec {
    private SyncCodec() {}

    /** Which record of a peer is held. */
    record Version(long shortId, long incarnation, long sequence, long hash) {
        static Version of(SignedRecord signed) {
            return new Version(
                    signed.record().id().shortId(),
                    signed.record().incarnation(),
                    signed.record().sequence(),
                    signed.hash());
        }

        /** Like the order of records, but 0 only for equal ones: two records of one age are both exchanged. */
        int compareAge(Version other) {
            int byIncarnation = Long.compare(incarnation, other.incarnation);
            return byIncarnation != 0 ? byIncarnation : Long.compare(sequence, other.sequence);
        }
    }

    /** The versions held in the buckets whose bits are set. */
    record Versions(long buckets, List<Version> held) {}

    static Bytes buckets(Digests digests) {
        ByteWriter writer = new ByteWriter(1 + 8 * Digests.BUCKETS).u8(FrameType.BUCKETS.firstByte(0));
        for (int i = 0; i < Digests.BUCKETS; i++) {
            writer.u64(digests.bucket(i));
        }
        return writer.toBytes();
    }

    /** The buckets that differ, one bit each. */
    static long differing(Bytes frame, Digests digests) {
        ByteReader reader = open(frame);
        long mask = 0;
        for (int i = 0; i < Digests.BUCKETS; i++) {
            if (reader.u64() != digests.bucket(i)) {
                mask |= 1L << i;
            }
        }
        return mask;
    }

    static Bytes versions(Versions versions) {
        ByteWriter writer = new ByteWriter(16 + 28 * versions.held().size())
                .u8(FrameType.VERSIONS.firstByte(0))
                .u64(versions.buckets());
        for (Version version : versions.held()) {
            writer.u64(version.shortId())
                    .u64(version.incarnation())
                    .varint(version.sequence())
                    .u64(version.hash());
        }
        return writer.toBytes();
    }

    static Versions readVersions(Bytes frame) {
        ByteReader reader = open(frame);
        long mask = reader.u64();
        List<Version> held = new ArrayList<>();
        while (reader.hasRemaining()) {
            held.add(new Version(reader.u64(), reader.u64(), reader.varint(), reader.u64()));
        }
        return new Versions(mask, held);
    }

    static Bytes want(List<Long> shortIds) {
        ByteWriter writer = new ByteWriter(1 + 8 * shortIds.size()).u8(FrameType.WANT.firstByte(0));
        for (long shortId : shortIds) {
            writer.u64(shortId);
        }
        return writer.toBytes();
    }

    static long[] readWant(Bytes frame) {
        ByteReader reader = open(frame);
        long[] wanted = new long[reader.remaining() / 8];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = reader.u64();
        }
        reader.end();
        return wanted;
    }

    /** The next of a RECORDS frame: one at a time, since thousands that are none cost their sender a byte each. */
    static Bytes readRecord(ByteReader reader, int recordBytesMax) {
        Bytes record = reader.bytes();
        if (record.size() > recordBytesMax) {
            throw new Malformed("a record of " + record.size() + " bytes, at most " + recordBytesMax);
        }
        return record;
    }

    /** Behind the type of a frame. */
    static ByteReader open(Bytes frame) {
        ByteReader reader = new ByteReader(frame);
        reader.u8();
        return reader;
    }
}
