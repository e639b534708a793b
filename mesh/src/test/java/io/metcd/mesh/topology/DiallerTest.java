package io.metcd.mesh.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiallerTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final PeerId SELF = id(100);

    private final Set<PeerId> linked = new TreeSet<>();
    private final Set<PeerId> reachable = new TreeSet<>();
    private boolean voter;

    private final Dialler.Neighbourhood neighbourhood = new Dialler.Neighbourhood() {
        @Override
        public boolean linked(PeerId peer) {
            return linked.contains(peer);
        }

        @Override
        public boolean reachable(PeerId peer) {
            return reachable.contains(peer);
        }

        @Override
        public int links() {
            return linked.size();
        }

        @Override
        public int peers() {
            return reachable.size() + 1;
        }

        @Override
        public boolean voter() {
            return voter;
        }
    };

    private static PeerId id(int n) {
        byte[] bytes = new byte[PeerId.SIZE];
        bytes[0] = (byte) n;
        return new PeerId(Bytes.wrap(bytes));
    }

    private static Dialler dialler(boolean dialable, long seed) {
        return new Dialler(SELF, dialable, Profile.LAN, RandomSource.seeded(seed));
    }

    private static PeerRecord record(int n, long memberId) {
        PeerFacts facts = PeerFacts.named("p" + n).withMember(memberId, 0, 0);
        return record(n, memberId == 0 ? facts : facts.withLabel(PeerFacts.VOTES, "yes"), "p" + n + ":1");
    }

    private static PeerRecord record(int n, PeerFacts facts, String... addresses) {
        return new PeerRecord(
                id(n), Bytes.EMPTY, 1, 1, PeerRecord.Standing.RELAY, facts, List.of(addresses), LinkClaims.NONE);
    }

    /** Fails every dial for so long; returns the times at which the address was dialled. */
    private List<Long> failing(Dialler dialler, long forNanos) {
        List<Long> times = new ArrayList<>();
        for (long now = 0; now < forNanos; now += 10 * MILLI) {
            for (Dialler.Dial dial : dialler.plan(neighbourhood, now)) {
                times.add(now);
                dialler.failed(dial.attempt(), "refused", now);
            }
        }
        return times;
    }

    @Test
    void pausesGrowWithJitterUpToTheCap() {
        Dialler dialler = dialler(true, 1);
        dialler.addSeed("seed:1");
        List<Long> times = failing(dialler, 200 * SECOND);

        long longest = 0;
        Set<Long> pauses = new TreeSet<>();
        for (int i = 1; i < times.size(); i++) {
            pauses.add(times.get(i) - times.get(i - 1));
            longest = Math.max(longest, times.get(i) - times.get(i - 1));
        }
        assertThat(times.get(0)).isZero();
        assertThat(times.get(1)).isLessThanOrEqualTo(250 * MILLI);
        assertThat(longest).isBetween(900 * MILLI, 1_010 * MILLI);
        assertThat(pauses).hasSizeGreaterThan(20);
        assertThat(times.size()).isBetween(200, 800);
    }

    @Test
    void peersThatAreNeitherSeedsNorVotersAreDialledLessOften() {
        reachable.add(id(1));
        Dialler dialler = dialler(false, 1);
        dialler.learn(record(1, 0), 0);
        int others = failing(dialler, 200 * SECOND).size();
        Dialler toMember = dialler(false, 1);
        toMember.learn(record(1, 7), 0);
        int members = failing(toMember, 200 * SECOND).size();
        reachable.clear();
        Dialler toLost = dialler(false, 1);
        toLost.learn(record(1, 0), 0);
        int lost = failing(toLost, 200 * SECOND).size();

        assertThat(others).isBetween(15, 40);
        assertThat(lost).as("out of reach: it may be beyond a partition").isBetween(60, 120);
        assertThat(members).isGreaterThan(200);
    }

    @Test
    void everyPairIsLinkedInSmallMesh() {
        Dialler dialler = dialler(false, 1);
        for (int i = 1; i <= 15; i++) {
            dialler.learn(record(i, 0), 0);
            reachable.add(id(i));
        }
        linked.add(id(1));

        List<Dialler.Dial> dials = dialler.plan(neighbourhood, 0);

        assertThat(dials).extracting(Dialler.Dial::address).hasSize(14).doesNotContain("p1:1");
        assertThat(dialler.plan(neighbourhood, SECOND))
                .as("while those are in flight")
                .isEmpty();
    }

    @Test
    void largeMeshIsDialledUpToTheDegreeAtRandom() {
        Set<String> chosen = new TreeSet<>();
        Property.check(20, random -> {
            Dialler dialler = new Dialler(SELF, false, Profile.LAN, random);
            for (int i = 1; i <= 90; i++) {
                dialler.learn(record(i, 0), 0);
                reachable.add(id(i));
            }
            linked.addAll(List.of(id(1), id(2), id(3)));

            List<Dialler.Dial> dials = dialler.plan(neighbourhood, 0);

            assertThat(dials).hasSize(5);
            dials.forEach(dial -> chosen.add(dial.address()));
        });
        assertThat(chosen).hasSizeGreaterThan(40);
    }

    @Test
    void votersOfOneGroupStayLinkedInLargeMesh() {
        voter = true;
        Dialler dialler = dialler(false, 1);
        for (int i = 1; i <= 90; i++) {
            PeerFacts learner = PeerFacts.named("p" + i).withMember(i, 0, 0);
            dialler.learn(i <= 5 ? record(i, i) : record(i, learner, "p" + i + ":1"), 0);
            reachable.add(id(i));
        }
        for (int i = 20; i < 40; i++) {
            linked.add(id(i));
        }

        List<Dialler.Dial> dials = dialler.plan(neighbourhood, 0);

        assertThat(dials)
                .extracting(Dialler.Dial::address)
                .containsExactlyInAnyOrder("p1:1", "p2:1", "p3:1", "p4:1", "p5:1");
    }

    @Test
    void lowerPeerMayDialFirst() {
        Dialler dialler = dialler(true, 1);
        dialler.learn(record(1, 0), 0);
        dialler.learn(record(110, 0), 0);

        assertThat(dialler.plan(neighbourhood, 0))
                .extracting(Dialler.Dial::address)
                .containsExactly("p110:1");
        assertThat(dialler.plan(neighbourhood, SECOND))
                .extracting(Dialler.Dial::address)
                .containsExactly("p1:1");
    }

    @Test
    void seedThatLeadsToThisPeerIsNotDialledAgain() {
        Dialler dialler = dialler(true, 1);
        dialler.addSeed("self:1");
        dialler.opened(dialler.plan(neighbourhood, 0).get(0).attempt(), SELF, 0);

        assertThat(dialler.plan(neighbourhood, 100 * SECOND)).isEmpty();
    }

    @Test
    void lostLinkIsDialledAgainSoon() {
        Dialler dialler = dialler(true, 1);
        dialler.addSeed("seed:1");
        dialler.opened(dialler.plan(neighbourhood, 0).get(0).attempt(), id(1), 0);
        linked.add(id(1));
        assertThat(dialler.plan(neighbourhood, 10 * SECOND)).isEmpty();

        linked.clear();
        dialler.lost("seed:1", "reset", 10 * SECOND, 10 * SECOND);
        assertThat(dialler.plan(neighbourhood, 10 * SECOND + 250 * MILLI)).hasSize(1);
    }

    @Test
    void dialWithoutAnyResultIsGivenUpAndTriedAgain() {
        Dialler dialler = dialler(true, 1);
        dialler.addSeed("silent:1");
        long attempt = dialler.plan(neighbourhood, 0).get(0).attempt();

        assertThat(dialler.plan(neighbourhood, 19 * SECOND)).isEmpty();
        dialler.plan(neighbourhood, 20 * SECOND);
        assertThat(dialler.plan(neighbourhood, 21 * SECOND)).hasSize(1);
        assertThat(dialler.opened(attempt, id(1), 22 * SECOND)).isEmpty();
    }

    @Test
    void peerOnceLinkedIsRememberedForAnHourAfterItsRecordIsGone() {
        Dialler dialler = dialler(false, 1);
        dialler.learn(record(1, 0), 0);
        dialler.learn(record(2, 0), 0);
        List<Dialler.Dial> dials = dialler.plan(neighbourhood, 0);
        dialler.opened(dials.get(0).attempt(), id(1), 0);
        dialler.failed(dials.get(1).attempt(), "refused", 0);
        dialler.lost("p1:1", "reset", 10 * SECOND, 10 * SECOND);
        dialler.forget(id(1));
        dialler.forget(id(2));

        assertThat(dialler.plan(neighbourhood, 1_000 * SECOND))
                .extracting(Dialler.Dial::address)
                .containsExactly("p1:1");
        assertThat(dialler.standings()).extracting(Dialler.Standing::address).doesNotContain("p2:1");
        dialler.failed(3, "refused", 1_000 * SECOND);
        assertThat(dialler.plan(neighbourhood, 4_000 * SECOND)).isEmpty();
    }

    /** Opens what is planned now for the addresses, each as the peer that is really there. */
    private void answer(Dialler dialler, long now, Map<String, Integer> whoIsThere) {
        for (Dialler.Dial dial : dialler.plan(neighbourhood, now)) {
            Integer peer = whoIsThere.get(dial.address());
            if (peer == null) {
                dialler.failed(dial.attempt(), "refused", now);
            } else {
                dialler.opened(dial.attempt(), id(peer), now);
                linked.add(id(peer));
            }
        }
    }

    @Test
    void whoeverClaimsSomebodysAddressKeepsNobodyFromDiallingIt() {
        Dialler dialler = dialler(false, 1);
        dialler.learn(record(1, 0), 0);
        dialler.learn(record(2, PeerFacts.named("thief"), "p1:1"), 0);
        linked.add(id(2));

        answer(dialler, 0, Map.of("p1:1", 1));

        assertThat(linked).contains(id(1));
        assertThat(dialler.plan(neighbourhood, 100 * SECOND))
                .as("both are linked")
                .isEmpty();
    }

    @Test
    void claimOfSomebodyElseDoesNotHideThatThePeerOfAnAddressIsLost() {
        Dialler dialler = dialler(false, 1);
        dialler.learn(record(1, 0), 0);
        answer(dialler, 0, Map.of("p1:1", 1));
        dialler.learn(record(2, PeerFacts.named("thief"), "p1:1"), SECOND);
        linked.add(id(2));
        assertThat(dialler.plan(neighbourhood, 20 * SECOND))
                .as("while it is linked")
                .isEmpty();

        linked.remove(id(1));
        dialler.lost("p1:1", "reset", 20 * SECOND, 20 * SECOND);

        assertThat(dialler.plan(neighbourhood, 21 * SECOND))
                .extracting(Dialler.Dial::address)
                .containsExactly("p1:1");
    }

    @Test
    void seedIsDialledThoughSomebodyLinkedClaimsItsAddress() {
        Dialler dialler = dialler(false, 1);
        dialler.addSeed("seed:1");
        dialler.learn(record(2, PeerFacts.named("thief"), "seed:1"), 0);
        linked.add(id(2));

        assertThat(dialler.plan(neighbourhood, 0))
                .extracting(Dialler.Dial::address)
                .containsExactly("seed:1");
    }

    @Test
    void hostsThatAllNameTheirBridgeAreStillDialledAtTheirOwnAddresses() {
        Dialler dialler = dialler(false, 1);
        for (int i = 1; i <= 3; i++) {
            dialler.learn(record(i, PeerFacts.named("p" + i), "172.17.0.1:2380", "p" + i + ":1"), 0);
        }

        answer(dialler, 0, Map.of("172.17.0.1:2380", 100, "p1:1", 1, "p2:1", 2, "p3:1", 3));

        assertThat(linked).contains(id(1), id(2), id(3));
        assertThat(dialler.plan(neighbourhood, 100 * SECOND))
                .as("self is at the bridge")
                .isEmpty();
    }

    @Test
    void addressThatItsPeerGivesUpIsTriedForWhoeverElseClaimsIt() {
        Dialler dialler = dialler(false, 1);
        dialler.learn(record(1, PeerFacts.named("p1"), "moving:1", "p1:1"), 0);
        answer(dialler, 0, Map.of("moving:1", 1));
        dialler.learn(record(2, PeerFacts.named("p2"), "moving:1"), SECOND);
        assertThat(dialler.plan(neighbourhood, 20 * SECOND)).isEmpty();

        dialler.learn(record(1, 0), 20 * SECOND);

        assertThat(dialler.plan(neighbourhood, 21 * SECOND))
                .extracting(Dialler.Dial::address)
                .containsExactly("moving:1");
    }

    @Test
    void sourceOfSeedsSpeaksForItselfAlone() {
        Dialler dialler = dialler(false, 1);
        dialler.addSeed("static:1");
        dialler.seeds("dns", List.of("a:1", "b:1"));
        dialler.seeds("file", List.of("b:1", "c:1"));

        dialler.seeds("dns", List.of("d:1"));

        assertThat(dialler.plan(neighbourhood, 0))
                .extracting(Dialler.Dial::address)
                .containsExactlyInAnyOrder("static:1", "b:1", "c:1", "d:1");
    }

    @Test
    void sourceThatNamesTooManyIsNotFollowedBeyondTheBound() {
        Dialler dialler = dialler(false, 1);
        dialler.seeds(
                "file", IntStream.range(0, 10_000).mapToObj(i -> "s" + i + ":1").toList());
        dialler.addSeed("static:1");

        assertThat(dialler.standings()).hasSize(4 * Profile.LAN.overlay().peersMax() + 1);
    }
}
