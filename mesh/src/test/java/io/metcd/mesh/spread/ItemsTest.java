package io.metcd.mesh.spread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is held, and what is not. */
class ItemsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Profile.Spread BOUNDS = Profile.LAN.spread();

    private final TreeMap<PeerId, Long> known = new TreeMap<>();
    private final Items items = new Items(BOUNDS, owner -> Optional.ofNullable(known.get(owner)));
    private long now = 100 * SECOND;

    /** A key that signs nothing: signatures are checked elsewhere. */
    record Key(Bytes publicKey) implements Signer {
        @Override
        public Bytes sign(Bytes message) {
            return Bytes.copyOf(new byte[SIGNATURE_SIZE]);
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return true;
        }
    }

    @Test
    void messagesComeOutInOrderWhateverTheOrderTheyComeIn() {
        know("a", 1);

        assertThat(put(message("a", 1, 2))).isEmpty();
        assertThat(put(message("a", 1, 3))).isEmpty();
        assertThat(put(message("a", 1, 1))).containsExactly(1L, 2L, 3L);
        assertThat(items.has(message("a", 1, 2))).isTrue();
        assertThat(items.has(message("a", 1, 4))).isFalse();
    }

    @Test
    void aGapIsWaitedForAndThenPassedOver() {
        know("a", 1);
        put(message("a", 1, 1));
        put(message("a", 1, 3));

        now += BOUNDS.pace().patienceNanos();
        assertThat(items.sweep(now)).isEmpty();
        now += 1;
        assertThat(items.sweep(now)).hasSize(1);
        assertThat(items.has(message("a", 1, 2))).isTrue();
    }

    @Test
    void aWindowOfMessagesIsKeptAndNoMore() {
        know("a", 1);
        for (int i = 1; i <= 2 * BOUNDS.keptPerOrigin(); i++) {
            put(message("a", 1, i));
        }

        Series series = items.all().iterator().next();
        assertThat(series.low()).isEqualTo(BOUNDS.keptPerOrigin() + 1);
        assertThat(series.answer(1)).isEmpty();
        assertThat(series.answer(300)).isPresent();
        now += BOUNDS.keptNanos() + 1;
        items.sweep(now);
        assertThat(series.isEmpty()).isTrue();
        assertThat(items.has(message("a", 1, 512))).isTrue();
    }

    @Test
    void messagesOfUnknownPeersAndPastLivesAreRefused() {
        know("a", 5);

        assertThat(items.admits(message("b", 1, 1))).isFalse();
        assertThat(items.admits(message("a", 4, 1))).isFalse();
        assertThat(items.admits(message("a", 5, 1))).isTrue();
        assertThat(items.admits(message("a", 6, 1))).isTrue();
    }

    @Test
    void whatALifeHasSaidIsForgottenWithIt() {
        know("a", 1);
        put(message("a", 1, 1));
        known.put(id("a"), 2L);

        now += BOUNDS.keptNanos() + 1;
        items.sweep(now);

        assertThat(items.all()).isEmpty();
    }

    @Test
    void whoSaysMostLosesItsOldestWhenThereIsNoRoom() {
        int talkers = BOUNDS.keptBytes() / BOUNDS.seriesBytes() + 4;
        know("quiet", 1);
        put(message("quiet", 1, 1));
        for (int i = 0; i < talkers; i++) {
            know("talker " + i, 1);
            for (int j = 1; j <= 16; j++) {
                put(Item.sign(
                        series("talker " + i, 1, false), j, Bytes.copyOf(new byte[15 << 10]), key("talker " + i)));
            }
        }

        long bytes = items.all().stream().mapToLong(Series::bytes).sum();
        assertThat(bytes).isBetween(BOUNDS.keptBytes() * 9L / 10, (long) BOUNDS.keptBytes());
        assertThat(items.get(series("quiet", 1, false).hash()).orElseThrow().isEmpty())
                .isFalse();
    }

    @Test
    void onlyTheNewestPartOfAStateIsKept() {
        know("a", 1);
        put(part("a", 1, 1, 10));
        long digest = items.digest();
        put(part("a", 1, 5, 20));

        assertThat(items.parts("state")).hasSize(1);
        assertThat(items.all().iterator().next().bytes())
                .isEqualTo(part("a", 1, 5, 20).encoded().size());
        assertThat(items.has(part("a", 1, 4, 10))).isTrue();
        assertThat(items.digest()).isNotEqualTo(digest).isNotZero();
    }

    @Test
    void digestsAreEqualWhateverTheOrder() {
        Items other = new Items(BOUNDS, owner -> Optional.empty());
        put(part("a", 1, 1, 10));
        put(part("b", 1, 3, 10));
        other.put(new Series.Held(part("b", 1, 2, 10), now), 1, now);
        other.put(new Series.Held(part("b", 1, 3, 10), now), 1, now);
        other.put(new Series.Held(part("a", 1, 1, 10), now), 1, now);

        assertThat(other.digest()).isEqualTo(items.digest());
    }

    @Test
    void anOwnersPastLivesMakeRoomForItsPresentOne() {
        int part = 16_000;
        for (int life = 1; life <= 4; life++) {
            assertThat(putIfAdmitted(part("a", life, 1, part))).isTrue();
        }
        assertThat(putIfAdmitted(part("a", 5, 1, part))).isTrue();

        assertThat(items.parts("state"))
                .extracting(one -> one.series().life().incarnation())
                .containsExactlyInAnyOrder(2L, 3L, 4L, 5L);
        assertThat(putIfAdmitted(part("a", 1, 1, part))).isFalse();
    }

    @Test
    void unknownPeersFillTheRoomOnlyUntilSomebodyKnownNeedsIt() {
        int part = 16_000;
        int strangers = 0;
        put(part("first", 1, 1, part));
        while (putIfAdmitted(part("stranger " + strangers, 1, 1, part))) {
            strangers++;
        }
        assertThat(strangers).isBetween(500, BOUNDS.stateRoomBytes() / part);

        know("a", 1);
        assertThat(putIfAdmitted(part("a", 1, 1, part))).isTrue();
        assertThat(items.parts("state"))
                .extracting(one -> one.series().life().owner())
                .contains(id("first"), id("a"))
                .doesNotContain(id("stranger " + (strangers - 1)));
    }

    @Test
    void itemsTravelAndWhatIsNoneIsRefused() {
        Item item = message("a", 3, 9);
        assertThat(Item.decode(item.encoded(), 100)).isEqualTo(item);

        assertThatThrownBy(() -> Item.decode(item.encoded(), 3)).isInstanceOf(Malformed.class);
        for (int size = 0; size < item.encoded().size() - Signer.SIGNATURE_SIZE; size++) {
            Bytes cut = item.encoded().slice(0, size).concat(Bytes.copyOf(new byte[1]));
            assertThatThrownBy(() -> Item.decode(cut, 100)).isInstanceOf(Malformed.class);
        }
    }

    private void know(String name, long incarnation) {
        known.put(id(name), incarnation);
    }

    private boolean putIfAdmitted(Item item) {
        boolean admitted = items.admits(item);
        if (admitted) {
            put(item);
        }
        return admitted;
    }

    private List<Long> put(Item item) {
        return items.put(new Series.Held(item, now), 1, now).stream()
                .map(Item::sequence)
                .toList();
    }

    private static Item message(String owner, long life, long sequence) {
        return Item.sign(series(owner, life, false), sequence, Bytes.utf8("text"), key(owner));
    }

    private static Item part(String owner, long life, long sequence, int size) {
        return Item.sign(series(owner, life, true), sequence, Bytes.copyOf(new byte[size]), key(owner));
    }

    private static SeriesId series(String owner, long life, boolean state) {
        return new SeriesId(new Life(id(owner), life), "state", state);
    }

    private static Key key(String owner) {
        return new Key(Bytes.utf8(owner));
    }

    private static PeerId id(String owner) {
        return PeerId.of(Bytes.utf8(owner));
    }
}
