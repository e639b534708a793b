package io.metcd.mesh.net;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.Hello;
import java.util.List;

/** How another version speaks, as the difference from this one. */
enum Dialect {
    /** Heartbeats do not tell how much bulk has come: nothing follows the digest, and what follows it is not heard. */
    BEFORE {
        @Override
        Hello says(Hello hello) {
            return hello;
        }

        @Override
        List<Bytes> sends(Bytes frame) {
            return List.of(hears(frame));
        }

        @Override
        Bytes hears(Bytes frame) {
            if (FrameType.find(frame) != FrameType.HEARTBEAT) {
                return frame;
            }
            Heartbeat told = Heartbeat.decode(frame);
            return new ByteWriter()
                    .u8(FrameType.HEARTBEAT.firstByte(0))
                    .varint(told.stamp())
                    .varint(told.echo())
                    .varint(told.heldMicros())
                    .u64(told.digest())
                    .toBytes();
        }
    },
    /** Speaks a newer version as well, has every feature, tells more in heartbeats, and sends frames of new types. */
    NEXT {
        @Override
        Hello says(Hello hello) {
            return new Hello(
                    hello.cluster(),
                    hello.name(),
                    hello.incarnation(),
                    hello.versionMin(),
                    hello.versionMax() + 1,
                    -1L,
                    hello.addresses());
        }

        @Override
        List<Bytes> sends(Bytes frame) {
            return FrameType.find(frame) == FrameType.HEARTBEAT
                    ? List.of(unknown(6), frame.concat(NEWS), unknown(12))
                    : List.of(frame);
        }

        @Override
        Bytes hears(Bytes frame) {
            return frame;
        }

        private Bytes unknown(int type) {
            return new ByteWriter().u8(type << 4).toBytes().concat(NEWS);
        }
    };

    private static final Bytes NEWS = Bytes.utf8("of which this version knows nothing");

    /** What becomes of a peer's hello. */
    abstract Hello says(Hello hello);

    /** What goes over a link in the place of a frame of this version. */
    abstract List<Bytes> sends(Bytes frame);

    /** What of a frame of this version the other one knows. */
    abstract Bytes hears(Bytes frame);
}
