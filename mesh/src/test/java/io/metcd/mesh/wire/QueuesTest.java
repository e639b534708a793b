package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import io.metcd.testkit.Transcript;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class QueuesTest {
    @TestFactory
    Stream<DynamicTest> stories() {
        return Transcript.folder("queues", QueuesStage::new);
    }

    @Test
    void budgetIsGivenBackToTheByteWhateverHappens() {
        Property.check(50, random -> {
            ByteBudget budget = new ByteBudget(3 << 20);
            LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, budget);
            for (int i = 0; i < 500; i++) {
                step(random, queues);
            }
            long waiting = 0;
            for (Priority priority : Priority.values()) {
                waiting += queues.queuedBytes(priority);
            }
            assertThat(budget.used()).isEqualTo(waiting);

            queues.drain();

            assertThat(budget.used()).isZero();
            assertThat(queues.isEmpty()).isTrue();
        });
    }

    @Test
    void answerFindsRoomWhereItsClassIsFull() {
        ByteBudget budget = new ByteBudget(32 << 20);
        LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, budget);
        while (queues.offer(datagram(Priority.DATA, 100_000, 0)) == LinkQueues.Offer.QUEUED) {
            assertThat(queues.queuedBytes(Priority.DATA)).isLessThanOrEqualTo(4 << 20);
        }

        LinkQueues.Offer answer = queues.offerAnswer(datagram(Priority.DATA, 100_000, 0));

        assertThat(answer).isEqualTo(LinkQueues.Offer.QUEUED);
    }

    @Test
    void answersOfOneLinkHaveTheirBoundToo() {
        LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, new ByteBudget(64 << 20));

        while (queues.offerAnswer(datagram(Priority.DATA, 100_000, 0)) == LinkQueues.Offer.QUEUED) {
            assertThat(queues.queuedBytes(Priority.DATA)).isLessThanOrEqualTo(8 << 20);
        }

        assertThat(queues.dropped(Priority.DATA)).isEqualTo(1);
    }

    @Test
    void relayedFramesLeaveRoomForOurOwnAndForThoseOfOtherLinks() {
        for (Priority priority : List.of(Priority.CONSENSUS, Priority.DATA, Priority.BULK)) {
            LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, new ByteBudget(32 << 20));
            int bound = Profile.LAN.queues().bytes(priority);
            for (int i = 0; i < 1_000; i++) {
                queues.offer(relayed(priority, 1));
            }
            assertThat(queues.queuedBytes(priority)).isBetween(bound / 2 - 20_000, bound / 2);

            assertThat(queues.offer(relayed(priority, 2))).isEqualTo(LinkQueues.Offer.QUEUED);
            int before = queues.queuedBytes(priority);
            assertThat(queues.offer(datagram(priority, bound / 4, 0))).isEqualTo(LinkQueues.Offer.QUEUED);
            assertThat(queues.queuedBytes(priority)).as("nothing made room").isGreaterThan(before + bound / 4);
        }
    }

    @Test
    void controlOfOthersLeavesRoomForHeartbeats() {
        LinkQueues queues = new LinkQueues(Profile.LAN.queues(), 16 << 10, new ByteBudget(32 << 20));
        Bytes records = Bytes.wrap(new byte[1 << 10]);
        while (queues.controlHasRoom(records.size())) {
            queues.offer(Outgoing.frame(Priority.CONTROL, records));
        }

        for (int i = 0; i < 20; i++) {
            Bytes heartbeat = new Heartbeat(i, i, i, i, i).encode();
            assertThat(queues.offer(Outgoing.frame(Priority.CONTROL, heartbeat)))
                    .isEqualTo(LinkQueues.Offer.QUEUED);
        }
    }

    private static Outgoing relayed(Priority priority, long cameOver) {
        return Outgoing.relayed(priority, Bytes.wrap(new byte[10_000]), cameOver);
    }

    private static void step(RandomSource random, LinkQueues queues) {
        if (random.chance(0.4)) {
            for (int i = random.nextInt(20); i > 0 && !queues.isEmpty(); i--) {
                queues.next(true);
            }
        } else {
            Priority priority = Priority.at(random.nextInt(Priority.count()));
            int size = random.nextInt(200_000);
            boolean own = priority != Priority.CONTROL && random.chance(0.7);
            queues.offer(
                    own
                            ? datagram(priority, size, random.nextInt(4))
                            : Outgoing.relayed(priority, Bytes.wrap(new byte[size + 1]), random.nextInt(3)));
        }
    }

    static Outgoing datagram(Priority priority, int size, int key) {
        PeerId to = new PeerId(Bytes.wrap(new byte[PeerId.SIZE]));
        Bytes head = Envelope.head(Envelope.Kind.MESSAGE, 1, 0);
        return Outgoing.datagram(new Datagram(to, priority, 1, key, head, Bytes.wrap(new byte[size])), Bytes.EMPTY, 1);
    }
}
