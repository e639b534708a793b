package io.metcd.mesh.spread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What every type promises, over many seeds: random peers change random parts in ignorance of each other. */
class CrdtLawsTest {
    private static final int SEEDS = 200;
    private static final int LIVES = 4;
    private static final List<String> WORDS = List.of("ash", "birch", "cedar");

    @Test
    void counterObeysTheLaws() {
        laws(GCounter.TYPE, (random, value) -> value.plus(life(random.nextInt(LIVES)), random.nextInt(5)));
    }

    @Test
    void mapObeysTheLaws() {
        laws(LwwMap.TYPE, (random, value) -> {
            Life writer = life(random.nextInt(LIVES));
            String key = WORDS.get(random.nextInt(WORDS.size()));
            return random.chance(0.3) ? value.remove(writer, key) : value.put(writer, key, random.bytes(3));
        });
    }

    @Test
    void setObeysTheLaws() {
        laws(OrSet.TYPE, (random, value) -> {
            Bytes element = Bytes.utf8(WORDS.get(random.nextInt(WORDS.size())));
            return random.chance(0.4) ? value.remove(element) : value.add(life(random.nextInt(LIVES)), element);
        });
    }

    @Test
    void counterSumsWhatEachLifeCounted() {
        GCounter value = GCounter.ZERO;
        for (int i = 0; i < 10; i++) {
            value = GCounter.TYPE.merge(value, value.plus(life(i % 3), i));
        }

        assertThat(value.value()).isEqualTo(45);
        assertThat(value.counts()).hasSize(3);
        GCounter counter = value;
        assertThatThrownBy(() -> counter.plus(life(0), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void laterWriteWinsWhoeverWritesIt() {
        LwwMap first = LwwMap.EMPTY.put(life(2), "key", Bytes.utf8("old"));
        LwwMap second = LwwMap.TYPE.merge(first, first.put(life(1), "key", Bytes.utf8("new")));
        LwwMap third = LwwMap.TYPE.merge(second, second.remove(life(0), "key"));

        assertThat(second.asMap()).containsOnlyKeys("key").containsValue(Bytes.utf8("new"));
        assertThat(third.get("key")).isEmpty();
        assertThat(LwwMap.TYPE.merge(third, first).asMap()).isEmpty();
    }

    @Test
    void additionSurvivesRemovalThatDidNotKnowOfIt() {
        Bytes ash = Bytes.utf8("ash");
        OrSet known = OrSet.EMPTY.add(life(0), ash);
        OrSet removal = known.remove(ash);
        OrSet unknown = known.add(life(1), ash);

        OrSet removed = OrSet.TYPE.merge(known, removal);
        assertThat(removed.elements()).isEmpty();
        assertThat(OrSet.TYPE.merge(removed, unknown).elements()).containsExactly(ash);
    }

    @Test
    void setThatIsTrimmedStaysSmallAndMeansTheSame() {
        OrSet one = OrSet.EMPTY;
        OrSet other = OrSet.EMPTY;
        Bytes ash = Bytes.utf8("ash");

        for (int i = 0; i < 1_000; i++) {
            OrSet value = OrSet.TYPE.merge(one, other);
            one = OrSet.TYPE.trim(OrSet.TYPE.merge(one, value.add(life(0), ash)), value);
            value = OrSet.TYPE.merge(one, other);
            other = OrSet.TYPE.trim(OrSet.TYPE.merge(other, value.remove(ash)), value);
        }

        assertThat(OrSet.TYPE.merge(one, other).elements()).isEmpty();
        assertThat(OrSet.TYPE.encode(one).size() + OrSet.TYPE.encode(other).size())
                .isLessThan(300);
        assertThat(one.add(life(0), ash).added().firstKey().number()).isEqualTo(1_001);
    }

    private static <S> void laws(Crdt<S> type, BiFunction<RandomSource, S, S> change) {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomSource random = RandomSource.seeded(seed);
            List<S> parts = new ArrayList<>(Collections.nCopies(LIVES, type.empty()));
            for (int i = 0; i < 40; i++) {
                int at = random.nextInt(LIVES);
                S part = parts.get(at);
                if (random.chance(0.3)) {
                    part = type.merge(part, parts.get(random.nextInt(LIVES)));
                }
                parts.set(at, type.merge(part, change.apply(random, part)));
            }
            S a = parts.get(0);
            S b = parts.get(1);
            S c = parts.get(2);
            assertThat(type.merge(a, b)).as("commutes, seed %s", seed).isEqualTo(type.merge(b, a));
            assertThat(type.merge(type.merge(a, b), c))
                    .as("associates, seed %s", seed)
                    .isEqualTo(type.merge(a, type.merge(b, c)));
            assertThat(type.merge(a, a)).as("repeats, seed %s", seed).isEqualTo(a);
            assertThat(type.merge(a, type.empty())).as("neutral, seed %s", seed).isEqualTo(a);
            assertThat(type.decode(type.encode(a))).as("travels, seed %s", seed).isEqualTo(a);
            noise(type, type.encode(a), random);
        }
    }

    /** Whatever comes is a part, or refused as none. */
    private static <S> void noise(Crdt<S> type, Bytes encoded, RandomSource random) {
        if (encoded.isEmpty()) {
            return;
        }
        byte[] bytes = encoded.toArray();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        try {
            S read = type.decode(Bytes.wrap(bytes).slice(0, 1 + random.nextInt(bytes.length)));
            assertThat(type.merge(read, read)).isEqualTo(read);
        } catch (Malformed e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static Life life(int number) {
        return new Life(new PeerId(Bytes.copyOf(new byte[PeerId.SIZE - 1]).concat(Bytes.of(number))), 7);
    }

    @Test
    void livesOfOnePeerAreCountedApart() {
        PeerId peer = life(1).owner();
        GCounter value =
                GCounter.TYPE.merge(GCounter.ZERO.plus(new Life(peer, 1), 3), GCounter.ZERO.plus(new Life(peer, 2), 4));

        assertThat(value.value()).isEqualTo(7);
        assertThat(new TreeSet<>(value.counts().values())).containsExactly(3L, 4L);
    }
}
