package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;
import org.junit.jupiter.api.Test;

class LaneTest {
    @Test
    void onlyHeartbeatsAndWholeDatagramsOfConsensusMayBeLost() {
        assertThat(Lane.of(new Heartbeat(1, 0, 0, 0, 0).encode())).isEqualTo(Lane.HEARTBEAT);
        assertThat(lane(FrameType.DATAGRAM, 0, Priority.CONSENSUS)).isEqualTo(Lane.FRESH);
        assertThat(lane(FrameType.DATAGRAM, Frame.ROUTED | Frame.SEALED, Priority.CONSENSUS))
                .isEqualTo(Lane.FRESH);
        assertThat(lane(FrameType.DATAGRAM, Frame.FRAGMENT, Priority.CONSENSUS)).isEqualTo(Lane.CONSENSUS);
        assertThat(lane(FrameType.DATAGRAM, 0, Priority.DATA)).isEqualTo(Lane.DATA);
        assertThat(lane(FrameType.DATAGRAM, 0, Priority.BULK)).isEqualTo(Lane.BULK);
        assertThat(lane(FrameType.ROUTE_ERROR, 0, Priority.CONTROL)).isEqualTo(Lane.CONTROL);
        assertThat(lane(FrameType.ROUTE_ERROR, 0, Priority.CONSENSUS)).isEqualTo(Lane.CONSENSUS);
        for (FrameType type :
                new FrameType[] {FrameType.RECORDS, FrameType.BUCKETS, FrameType.VERSIONS, FrameType.WANT}) {
            assertThat(lane(type, 0, Priority.BULK)).isEqualTo(Lane.CONTROL);
        }
        for (Lane lane : Lane.values()) {
            assertThat(lane.mayBeLost()).isEqualTo(lane == Lane.FRESH || lane == Lane.HEARTBEAT);
        }
    }

    private static Lane lane(FrameType type, int flags, Priority priority) {
        return Lane.of(Bytes.of(type.firstByte(flags), priority.code()));
    }
}
