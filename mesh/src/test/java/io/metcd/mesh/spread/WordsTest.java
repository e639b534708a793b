package io.metcd.mesh.spread;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What neighbours say, and what is no word. */
class WordsTest {
    private static final int PAYLOAD_MAX = 1_000;
    private static final List<Words.Entry> ENTRIES =
            List.of(new Words.Entry(-7, 1, 1), new Words.Entry(8, 200, 456), new Words.Entry(9, 3, 1L << 40));
    private static final List<Words.Question> QUESTIONS =
            List.of(new Words.Question(-7, List.of(1L, 5L, 1L << 40)), new Words.Question(8, List.of()));

    @Test
    void wordsTravel() {
        ByteReader have = new ByteReader(Words.have(Words.Kind.HAVE_TOO, ENTRIES));
        assertThat(Words.kind(have)).isEqualTo(Words.Kind.HAVE_TOO);
        assertThat(Words.readHave(have)).isEqualTo(ENTRIES);

        ByteReader ask = new ByteReader(Words.ask(QUESTIONS));
        assertThat(Words.kind(ask)).isEqualTo(Words.Kind.ASK);
        assertThat(Words.readAsk(ask)).isEqualTo(QUESTIONS);

        Words.Parcel parcel = new Words.Parcel(3_000_000, 4, 9, item());
        ByteReader answer = new ByteReader(Words.parcel(Words.Kind.ANSWER, parcel));
        assertThat(Words.kind(answer)).isEqualTo(Words.Kind.ANSWER);
        assertThat(Words.readParcel(answer, PAYLOAD_MAX)).isEqualTo(parcel);
    }

    @Test
    void whateverComesIsAWordOrMalformed() {
        RandomSource random = RandomSource.seeded(1);
        List<Bytes> golden = List.of(
                Words.have(Words.Kind.HAVE, ENTRIES),
                Words.ask(QUESTIONS),
                Words.parcel(Words.Kind.ITEM, new Words.Parcel(0, 1, 2, item())),
                Words.digest(42));
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] word = golden.get(random.nextInt(golden.size())).toArray();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                word[random.nextInt(word.length)] = (byte) random.nextLong();
            }
            int size = random.chance(0.5) ? word.length : 1 + random.nextInt(word.length);
            refused += isWord(Bytes.copyOf(word).slice(0, size)) ? 0 : 1;
        }
        assertThat(refused).isBetween(5_000, 19_000);
    }

    private static boolean isWord(Bytes word) {
        ByteReader reader = new ByteReader(word);
        try {
            switch (Words.kind(reader)) {
                case ITEM, ANSWER -> Words.readParcel(reader, PAYLOAD_MAX);
                case HAVE, HAVE_TOO, ALL_STATES -> Words.readHave(reader);
                case ASK -> Words.readAsk(reader);
                case DIGEST -> reader.u64();
            }
            return true;
        } catch (Malformed e) {
            return false;
        }
    }

    private static Item item() {
        Bytes key = Bytes.utf8("key");
        SeriesId series = new SeriesId(new Life(PeerId.of(key), 5), "topic", false);
        return Item.sign(series, 8, Bytes.utf8("payload"), new ItemsTest.Key(key));
    }
}
