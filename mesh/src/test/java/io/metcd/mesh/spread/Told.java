package io.metcd.mesh.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import java.util.List;

/**
 * What members tell each other beside records, read for searches from outside of this package: the first byte says what
 * it is, a word of a neighbour or somebody's part of a state.
 */
public final class Told {
    private static final int PAYLOAD_MAX = Profile.LAN.spread().itemBytes();
    private static final List<Crdt<?>> TYPES = List.of(GCounter.TYPE, LwwMap.TYPE, OrSet.TYPE);

    private Told() {}

    /** One of each kind. */
    public static List<Bytes> genuine() {
        Life life = new Life(PeerId.of(Bytes.of(1)), 2);
        SeriesId series = new SeriesId(life, "topic", false);
        Item item = Item.sign(series, 8, Bytes.utf8("payload"), new ItemsTest.Key(Bytes.of(1)));
        return List.of(
                part(0, GCounter.TYPE, GCounter.ZERO.plus(life, 5)),
                part(1, LwwMap.TYPE, LwwMap.EMPTY.put(life, "key", Bytes.utf8("value"))),
                part(1, LwwMap.TYPE, LwwMap.EMPTY.remove(life, "key")),
                part(2, OrSet.TYPE, OrSet.EMPTY.add(life, Bytes.utf8("element"))),
                word(Words.have(Words.Kind.HAVE, List.of(new Words.Entry(8, 200, 456)))),
                word(Words.ask(List.of(new Words.Question(-7, List.of(1L, 5L, 1L << 40))))),
                word(Words.parcel(Words.Kind.ITEM, new Words.Parcel(3_000_000, 4, 9, item))),
                word(Words.digest(42)));
    }

    /** Says what it is; {@link ByteReader.Malformed} where it is nothing. */
    public static String read(Bytes input) {
        ByteReader reader = new ByteReader(input);
        int kind = reader.u8();
        if (kind < TYPES.size()) {
            TYPES.get(kind).decode(reader.rest());
            return "part";
        }
        Words.Kind word = Words.kind(reader);
        switch (word) {
            case ITEM, ANSWER -> Words.readParcel(reader, PAYLOAD_MAX);
            case HAVE, HAVE_TOO, ALL_STATES -> Words.readHave(reader);
            case ASK -> Words.readAsk(reader);
            case DIGEST -> reader.u64();
        }
        return word.name();
    }

    /** Fails unless what was read says the same when it is written again, and merges as every part should. */
    public static void laws(Bytes input) {
        ByteReader reader = new ByteReader(input);
        int kind = reader.u8();
        if (kind < TYPES.size()) {
            merges(TYPES.get(kind), reader.rest());
            return;
        }
        Words.Kind word = Words.kind(reader);
        switch (word) {
            case ITEM, ANSWER -> {
                Words.Parcel parcel = Words.readParcel(reader, PAYLOAD_MAX);
                assertThat(Words.readParcel(behind(Words.parcel(word, parcel)), PAYLOAD_MAX))
                        .isEqualTo(parcel);
            }
            case HAVE, HAVE_TOO, ALL_STATES -> {
                List<Words.Entry> entries = Words.readHave(reader);
                assertThat(Words.readHave(behind(Words.have(word, entries)))).isEqualTo(entries);
            }
            case ASK -> {
                List<Words.Question> questions = Words.readAsk(reader);
                assertThat(Words.readAsk(behind(Words.ask(questions)))).isEqualTo(questions);
            }
            case DIGEST ->
                assertThat(behind(Words.digest(reader.u64())).remaining()).isEqualTo(Long.BYTES);
        }
    }

    private static <S> void merges(Crdt<S> type, Bytes encoded) {
        S part = type.decode(encoded);
        for (Bytes genuine : genuine()) {
            if (type.equals(TYPES.get(Math.min(genuine.at(0), TYPES.size() - 1))) && genuine.at(0) < TYPES.size()) {
                S other = type.decode(genuine.slice(1, genuine.size()));
                assertThat(type.merge(part, other)).isEqualTo(type.merge(other, part));
            }
        }
        assertThat(type.merge(part, part)).isEqualTo(part);
        assertThat(type.merge(part, type.empty())).isEqualTo(part);
        assertThat(type.decode(type.encode(part))).isEqualTo(part);
    }

    private static <S> Bytes part(int kind, Crdt<S> type, S part) {
        return Bytes.of(kind).concat(type.encode(part));
    }

    private static Bytes word(Bytes word) {
        return Bytes.of(TYPES.size()).concat(word);
    }

    private static ByteReader behind(Bytes word) {
        return new ByteReader(word.slice(1, word.size()));
    }
}
