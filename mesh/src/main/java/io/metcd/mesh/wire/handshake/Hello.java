package io.metcd.mesh.wire.handshake;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.util.ArrayList;
import java.util.List;

/**
 * What a peer says of itself once both sides have proved that they know the group key. A later version may append
 * fields: whoever does not know them skips them.
 *
 * @param features bits; those that both peers set are in use on the link
 * @param listenAddresses where others may dial this peer; empty for one that only dials out
 */
public record Hello(
        String cluster, String name, Versions versions, long features, long incarnation, List<String> listenAddresses) {
    /** Of the encoded form. */
    public static final int SIZE_MAX = 4096;

    static final int NAME_SIZE_MAX = 256;
    static final int ADDRESSES_MAX = 8;

    public Hello {
        Invariants.check(!cluster.isEmpty(), "a hello names its cluster");
        Invariants.check(Bytes.utf8(cluster).size() <= NAME_SIZE_MAX, "cluster name '%s' is too long", cluster);
        Invariants.check(Bytes.utf8(name).size() <= NAME_SIZE_MAX, "peer name '%s' is too long", name);
        listenAddresses = List.copyOf(listenAddresses);
        Invariants.check(listenAddresses.size() <= ADDRESSES_MAX, "more than %s addresses", ADDRESSES_MAX);
    }

    public Bytes encode() {
        ByteWriter writer = new ByteWriter(256);
        writer.utf8(cluster).utf8(name);
        writer.varint(versions.min()).varint(versions.max());
        writer.u64(features).u64(incarnation);
        writer.varint(listenAddresses.size());
        listenAddresses.forEach(writer::utf8);
        return writer.toBytes();
    }

    /** Throws {@link ByteReader.Malformed} for anything that {@link #encode} could not have written. */
    public static Hello decode(Bytes encoded) {
        if (encoded.size() > SIZE_MAX) {
            throw new ByteReader.Malformed("hello of " + encoded.size() + " bytes, at most " + SIZE_MAX);
        }
        ByteReader reader = new ByteReader(encoded);
        String cluster = name(reader);
        String name = name(reader);
        Versions versions = Versions.decode(reader);
        long features = reader.u64();
        long incarnation = reader.u64();
        int count = reader.count(ADDRESSES_MAX);
        List<String> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(name(reader));
        }
        if (cluster.isEmpty()) {
            throw new ByteReader.Malformed("hello without a cluster name");
        }
        return new Hello(cluster, name, versions, features, incarnation, addresses);
    }

    private static String name(ByteReader reader) {
        String text = reader.raw(reader.count(NAME_SIZE_MAX)).toUtf8();
        // Malformed UTF-8 grows when it is replaced; the text must fit again when it is written.
        if (Bytes.utf8(text).size() > NAME_SIZE_MAX) {
            throw new ByteReader.Malformed("name is not UTF-8");
        }
        return text;
    }

    /** The protocol versions that a peer speaks, both ends inclusive. */
    public record Versions(int min, int max) {
        static final int VERSION_MAX = 1 << 20;

        public Versions {
            Invariants.check(0 < min && min <= max && max <= VERSION_MAX, "version range %s to %s", min, max);
        }

        /** The highest version in both ranges; 0 when there is none. */
        public int common(Versions other) {
            int highest = Math.min(max, other.max);
            return highest >= Math.max(min, other.min) ? highest : 0;
        }

        static Versions decode(ByteReader reader) {
            int min = reader.count(VERSION_MAX);
            int max = reader.count(VERSION_MAX);
            if (min == 0 || min > max) {
                throw new ByteReader.Malformed("version range " + min + " to " + max);
            }
            return new Versions(min, max);
        }

        @Override
        public String toString() {
            return min == max ? "version " + max : "versions " + min + " to " + max;
        }
    }
}
