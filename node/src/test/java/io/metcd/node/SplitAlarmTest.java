package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SplitAlarmTest {
    private static final PeerId SELF = FoundingWorld.peerId(1);
    private static final PeerId OTHER = FoundingWorld.peerId(2);

    /** A view of one other member, of cluster 0xbb that was founded at 2000. */
    private static TopologyView meeting(boolean established, boolean reachable) {
        FoundingPromise promise =
                new FoundingPromise(2000, 0, Bytes.utf8("set"), established, FoundingPromise.Ballot.OF_SLOTS);
        PeerFacts facts = PeerFacts.named("b").withPromise(promise.encode()).withMember(7, 0xbb, 2000);
        TreeMap<PeerId, TopologyView.PeerView> peers = new TreeMap<>();
        peers.put(OTHER, FoundingWorld.peerView(OTHER, 2000, facts, reachable));
        return FoundingWorld.view(SELF, peers);
    }

    @Test
    void bothClustersTellOfEachOtherAndTheLaterOneYields() {
        SplitAlarm earlier = new SplitAlarm();
        SplitAlarm later = new SplitAlarm();

        assertThat(earlier.observe(meeting(true, true), 0xaa, 1000)).isTrue();
        assertThat(later.observe(meeting(true, true), 0xcc, 3000)).isTrue();

        assertThat(earlier.yields()).isFalse();
        assertThat(later.yields()).isTrue();
        assertThat(earlier.text("orders").orElseThrow()).contains("'orders'", "(aa)", "bb, founded later", "'b'");
        assertThat(later.text("orders").orElseThrow()).contains("(cc)", "bb, founded earlier", "takes no writes");
    }

    @Test
    void aClusterThatIsOutOfReachIsStillToldOfButNotYieldedTo() {
        SplitAlarm later = new SplitAlarm();
        later.observe(meeting(true, true), 0xcc, 3000);

        boolean news = later.observe(meeting(true, false), 0xcc, 3000);

        assertThat(news).isTrue();
        assertThat(later.yields()).isFalse();
        assertThat(later.text("orders").orElseThrow()).contains("bb", "out of reach now");
    }

    @Test
    void aClusterThatNeverHadALeaderIsNoAlarm() {
        SplitAlarm alarm = new SplitAlarm();

        assertThat(alarm.observe(meeting(false, true), 0xaa, 1000)).isFalse();

        assertThat(alarm.text("orders")).isEmpty();
    }

    @Test
    void ofTwoThatWereFoundedAtOneMomentOnlyOneYields() {
        SplitAlarm smaller = new SplitAlarm();
        SplitAlarm larger = new SplitAlarm();
        smaller.observe(meeting(true, true), 0xaa, 2000);
        larger.observe(meeting(true, true), 0xcc, 2000);

        assertThat(smaller.yields()).isFalse();
        assertThat(larger.yields()).isTrue();
    }
}
