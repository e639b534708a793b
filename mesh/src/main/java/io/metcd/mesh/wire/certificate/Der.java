package io.metcd.mesh.wire.certificate;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The few forms of DER (X.690) that a certificate needs. Each method returns one complete element. */
public final class Der {
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** From this year on, RFC 5280 wants GeneralizedTime; before it, UTCTime. */
    private static final Instant UTC_TIME_END = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    public static Bytes sequence(Bytes... parts) {
        return element(0x30, join(parts));
    }

    public static Bytes set(Bytes... parts) {
        return element(0x31, join(parts));
    }

    /** An unsigned number: leading zeros go, and one comes back where the first bit would be read as a sign. */
    public static Bytes integer(Bytes unsigned) {
        int first = 0;
        while (first < unsigned.size() - 1 && unsigned.at(first) == 0) {
            first++;
        }
        Bytes shortest = unsigned.slice(first, unsigned.size());
        return element(0x02, shortest.at(0) < 0 ? Bytes.of(0).concat(shortest) : shortest);
    }

    public static Bytes oid(int... arcs) {
        ByteWriter content = new ByteWriter();
        base128(content, arcs[0] * 40 + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            base128(content, arcs[i]);
        }
        return element(0x06, content.toBytes());
    }

    public static Bytes bool(boolean value) {
        return element(0x01, Bytes.of(value ? 0xff : 0));
    }

    public static Bytes utf8(String text) {
        return element(0x0c, Bytes.utf8(text));
    }

    public static Bytes octets(Bytes content) {
        return element(0x04, content);
    }

    public static Bytes bits(Bytes content, int unusedBits) {
        return element(0x03, Bytes.of(unusedBits).concat(content));
    }

    public static Bytes time(Instant instant) {
        return instant.isBefore(UTC_TIME_END)
                ? element(0x17, Bytes.utf8(UTC_TIME.format(instant)))
                : element(0x18, Bytes.utf8(GENERALIZED_TIME.format(instant)));
    }

    /** Context-specific and constructed, as EXPLICIT tagging wants it. */
    public static Bytes explicit(int tag, Bytes content) {
        return element(0xa0 | tag, content);
    }

    /** Context-specific and primitive, as IMPLICIT tagging of a string wants it. */
    public static Bytes implicit(int tag, Bytes content) {
        return element(0x80 | tag, content);
    }

    public static Bytes join(Bytes... parts) {
        ByteWriter joined = new ByteWriter(256);
        for (Bytes part : parts) {
            joined.raw(part);
        }
        return joined.toBytes();
    }

    private static Bytes element(int tag, Bytes content) {
        int size = content.size();
        Invariants.check(size <= 0xffff, "DER element of %s bytes", size);
        ByteWriter writer = new ByteWriter(size + 4).u8(tag);
        if (size < 0x80) {
            writer.u8(size);
        } else if (size <= 0xff) {
            writer.u8(0x81).u8(size);
        } else {
            writer.u8(0x82).u16(size);
        }
        return writer.raw(content).toBytes();
    }

    private static void base128(ByteWriter writer, int value) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (value >>> shift != 0) {
                writer.u8(((value >>> shift) & 0x7f) | 0x80);
            }
        }
        writer.u8(value & 0x7f);
    }
}
