package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.MeshConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What the two ends of a link tell each other in the handshake, beside their keys.
 *
 * @param versionMin the oldest frame version spoken
 * @param versionMax the newest frame version spoken
 * @param features a bit set; unknown bits are ignored
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

    private static final int ADDRESSES_MAX = 16;

    public Hello {
        addresses = List.copyOf(addresses);
    }

    /** What a peer with this configuration says. */
    public static Hello of(MeshConfig config) {
        return new Hello(
                config.cluster(), config.name(), config.incarnation(), VERSION, VERSION, 0, config.advertised());
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
        ByteReader reader = new ByteReader(encoded);
        String cluster = reader.utf8();
        String name = reader.utf8();
        long incarnation = reader.u64();
        int versionMin = reader.count(Integer.MAX_VALUE);
        int versionMax = reader.count(Integer.MAX_VALUE);
        long features = reader.u64();
        int count = reader.count(ADDRESSES_MAX);
        List<String> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            addresses.add(reader.utf8());
        }
        return new Hello(cluster, name, incarnation, versionMin, versionMax, features, addresses);
    }
}
