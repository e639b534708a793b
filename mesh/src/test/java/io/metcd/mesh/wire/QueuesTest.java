package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import io.metcd.testkit.Transcript;
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

    private static void step(RandomSource random, LinkQueues queues) {
        if (random.chance(0.4)) {
            for (int i = random.nextInt(20); i > 0 && !queues.isEmpty(); i--) {
                queues.next();
            }
        } else {
            Priority priority = Priority.at(random.nextInt(Priority.count()));
            queues.offer(datagram(priority, random.nextInt(200_000), random.nextInt(4)));
        }
    }

    private static Outgoing datagram(Priority priority, int size, int key) {
        PeerId to = new PeerId(Bytes.wrap(new byte[PeerId.SIZE]));
        Bytes head = Envelope.head(Envelope.Kind.MESSAGE, 1, 0);
        return Outgoing.datagram(new Datagram(to, priority, 1, key, head, Bytes.wrap(new byte[size])), Bytes.EMPTY, 1);
    }
}
