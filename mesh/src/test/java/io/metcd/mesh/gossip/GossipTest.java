package io.metcd.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.SignedRecord;
import io.metcd.testkit.Property;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GossipTest {
    private static final long SECOND = 1_000_000_000L;

    /** One peer; link n leads to peer n. */
    private static final class Peer implements Gossip.Outlet, Gossip.Listener {
        final RecordsOf keys;
        final Gossip gossip;
        final List<PeerRecord> news = new ArrayList<>();
        final List<PeerRecord> ghosts = new ArrayList<>();
        final ArrayDeque<Sent> sent = new ArrayDeque<>();
        final List<String> forgeries = new ArrayList<>();
        boolean full;

        record Sent(int to, Bytes frame) {}

        Peer(int number) {
            keys = new RecordsOf(number);
            gossip = new Gossip(keys.id(), Profile.LAN, keys, this, this);
            gossip.publish(keys.record(1, 1, "p" + number), 0);
        }

        @Override
        public boolean offer(long link, Bytes frame) {
            if (!full) {
                sent.add(new Sent((int) link, frame));
            }
            return !full;
        }

        @Override
        public void changed(PeerRecord record, Optional<PeerRecord> before) {
            news.add(record);
        }

        @Override
        public void ghost(PeerRecord ghost) {
            ghosts.add(ghost);
        }

        @Override
        public void forgotten(PeerRecord record) {}

        @Override
        public void owing() {}

        @Override
        public void unverified() {}

        @Override
        public void forged(long link, String what) {
            forgeries.add(what);
        }
    }

    private static void link(Peer one, Peer other, long now) {
        one.gossip.linkOpened(other.keys.number(), other.keys.id(), now);
        other.gossip.linkOpened(one.keys.number(), one.keys.id(), now);
    }

    /** Delivers everything until nothing moves; returns how many frames moved. */
    private static int settle(long now, Peer... peers) {
        int moved = 0;
        boolean again = true;
        while (again) {
            again = false;
            for (Peer peer : peers) {
                peer.gossip.flush();
                while (!peer.sent.isEmpty()) {
                    Peer.Sent sent = peer.sent.poll();
                    Peer to = peers[sent.to];
                    to.gossip.receive(FrameType.of(sent.frame), peer.keys.number(), sent.frame, now);
                    again = true;
                    moved++;
                }
                peer.gossip.verifySome(Integer.MAX_VALUE, now);
            }
        }
        return moved;
    }

    private static void assertEqualKnowledge(Peer... peers) {
        for (Peer peer : peers) {
            assertThat(peer.gossip.database().digests().whole())
                    .isEqualTo(peers[0].gossip.database().digests().whole());
            assertThat(peer.gossip.database().size())
                    .isEqualTo(peers[0].gossip.database().size());
        }
    }

    @Test
    void newNeighboursExchangeEverythingTheyKnow() {
        Property.check(50, random -> {
            Peer one = new Peer(0);
            Peer other = new Peer(1);
            for (int i = 0; i < 40; i++) {
                Peer knower = random.chance(0.5) ? one : other;
                knower.gossip.publish(new RecordsOf(10 + i).record(1, random.nextInt(3), "x"), 0);
                if (random.chance(0.3)) {
                    other.gossip.publish(new RecordsOf(10 + i).record(1, random.nextInt(3), "x"), 0);
                }
            }
            one.sent.clear();
            other.sent.clear();

            link(one, other, 0);
            settle(0, one, other);

            assertEqualKnowledge(one, other);
            assertThat(one.gossip.database().size()).isEqualTo(42);
        });
    }

    @Test
    void newsIsFloodedOnceOverEachLinkOfALine() {
        Peer[] peers = {new Peer(0), new Peer(1), new Peer(2)};
        link(peers[0], peers[1], 0);
        link(peers[1], peers[2], 0);
        settle(0, peers);

        peers[0].gossip.publish(peers[0].keys.record(1, 2, "news"), 0);
        int frames = settle(0, peers);

        assertThat(frames).isEqualTo(2);
        assertEqualKnowledge(peers);
    }

    @Test
    void slowNeighbourIsOwedOnlyTheNewestRecord() {
        Peer one = new Peer(0);
        Peer other = new Peer(1);
        link(one, other, 0);
        settle(0, one, other);
        one.full = true;
        for (int i = 2; i < 100; i++) {
            one.gossip.publish(one.keys.record(1, i, "v" + i), 0);
            assertThat(one.gossip.flush()).isFalse();
        }

        one.full = false;
        int frames = settle(0, one, other);

        assertThat(frames).isEqualTo(1);
        assertEqualKnowledge(one, other);
    }

    @Test
    void differingDigestsAreRepairedByTheLowerOfTwoNeighbours() {
        Peer one = new Peer(0);
        Peer other = new Peer(1);
        link(one, other, 0);
        settle(0, one, other);
        other.gossip.linkClosed(0);
        other.gossip.publish(new RecordsOf(9).record(1, 1, "missed"), 0);
        other.gossip.linkOpened(0, one.keys.id(), 0);
        other.sent.clear();

        for (int i = 1; i <= 3; i++) {
            one.gossip.digest(1, other.gossip.database().digests().whole(), 2 * SECOND);
            other.gossip.digest(0, one.gossip.database().digests().whole(), 2 * SECOND);
            settle(2 * SECOND, one, other);
        }

        assertEqualKnowledge(one, other);
    }

    @Test
    void forgedRecordIsReportedAndNotKept() {
        Peer one = new Peer(0);
        Peer other = new Peer(1);
        link(one, other, 0);
        SignedRecord good = new RecordsOf(7).record(1, 1, "good");
        byte[] bytes = good.encoded().toArray();
        bytes[bytes.length - 1] ^= 1;
        Bytes frame = new ByteWriter()
                .u8(FrameType.RECORDS.firstByte(0))
                .bytes(Bytes.wrap(bytes))
                .toBytes();

        one.gossip.receive(FrameType.RECORDS, 1, frame, 0);
        one.gossip.verifySome(1, 0);

        assertThat(one.forgeries).singleElement().asString().contains("wrong signature");
        assertThat(one.gossip.database().get(good.record().id())).isEmpty();
    }

    @Test
    void ghostOfOwnPastIsReportedAndNotKept() {
        Peer one = new Peer(0);
        Peer other = new Peer(1);
        link(one, other, 0);
        settle(0, one, other);

        other.gossip.publish(one.keys.record(9, 1, "ghost"), 0);
        settle(0, one, other);

        assertThat(one.ghosts).extracting(PeerRecord::incarnation).containsExactly(9L);
        assertThat(one.gossip
                        .database()
                        .get(one.keys.id())
                        .orElseThrow()
                        .record()
                        .incarnation())
                .isEqualTo(1);
    }

    @Test
    void originThatFloodsIsHeldBackWithoutHarmToOthers() {
        Peer one = new Peer(0);
        Peer other = new Peer(1);
        link(one, other, 0);
        settle(0, one, other);
        for (int i = 1; i <= 200; i++) {
            other.gossip.publish(new RecordsOf(7).record(1, i, "flood"), 0);
            settle(0, one, other);
        }
        other.gossip.publish(new RecordsOf(8).record(1, 1, "quiet"), 0);
        settle(0, one, other);

        PeerId flooder = new RecordsOf(7).id();
        assertThat(one.gossip.refused()).isPositive();
        assertThat(one.news.stream().filter(record -> record.id().equals(flooder)))
                .hasSizeLessThan(50);
        assertThat(one.gossip.database().get(new RecordsOf(8).id())).isPresent();
    }
}
