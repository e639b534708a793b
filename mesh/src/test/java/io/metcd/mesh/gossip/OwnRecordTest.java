package io.metcd.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.Profile;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OwnRecordTest {
    private static final int RECORD_BYTES = Profile.LAN.sizes().recordBytes();

    private final OwnRecord own = new OwnRecord(MeshConfig.of("test", "hub", 1), new RecordsOf(0), 0);

    private static LinkClaims links(int count) {
        long[] neighbours = new long[count];
        int[] costs = new int[count];
        Arrays.setAll(neighbours, i -> i + 1);
        Arrays.fill(costs, 2);
        costs[count - 1] = 1;
        return LinkClaims.of(neighbours, costs);
    }

    @Test
    void hubOfSixHundredLinksMakesRecordThatOthersTake() {
        own.setLinks(links(600));

        SignedRecord said = own.say(0);

        LinkClaims claimed = RecordCodec.decode(said.encoded()).record().links();
        assertThat(claimed.size()).isEqualTo(Profile.LAN.sizes().linksMax());
        assertThat(claimed.find(600)).as("the cheapest").isNotNegative();
        assertThat(said.encoded().size()).isLessThanOrEqualTo(RECORD_BYTES);
        assertThat(own.unclaimed()).isEqualTo(88);
        assertThat(own.unclaimedIsNews()).isTrue();
        assertThat(own.unclaimedIsNews()).as("once").isFalse();
    }

    @Test
    void longFactsLeaveRoomForFewerLinksAndShorterOnesForAllAgain() {
        own.setLinks(links(500));
        own.setFacts(PeerFacts.named("hub").withLabel("long", "x".repeat(5_000)));
        SignedRecord said = own.say(0);
        assertThat(said.encoded().size()).isBetween(RECORD_BYTES - 100, RECORD_BYTES);
        assertThat(RecordCodec.decode(said.encoded()).record().links().size()).isBetween(200, 499);

        own.setFacts(PeerFacts.named("hub"));

        assertThat(own.current().links().size()).isEqualTo(500);
    }

    @Test
    void factsAreMeasuredWithoutTheLinksOfTheMoment() {
        own.setLinks(links(512));

        own.setFacts(PeerFacts.named("hub").withLabel("long", "x".repeat(5_000)));

        assertThat(own.current().facts().labels()).containsKey("long");
    }
}
