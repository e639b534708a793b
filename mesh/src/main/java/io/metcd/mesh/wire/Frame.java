package io.metcd.mesh.wire;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import java.util.Optional;

/**
 * A DATAGRAM or ROUTE_ERROR frame:
 * {@code type+flags | class | [route] | [fragment id, index, count] | body}.
 * Without a route it is from the one end of the link to the other.
 *
 * @param sealed whether the body is closed to everybody but its destination
 * @param repaired whether a relay has already replaced the rest of the route
 */
public record Frame(
        FrameType type,
        Priority priority,
        Optional<SourceRoute> route,
        Optional<Fragment> fragment,
        boolean sealed,
        boolean repaired,
        Bytes body) {
    static final int ROUTED = 1;
    static final int FRAGMENT = 2;
    static final int SEALED = 4;
    static final int REPAIRED = 8;
    /** Of any datagram; which are too large for this peer, reassembly decides, as its source may be set otherwise. */
    private static final int FRAGMENTS_MAX = 1 << 16;

    /** Of a ROUTE_ERROR, with a seal and what later versions may append. */
    private static final int ERROR_BYTES_MAX = 256;

    /** Which part of a datagram the body is. */
    public record Fragment(long id, int index, int count) {}

    /** Reads a frame whose type is known. Datagrams do not come as CONTROL, which is each peer's own. */
    public static Frame read(FrameType type, Bytes encoded, Profile.Sizes sizes) {
        ByteReader reader = new ByteReader(encoded);
        int flags = reader.u8() & 0x0f;
        int priority = reader.u8();
        boolean control = priority == Priority.CONTROL.code();
        if (priority >= Priority.count() || (control && type == FrameType.DATAGRAM)) {
            throw new Malformed("class " + priority);
        }
        Optional<SourceRoute> route =
                (flags & ROUTED) != 0 ? Optional.of(SourceRoute.read(reader, sizes.hopBudget())) : Optional.empty();
        Optional<Fragment> fragment = (flags & FRAGMENT) != 0 ? Optional.of(readFragment(reader)) : Optional.empty();
        Bytes body = reader.rest();
        int most = type == FrameType.DATAGRAM ? sizes.chunkBytes() : ERROR_BYTES_MAX;
        if (body.size() > most) {
            throw new Malformed("a chunk of " + body.size() + " bytes");
        }
        return new Frame(
                type, Priority.at(priority), route, fragment, (flags & SEALED) != 0, (flags & REPAIRED) != 0, body);
    }

    private static Fragment readFragment(ByteReader reader) {
        long id = reader.varint();
        int count = reader.count(FRAGMENTS_MAX);
        int index = reader.count(FRAGMENTS_MAX);
        if (count < 2 || index >= count) {
            throw new Malformed("fragment " + index + " of " + count);
        }
        return new Fragment(id, index, count);
    }

    /** The same frame with another rest of its route, marked as repaired. */
    public Bytes repairedTo(SourceRoute newRoute) {
        Bytes routeBytes = newRoute.encode();
        ByteWriter writer = new ByteWriter(32 + routeBytes.size() + body.size());
        int flags = ROUTED | REPAIRED | (fragment.isPresent() ? FRAGMENT : 0) | (sealed ? SEALED : 0);
        writer.u8(type.firstByte(flags)).u8(priority.code()).raw(routeBytes);
        fragment.ifPresent(part -> writeFragment(writer, part.id(), part.index(), part.count()));
        return writer.raw(body).toBytes();
    }

    static void writeFragment(ByteWriter writer, long id, int index, int count) {
        writer.varint(id).varint(count).varint(index);
    }
}
