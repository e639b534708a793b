package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.Arrays;

/**
 * The whole way of a frame, written by its source: {@code source | destination | count | relays}, ids being the first
 * eight bytes of peer ids. A relay finds itself in the list and hands the frame on unchanged; as no id may occur twice,
 * a frame cannot run in a circle and its length is its hop budget.
 */
public final class SourceRoute {
    private static final int FIXED_BYTES = 17;

    private final long source;
    private final long destination;
    private final long[] relays;

    /** Takes the array over. */
    public SourceRoute(long source, long destination, long[] relays) {
        this.source = source;
        this.destination = destination;
        this.relays = relays;
    }

    /** Reads a route of at most {@code hopBudget} links. */
    public static SourceRoute read(ByteReader reader, int hopBudget) {
        long source = reader.u64();
        long destination = reader.u64();
        int count = reader.u8();
        if (count >= hopBudget || count * 8 > reader.remaining()) {
            throw new Malformed("a route over " + count + " relays");
        }
        long[] relays = new long[count];
        for (int i = 0; i < count; i++) {
            relays[i] = reader.u64();
        }
        SourceRoute route = new SourceRoute(source, destination, relays);
        route.refuseCircles();
        return route;
    }

    public long source() {
        return source;
    }

    public long destination() {
        return destination;
    }

    /** Relays between source and destination. */
    public int relays() {
        return relays.length;
    }

    /** The bytes that {@link #read} reads. */
    public Bytes encode() {
        ByteWriter writer = new ByteWriter(FIXED_BYTES + 8 * relays.length)
                .u64(source)
                .u64(destination)
                .u8(relays.length);
        for (long relay : relays) {
            writer.u64(relay);
        }
        return writer.toBytes();
    }

    /** Where a relay stands in the route; -1 when it does not. */
    public int position(long relay) {
        for (int i = 0; i < relays.length; i++) {
            if (relays[i] == relay) {
                return i;
            }
        }
        return -1;
    }

    /** Who comes after the relay at a position; after -1 comes the first. */
    public long after(int position) {
        return position + 1 < relays.length ? relays[position + 1] : destination;
    }

    /** Who comes before the relay at a position; before the first comes the source. */
    public long before(int position) {
        return position > 0 ? relays[position - 1] : source;
    }

    /** Whether the source or a relay up to the position is this peer. */
    public boolean visited(long peer, int position) {
        for (int i = 0; i < position; i++) {
            if (relays[i] == peer) {
                return true;
            }
        }
        return peer == source;
    }

    /** The way up to the relay at a position, then the relays of another route to the destination. */
    public SourceRoute bend(int position, SourceRoute rest) {
        long[] bent = Arrays.copyOf(relays, position + 1 + rest.relays.length);
        System.arraycopy(rest.relays, 0, bent, position + 1, rest.relays.length);
        return new SourceRoute(source, destination, bent);
    }

    private void refuseCircles() {
        boolean circle = source == destination;
        for (int i = 0; i < relays.length; i++) {
            circle |= relays[i] == source || relays[i] == destination || position(relays[i]) != i;
        }
        if (circle) {
            throw new Malformed("a route in a circle");
        }
    }
}
