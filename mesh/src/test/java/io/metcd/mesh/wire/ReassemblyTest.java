package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReassemblyTest {
    private static final Profile.Sizes SIZES = Profile.LAN.sizes();
    private static final long SECOND = 1_000_000_000L;

    private final ByteBudget budget = new ByteBudget(32 << 20);
    private final ByteBudget.Share link = budget.share();
    private final Reassembly reassembly = new Reassembly(SIZES);

    private static List<Frame> chunks(Bytes body, long id) {
        Datagram datagram = new Datagram(
                new PeerId(Bytes.wrap(new byte[PeerId.SIZE])), Priority.DATA, 1, 0, Bytes.utf8("head"), body);
        Outgoing outgoing = Outgoing.datagram(datagram, Bytes.EMPTY, id);
        List<Frame> frames = new ArrayList<>();
        while (outgoing.remaining() > 0) {
            frames.add(Frame.read(FrameType.DATAGRAM, outgoing.nextFrame(SIZES.chunkBytes()), SIZES));
        }
        return frames;
    }

    @Test
    void chunksInAnyOrderMakeTheDatagram() {
        Property.check(30, random -> {
            Bytes body = random.bytes(20_000 + random.nextInt(200_000));
            List<Frame> frames = chunks(body, random.nextLong());
            Optional<Bytes> whole = Optional.empty();
            while (!frames.isEmpty()) {
                assertThat(whole).isEmpty();
                whole = reassembly.add(link, 1, frames.remove(random.nextInt(frames.size())), 0);
            }

            assertThat(whole).contains(Bytes.utf8("head").concat(body));
            assertThat(budget.used()).isZero();
        });
    }

    @Test
    void largestDatagramFits() {
        List<Frame> frames = chunks(Bytes.wrap(new byte[SIZES.datagramMax()]), 1);

        Optional<Bytes> whole = Optional.empty();
        for (Frame frame : frames) {
            whole = reassembly.add(link, 1, frame, 0);
        }

        assertThat(whole.orElseThrow().size()).isEqualTo(SIZES.datagramMax() + 4);
    }

    @Test
    void timerRestartsWithEachChunk() {
        List<Frame> frames = chunks(Bytes.wrap(new byte[60_000]), 1);
        Optional<Bytes> whole = Optional.empty();
        for (int i = 0; i < frames.size(); i++) {
            reassembly.expire(i * SECOND * 3 / 2);
            whole = reassembly.add(link, 1, frames.get(i), i * SECOND * 3 / 2);
        }
        assertThat(whole).isPresent();

        reassembly.add(link, 1, frames.get(0), 10 * SECOND);
        reassembly.expire(13 * SECOND);

        assertThat(reassembly.dropped()).isEqualTo(1);
        assertThat(budget.used()).isZero();
    }

    @Test
    void sourceIsBoundedAndLosesItsOldestDatagram() {
        Bytes body = Bytes.wrap(new byte[2 << 20]);
        for (int id = 0; id < 6; id++) {
            List<Frame> frames = chunks(body, id);
            frames.subList(0, frames.size() - 1).forEach(frame -> reassembly.add(link, 1, frame, 0));
        }

        assertThat(budget.used()).isLessThanOrEqualTo(SIZES.reassemblyBytesPerSource());
        assertThat(reassembly.dropped()).isPositive();
        List<Frame> last = chunks(body, 5);
        assertThat(reassembly.add(link, 1, last.get(last.size() - 1), 0)).isPresent();
    }

    @Test
    void datagramTooLargeForThisPeerIsDroppedWithoutBlamingAnybody() {
        Profile.Sizes larger = Profile.LAN.withRequestBytesMax(20 << 20).sizes();
        assertThat(larger.datagramMax()).isEqualTo((20 << 20) + (512 << 10));

        for (Frame frame : chunks(Bytes.wrap(new byte[larger.datagramMax()]), 1)) {
            assertThat(reassembly.add(link, 1, frame, 0)).isEmpty();
        }

        assertThat(budget.used()).isZero();
        assertThat(reassembly.dropped()).isPositive();
    }

    @Test
    void sameDatagramIdOfAnotherSourceIsAnotherDatagram() {
        List<Frame> ones = chunks(Bytes.wrap(new byte[20_000]), 7);
        List<Frame> others = chunks(Bytes.wrap(new byte[20_000]), 7);

        reassembly.add(link, 1, ones.get(0), 0);
        assertThat(reassembly.add(link, 2, others.get(1), 0)).isEmpty();
        assertThat(reassembly.add(link, 1, ones.get(1), 0)).isPresent();
    }

    @Test
    void chunksThatContradictEachOtherAreForgotten() {
        Frame first = chunks(Bytes.wrap(new byte[60_000]), 7).get(0);
        Frame otherCount = chunks(Bytes.wrap(new byte[40_000]), 7).get(1);

        reassembly.add(link, 1, first, 0);
        reassembly.add(link, 1, otherCount, 0);

        assertThat(budget.used()).isZero();
        assertThat(reassembly.dropped()).isEqualTo(1);
    }

    @Test
    void whatCostsMemoryIsChargedHoweverLittleItSays() {
        for (int id = 0; id < 100_000; id++) {
            reassembly.add(link, 1, oneByteOf(SIZES.fragmentsMax(), id), 0);
        }

        assertThat(reassembly.dropped()).isEqualTo(100_000 - SIZES.partialsPerSource());
        assertThat(link.held()).isBetween(SIZES.partialsPerSource() * 1_000L, SIZES.partialsPerSource() * 2_000L);
    }

    @Test
    void floodOverOneLinkCostsThoseOverAnotherNothing() {
        ByteBudget.Share other = budget.share();
        List<Frame> honest = chunks(Bytes.wrap(new byte[SIZES.datagramMax()]), 1);
        for (int source = 2; source < 100; source++) {
            for (int id = 0; id < 100; id++) {
                reassembly.add(link, source, oneByteOf(SIZES.fragmentsMax(), id), 0);
                reassembly.add(
                        link, source, chunks(Bytes.wrap(new byte[100_000]), id).get(1), 0);
            }
        }

        honest.subList(1, honest.size()).forEach(chunk -> reassembly.add(other, 1, chunk, 0));
        reassembly.add(link, 1, honest.get(0), 0);

        assertThat(reassembly.add(other, 1, honest.get(0), 0)).isPresent();
    }

    @Test
    void sourceThatHoldsMostMakesRoomForOthersOfItsLink() {
        List<Frame> honest = chunks(Bytes.wrap(new byte[1 << 20]), 1);
        reassembly.add(link, 1, honest.get(0), 0);
        for (int id = 0; id < 60; id++) {
            for (int source = 2; source < 5; source++) {
                for (Frame chunk : chunks(Bytes.wrap(new byte[100_000]), id).subList(1, 7)) {
                    reassembly.add(link, source, chunk, 0);
                }
            }
        }
        assertThat(reassembly.dropped()).as("the link's share is full").isPositive();

        honest.subList(1, honest.size() - 1).forEach(chunk -> reassembly.add(link, 1, chunk, 0));

        assertThat(reassembly.add(link, 1, honest.get(honest.size() - 1), 0)).isPresent();
    }

    private static Frame oneByteOf(int count, long id) {
        return new Frame(
                FrameType.DATAGRAM,
                Priority.CONSENSUS,
                Optional.empty(),
                Optional.of(new Frame.Fragment(id, 0, count)),
                false,
                false,
                Bytes.of(1));
    }
}
