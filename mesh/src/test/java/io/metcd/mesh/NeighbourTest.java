package io.metcd.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.topology.LinkQuality;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.LinkPace;
import io.metcd.mesh.wire.LinkQueues;
import org.junit.jupiter.api.Test;

class NeighbourTest {
    private static final long MILLI = 1_000_000;

    private final Neighbour neighbour = new Neighbour(
            new Neighbour.Identity(1, PeerId.of(Bytes.utf8("b")), 1, "", "b:1"),
            new LinkQueues(
                    Profile.LAN.queues(),
                    Profile.LAN.sizes().chunkBytes(),
                    new ByteBudget(Profile.LAN.queues().meshBytes())),
            new LinkQuality(Profile.LAN.timing()),
            new LinkPace(Profile.LAN.sizes().chunkBytes()),
            0);

    /** Where datagrams carry heartbeats, one may come twice, or behind a later one. */
    @Test
    void aHeartbeatThatWasOvertakenChangesNothing() {
        neighbour.heard(new Heartbeat(1_000, 0, 0, 0, 0), 0, 10 * MILLI);
        neighbour.heard(new Heartbeat(2_000, 0, 0, 0, 0), 0, 11 * MILLI);

        neighbour.heard(new Heartbeat(1_000, 0, 0, 0, 0), 0, 90 * MILLI);
        neighbour.heard(new Heartbeat(2_000, 0, 0, 0, 0), 0, 91 * MILLI);

        Heartbeat answer = neighbour.heartbeat(0, 0, 100 * MILLI);
        assertThat(answer.echo()).isEqualTo(2_000);
        assertThat(answer.heldMicros()).isEqualTo(89_000);
    }
}
