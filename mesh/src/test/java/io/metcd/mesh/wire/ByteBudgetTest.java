package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private static final int LIMIT = 32 << 20;

    @Test
    void sharesNeverHoldMoreThanThereIsAndControlAlwaysFindsRoom() {
        Property.check(100, random -> {
            ByteBudget budget = new ByteBudget(LIMIT);
            List<ByteBudget.Share> shares = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                if (shares.isEmpty() || random.chance(0.02)) {
                    shares.add(budget.share());
                }
                ByteBudget.Share share = shares.get(random.nextInt(shares.size()));
                if (random.chance(0.1)) {
                    share.give((int) share.held());
                } else {
                    share.take(Priority.at(1 + random.nextInt(3)), random.nextInt(3 << 20));
                }
                assertThat(shares.stream().mapToLong(ByteBudget.Share::held).sum())
                        .isEqualTo(budget.used())
                        .isLessThanOrEqualTo(LIMIT);
            }

            assertThat(budget.share().take(Priority.CONTROL, LIMIT / 16)).isTrue();
        });
    }

    @Test
    void tenLinksThatNeverDrainLeaveRoomForOneMore() {
        ByteBudget budget = new ByteBudget(LIMIT);
        for (int i = 0; i < 10; i++) {
            LinkQueues stalled = new LinkQueues(Profile.LAN.queues(), 16 << 10, budget);
            while (stalled.offerAnswer(QueuesTest.datagram(Priority.DATA, 100_000, 0)) == LinkQueues.Offer.QUEUED) {
                assertThat(stalled.queuedBytes(Priority.DATA)).isLessThanOrEqualTo(8 << 20);
            }
        }
        LinkQueues healthy = new LinkQueues(Profile.LAN.queues(), 16 << 10, budget);

        assertThat(healthy.offer(QueuesTest.datagram(Priority.BULK, 100_000, 0)))
                .isEqualTo(LinkQueues.Offer.QUEUED);
        assertThat(healthy.offer(QueuesTest.datagram(Priority.DATA, 300_000, 0)))
                .isEqualTo(LinkQueues.Offer.QUEUED);
        assertThat(healthy.offer(QueuesTest.datagram(Priority.CONSENSUS, 16_000, 0)))
                .isEqualTo(LinkQueues.Offer.QUEUED);
    }

    @Test
    void linkOnWhichTwoOfTheLargestWaitTakesAnother() {
        for (int requestBytes : List.of(1 << 20, 16 << 20)) {
            Profile profile = Profile.LAN.withRequestBytesMax(requestBytes);
            LinkQueues queues = new LinkQueues(
                    profile.queues(), 16 << 10, new ByteBudget(profile.queues().meshBytes()));
            int largest = requestBytes + (256 << 10);

            for (int i = 0; i < 2; i++) {
                assertThat(queues.offer(QueuesTest.datagram(Priority.DATA, largest, 0)))
                        .isEqualTo(LinkQueues.Offer.QUEUED);
            }
            assertThat(queues.share().take(Priority.DATA, largest)).isTrue();
        }
    }
}
