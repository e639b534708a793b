package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/** What neighbours say to each other, and its bytes: a code, then what the method that writes it says. */
final class Words {
    static final int ENTRIES_MAX = 4_096;
    static final int NUMBERS_MAX = 64;
    private static final int MILLI = 1_000_000;
    private static final long AGE_MILLIS_MAX = 1L << 40;

    /** The codes. */
    enum Kind {
        /** An item, on its way down the tree. */
        ITEM(1),
        /** An item that was asked for. */
        ANSWER(2),
        /** What is held of some series; asks for the same. */
        HAVE(3),
        /** What is held of the same series; asks for nothing. */
        HAVE_TOO(4),
        /** Asks for items. */
        ASK(5),
        /** The digest of all parts of states. */
        DIGEST(6),
        /** What is held of all states; asks for what is newer. */
        ALL_STATES(7);

        private static final Kind[] KINDS = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** A series: its items from {@code low} up to but without {@code next} can be asked for. */
    record Entry(long series, long low, long next) {
        static Entry of(Series series) {
            return new Entry(series.hash, series.low(), series.next());
        }
    }

    /** Items that are missed. */
    record Question(long series, List<Long> sequences) {}

    /** An item as it travels: how old it is, and what its bearer holds of its series. */
    record Parcel(long ageNanos, long low, long next, Item item) {}

    private Words() {}

    static Kind kind(ByteReader reader) {
        int code = reader.u8();
        for (Kind kind : Kind.KINDS) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new Malformed("word " + code);
    }

    static Bytes parcel(Kind kind, Parcel parcel) {
        Bytes encoded = parcel.item.encoded();
        return new ByteWriter(32 + encoded.size())
                .u8(kind.code)
                .varint(parcel.ageNanos / MILLI)
                .varint(parcel.low)
                .varint(parcel.next)
                .raw(encoded)
                .toBytes();
    }

    static Parcel readParcel(ByteReader reader, int payloadMax) {
        long millis = Math.max(0, Math.min(AGE_MILLIS_MAX, reader.varint()));
        long low = reader.varint();
        long next = reader.varint();
        return new Parcel(millis * MILLI, low, next, Item.decode(reader.rest().compact(), payloadMax));
    }

    static Bytes have(Kind kind, List<Entry> entries) {
        int count = Math.min(ENTRIES_MAX, entries.size());
        ByteWriter writer = new ByteWriter(8 + 12 * count).u8(kind.code).varint(count);
        entries.subList(0, count)
                .forEach(entry -> writer.u64(entry.series).varint(entry.low).varint(entry.next));
        return writer.toBytes();
    }

    static List<Entry> readHave(ByteReader reader) {
        List<Entry> entries = new ArrayList<>();
        for (int left = reader.count(ENTRIES_MAX); left > 0; left--) {
            Entry entry = new Entry(reader.u64(), reader.varint(), reader.varint());
            if (entry.low < 1 || entry.next < entry.low) {
                throw new Malformed("items from " + entry.low + " to " + entry.next);
            }
            entries.add(entry);
        }
        return entries;
    }

    static Bytes ask(List<Question> questions) {
        ByteWriter writer = new ByteWriter().u8(Kind.ASK.code).varint(questions.size());
        for (Question question : questions) {
            writer.u64(question.series).varint(question.sequences.size());
            question.sequences.forEach(writer::varint);
        }
        return writer.toBytes();
    }

    static List<Question> readAsk(ByteReader reader) {
        List<Question> questions = new ArrayList<>();
        for (int left = reader.count(ENTRIES_MAX); left > 0; left--) {
            long series = reader.u64();
            List<Long> sequences = new ArrayList<>();
            for (int more = reader.count(NUMBERS_MAX); more > 0; more--) {
                sequences.add(reader.varint());
            }
            questions.add(new Question(series, sequences));
        }
        return questions;
    }

    static Bytes digest(long digest) {
        return new ByteWriter(9).u8(Kind.DIGEST.code).u64(digest).toBytes();
    }
}
