package io.metcd.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.SignedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What records cost before anybody knows whether they are worth it. Link n leads to peer n. */
class VerificationTest implements Gossip.Outlet, Gossip.Listener {
    private static final long SECOND = 1_000_000_000L;
    private static final int PEERS_MAX = Profile.LAN.overlay().peersMax();
    private static final RecordsOf SELF = new RecordsOf(0);

    private final List<PeerRecord> news = new ArrayList<>();
    private final List<PeerRecord> forgotten = new ArrayList<>();
    private final List<Bytes> sent = new ArrayList<>();
    private final List<Long> forgers = new ArrayList<>();
    private int verifications;
    private final Gossip gossip = new Gossip(SELF.id(), Profile.LAN, new Counting(), this, this);

    /** Counts what costs most. */
    private final class Counting implements Signer {
        @Override
        public Bytes publicKey() {
            return SELF.publicKey();
        }

        @Override
        public Bytes sign(Bytes message) {
            return SELF.sign(message);
        }

        @Override
        public boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
            verifications++;
            return SELF.verify(publicKey, message, signature);
        }
    }

    @BeforeEach
    void twoNeighbours() {
        gossip.publish(SELF.record(1, 1, "self"), 0);
        gossip.linkOpened(1, new RecordsOf(1).id(), 0);
        gossip.linkOpened(2, new RecordsOf(2).id(), 0);
        sent.clear();
    }

    @Override
    public boolean offer(long link, Bytes frame) {
        return sent.add(frame);
    }

    @Override
    public void changed(PeerRecord record, Optional<PeerRecord> before) {
        news.add(record);
    }

    @Override
    public void ghost(PeerRecord ghost) {}

    @Override
    public void forgotten(PeerRecord record) {
        forgotten.add(record);
    }

    @Override
    public void owing() {}

    @Override
    public void unverified() {}

    @Override
    public void forged(long link, String what) {
        forgers.add(link);
    }

    private void bring(long link, long now, SignedRecord... records) {
        ByteWriter writer = new ByteWriter(1024).u8(FrameType.RECORDS.firstByte(0));
        for (SignedRecord record : records) {
            writer.bytes(record.encoded());
        }
        gossip.receive(FrameType.RECORDS, link, writer.toBytes(), now);
    }

    private void bringEach(long link, long now, int from, int to) {
        for (int i = from; i < to; i++) {
            bring(link, now, new RecordsOf(i).record(1, 1, "x"));
        }
    }

    private static Bytes forged(RecordsOf peer) {
        byte[] bytes = peer.record(9, 9, "forged").encoded().toArray();
        bytes[bytes.length - 1] ^= 1;
        return Bytes.wrap(bytes);
    }

    private List<PeerId> held() {
        return gossip.database().records().stream().map(PeerRecord::id).toList();
    }

    @Test
    void thousandRecordsWaitAndTheTurnGoesOnAfterEight() {
        bringEach(1, 0, 100, 1_100);

        assertThat(verifications).as("in the frames' own turns").isZero();
        assertThat(gossip.verifySome(8, 0)).isFalse();
        assertThat(verifications).isEqualTo(8);
        assertThat(news).hasSize(8);
    }

    @Test
    void linkThatBringsThousandDelaysTheNextByOneVerification() {
        bringEach(1, 0, 100, 1_100);
        bring(2, 0, new RecordsOf(7).record(1, 1, "quiet"));

        gossip.verifySome(2, 0);

        assertThat(held()).contains(new RecordsOf(7).id());
    }

    @Test
    void ofManyVersionsFromOneLinkTheNewestAloneIsVerified() {
        for (int i = 1; i <= 20; i++) {
            bring(1, 0, new RecordsOf(7).record(1, i, "version"));
        }
        gossip.verifySome(100, 0);

        assertThat(verifications).isEqualTo(1);
        assertThat(news).extracting(PeerRecord::sequence).containsExactly(20L);
    }

    @Test
    void whatBothNeighboursBringIsVerifiedOnce() {
        bring(1, 0, new RecordsOf(7).record(1, 1, "same"));
        bring(2, 0, new RecordsOf(7).record(1, 1, "same"));
        gossip.verifySome(100, 0);

        assertThat(verifications).isEqualTo(1);
    }

    @Test
    void hundredThousandNamesCostTheirLinkItsTokensAndNobodyElseAnything() {
        bringEach(2, 0, 10, 60);
        gossip.verifySome(100, 0);
        List<PeerId> real = held();
        gossip.sweep(real, 0);
        verifications = 0;

        for (int i = 0; i < 100; i++) {
            bringEach(1, i * SECOND / 10, 1_000 + i * 1_000, 2_000 + i * 1_000);
            while (!gossip.verifySome(8, i * SECOND / 10)) {
                assertThat(gossip.database().size()).isLessThanOrEqualTo(PEERS_MAX);
            }
        }
        bring(2, 10 * SECOND, new RecordsOf(7).record(1, 1, "newcomer"));
        gossip.verifySome(8, 10 * SECOND);

        assertThat(held()).containsAll(real).contains(new RecordsOf(7).id());
        assertThat(verifications).isLessThan(PEERS_MAX + 60);
        assertThat(gossip.refused()).isGreaterThan(90_000);
    }

    @Test
    void linkedPeerNeedsNoToken() {
        bringEach(1, 0, 1_000, 1_000 + 3 * PEERS_MAX);
        while (!gossip.verifySome(100, 0)) {
            assertThat(gossip.database().size()).isLessThanOrEqualTo(PEERS_MAX);
        }
        bring(1, 0, new RecordsOf(1).record(1, 1, "linked"));
        gossip.verifySome(8, 0);

        assertThat(held()).contains(new RecordsOf(1).id());
    }

    @Test
    void roomIsMadeByThoseWhoWereNeverReachable() {
        bringEach(2, 0, 10, 60);
        gossip.verifySome(100, 0);
        List<PeerId> real = held();
        gossip.sweep(real, 0);
        gossip.sweep(List.of(SELF.id()), SECOND);

        bringEach(1, 2 * SECOND, 1_000, 1_000 + PEERS_MAX);
        gossip.verifySome(2 * PEERS_MAX, 2 * SECOND);

        assertThat(held()).hasSize(PEERS_MAX).containsAll(real);
        assertThat(forgotten).isNotEmpty();
    }

    @Test
    void forgedRecordTakesNobodysPlaceAndIsReported() {
        bringEach(2, 0, 1_000, 1_000 + PEERS_MAX - 1);
        gossip.verifySome(2 * PEERS_MAX, 0);
        List<PeerId> before = held();

        gossip.receive(
                FrameType.RECORDS,
                1,
                new ByteWriter(300)
                        .u8(FrameType.RECORDS.firstByte(0))
                        .bytes(forged(new RecordsOf(7)))
                        .toBytes(),
                0);
        gossip.verifySome(8, 0);

        assertThat(before).hasSize(PEERS_MAX);
        assertThat(held()).isEqualTo(before);
        assertThat(forgotten).isEmpty();
        assertThat(forgers).containsExactly(1L);
    }

    @Test
    void whatClosedLinkHasBroughtIsGoneWithIt() {
        bringEach(1, 0, 100, 200);
        gossip.linkClosed(1);

        assertThat(gossip.verifySome(8, 0)).isTrue();
        assertThat(verifications).isZero();
    }

    @Test
    void comparisonsAreAnsweredTwiceSecondAndQuestionsNobodyAskedForNotAtAll() {
        Bytes buckets = SyncCodec.buckets(new Digests());
        for (int i = 0; i < 100; i++) {
            gossip.receive(FrameType.BUCKETS, 1, buckets, i * SECOND / 100);
        }
        assertThat(sent).hasSize(2);

        gossip.receive(FrameType.WANT, 1, SyncCodec.want(List.of(SELF.id().shortId())), SECOND);
        gossip.flush();
        assertThat(sent).as("one WANT for the answers").hasSize(3);
        gossip.receive(FrameType.WANT, 1, SyncCodec.want(List.of(SELF.id().shortId())), SECOND);
        gossip.flush();
        assertThat(sent).as("and no more").hasSize(3);

        Bytes nothing = SyncCodec.versions(new SyncCodec.Versions(-1L, List.of()));
        gossip.receive(FrameType.VERSIONS, 1, nothing, SECOND);
        gossip.receive(FrameType.VERSIONS, 1, nothing, SECOND);
        gossip.flush();
        assertThat(sent).hasSizeLessThanOrEqualTo(4);
    }
}
