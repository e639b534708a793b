package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.MeshConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What the two ends of a link tell each other in the handshake, beside their keys, once both have proved that they know
 * the group key.
 *
 * @param versionMin the oldest frame version spoken
 * @param versionMax the newest frame version spoken
 * @param features a bit set; unknown bits are ignored
 * @param addresses where others may dial this peer; empty for one that only dials out
 */
public record Hello(
        String cluster,
        String name,
        long incarnation,
        int versionMin,
        int versionMax,
        long features,
        List<String> addresses) {
    /** The frame version of this code. */
    public static final int VERSION = 1;

    /** Of the encoded form. */
    public static final int SIZE_MAX = 8192;

    private static final int TEXT_SIZE_MAX = 256;
    private static final int ADDRESSES_MAX = 16;

    public Hello {
        Invariants.check(0 < versionMin && versionMin <= versionMax, "versions %s to %s", versionMin, versionMax);
        addresses = List.copyOf(addresses);
    }

    /** What a peer with this configuration says. */
    public static Hello of(MeshConfig config) {
        return new Hello(
                config.cluster(), config.name(), config.incarnation(), VERSION, VERSION, 0, config.advertised());
    }

    /** The newest version that both speak; 0 when there is none. */
    public int commonVersion(Hello other) {
        int newest = Math.min(versionMax, other.versionMax);
        return newest >= Math.max(versionMin, other.versionMin) ? newest : 0;
    }

    public Bytes encode() {
        ByteWriter writer = new ByteWriter(128)
                .utf8(cluster)
                .utf8(name)
                .u64(incarnation)
                .varint(versionMin)
                .varint(versionMax)
                .u64(features)
                .varint(addresses.size());
        for (String address : addresses) {
            writer.utf8(address);
        }
        return writer.toBytes();
    }

    /** Later versions may append fields, so what follows the last known one is ignored. */
    public static Hello decode(Bytes encoded) {
        if (encoded.size() > SIZE_MAX) {
            throw new ByteReader.Malformed("hello of " + encoded.size() + " bytes, at most " + SIZE_MAX);
        }
        ByteReader reader = new ByteReader(encoded);
        String cluster = text(reader);
        String name = text(reader);
        long incarnation = reader.u64();
        int versionMin = reader.count(Integer.MAX_VALUE);
        int versionMax = reader.count(Integer.MAX_VALUE);
        if (versionMin == 0 || versionMax < versionMin) {
            throw new ByteReader.Malformed("versions " + versionMin + " to " + versionMax);
        }
        long features = reader.u64();
        int count = reader.count(ADDRESSES_MAX);
        List<String> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(text(reader));
        }
        return new Hello(cluster, name, incarnation, versionMin, versionMax, features, addresses);
    }

    /** Bytes that are no text would become a longer one, which this end could not say back when it refuses it. */
    private static String text(ByteReader reader) {
        Bytes bytes = reader.raw(reader.count(TEXT_SIZE_MAX));
        String text = bytes.toUtf8();
        if (!Bytes.utf8(text).equals(bytes)) {
            throw new ByteReader.Malformed("a text of a hello that is not UTF-8");
        }
        return text;
    }
}
