package io.metcd.mesh;

import static io.metcd.mesh.World.MILLI;
import static io.metcd.mesh.World.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.spread.Figures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Messages for everybody, on a virtual network. */
class BroadcastStoriesTest {
    private static final String SPREAD = "mesh/spread";

    /** Of each peer, what it has heard on the topic "news", as {@code sender:text}. */
    private final Map<String, List<String>> heard = new TreeMap<>();

    @Test
    void messageReachesEverybodyOnALineOnceAndInOrder() {
        World world = line(1, "a", "b", "c", "d", "e");

        for (int i = 0; i < 10; i++) {
            assertThat(say(world, "a", "a" + i)).isEqualTo(SendOutcome.SENT);
            assertThat(say(world, "e", "e" + i)).isEqualTo(SendOutcome.SENT);
        }
        world.run(SECOND);

        for (String name : List.of("b", "c", "d")) {
            assertThat(from("a", name)).isEqualTo(ten("a"));
            assertThat(from("e", name)).isEqualTo(ten("e"));
        }
        assertThat(at("a")).isEqualTo(ten("e"));
        assertThat(at("e")).isEqualTo(ten("a"));
        assertThat(figures(world).duplicates()).isZero();
    }

    @Test
    void peerWithoutTheTopicCarriesItAllTheSame() {
        World world = line(2, "a", "b", "c");
        List<Bytes> atC = new ArrayList<>();
        world.node("c").engine.broadcast("between a and c").onMessage((from, payload) -> atC.add(payload));

        world.node("a").engine.broadcast("between a and c").send(Bytes.utf8("psst"));
        world.run(SECOND);

        assertThat(atC).containsExactly(Bytes.utf8("psst"));
        assertThat(at("b")).isEmpty();
    }

    @Test
    void whoWasCutOffForAMomentHearsWhatItMissedAndInOrder() {
        World world = line(3, "a", "b", "c");
        say(world, "a", "a0");
        world.run(SECOND);

        world.cutBoth("b", "c");
        world.runUntil(() -> !world.node("a").reaches("c"), 2 * SECOND);
        for (int i = 1; i < 10; i++) {
            say(world, "a", "a" + i);
        }
        world.run(SECOND);
        world.heal();
        long elapsed = world.runUntil(() -> at("c").size() == 10, 8 * SECOND);

        assertThat(elapsed).isLessThanOrEqualTo(6 * SECOND);
        assertThat(at("c")).isEqualTo(ten("a"));
    }

    @Test
    void messageFromBeforeTheLongestMemoryIsNotHeardByWhoComesLater() {
        World world = line(4, "a", "b");
        say(world, "a", "old");
        world.run(32 * SECOND);
        say(world, "a", "new");
        listen(world, world.addDialler("c", "b:1"));

        world.runUntil(() -> !at("c").isEmpty(), 5 * SECOND);
        world.run(3 * SECOND);

        assertThat(at("c")).containsExactly("a:new");
    }

    @Test
    void aGapThatNobodyCanFillIsPassedOver() {
        World world = line(5, "a", "b");
        say(world, "a", "a0");
        world.run(SECOND);
        world.node("a").engine.channel(SPREAD).onMessage((from, payload) -> {}); // a answers no questions
        world.loss = 1;
        say(world, "a", "lost");
        world.run(100 * MILLI);
        world.loss = 0;
        say(world, "a", "a1");
        world.run(SECOND);
        assertThat(at("b")).containsExactly("a:a0");

        world.run(9 * SECOND);

        assertThat(at("b")).containsExactly("a:a0", "a:a1");
    }

    @Test
    void forgedMessageIsHandedToNobodyAndItsBearerIsNotHeardForAWhile() {
        World world = diamond();
        World.Node rogue = world.node("m");
        List<Bytes> passed = new ArrayList<>();
        rogue.engine.channel(SPREAD).onMessage((from, word) -> passed.add(word));
        say(world, "a", "the truth");
        world.run(SECOND);
        Bytes item =
                passed.stream().filter(word -> word.size() > 100).findFirst().orElseThrow();
        byte[] forged = item.toArray();
        forged[new String(forged, StandardCharsets.ISO_8859_1).indexOf("truth")] = 'T';
        // A number that nobody has seen yet: the last byte before the topic's length.
        forged[new String(forged, StandardCharsets.ISO_8859_1).indexOf("news") - 2] = 2;

        for (int i = 0; i < 100; i++) {
            tell(rogue, world.node("b"), Bytes.copyOf(forged));
        }
        world.run(SECOND);
        say(world, "a", "still the truth");
        world.run(3 * SECOND);

        assertThat(at("b")).containsExactly("a:the truth", "a:still the truth");
        assertThat(world.node("b").engine.spreadFigures().forged()).isEqualTo(1);
        assertThat(world.node("b").view().links()).hasSize(2);
    }

    @Test
    void noiseOfANeighbourStopsNobody() {
        World world = diamond();
        for (int i = 0; i < 100; i++) {
            byte[] noise = world.random.bytes(1 + world.random.nextInt(200)).toArray();
            noise[0] = (byte) world.random.nextInt(9);
            tell(world.node("m"), world.node("b"), Bytes.wrap(noise));
            world.run(SECOND / 3);
        }
        world.run(11 * SECOND); // until b listens to m again

        say(world, "a", "hello");
        world.run(3 * SECOND);

        assertThat(at("b")).containsExactly("a:hello");
        assertThat(world.node("b").engine.spreadFigures().malformed()).isPositive();
    }

    @Test
    void whoSaysTooMuchIsToldSoAndOthersAreHeard() {
        World world = line(6, "a", "b", "c");
        int sent = 0;
        for (int i = 0; i < 1_000; i++) {
            sent += say(world, "a", "a" + i) == SendOutcome.SENT ? 1 : 0;
        }
        say(world, "b", "b0");
        world.run(SECOND);

        assertThat(sent).isEqualTo(Profile.LAN.spread().pace().itemBurst());
        assertThat(from("a", "c")).hasSize(sent);
        assertThat(from("b", "c")).containsExactly("b:b0");
        assertThat(world.node("a").engine.broadcast("news").send(Bytes.copyOf(new byte[(16 << 10) + 1])))
                .isEqualTo(SendOutcome.TOO_LARGE);
    }

    @Test
    void oneLifeMayUseSoManyTopicsAndTheirNamesAreShort() {
        World world = line(7, "a", "b");
        List<SendOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i <= Profile.LAN.spread().topicsPerOrigin(); i++) {
            outcomes.add(world.node("a").engine.broadcast("topic " + i).send(Bytes.utf8("x")));
        }

        assertThat(outcomes).endsWith(SendOutcome.SENT, SendOutcome.WOULD_BLOCK);
        assertThatThrownBy(() -> world.node("a").engine.broadcast(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 256 bytes");
    }

    @Test
    void restartedPeerIsHeardFromItsFirstMessageOn() {
        World world = line(8, "a", "b", "c");
        say(world, "a", "first life");
        world.run(SECOND);
        world.crash("a");
        world.run(2 * SECOND);

        listen(world, world.restart("a", world.now));
        world.runUntil(world::allReachAll, 5 * SECOND);
        say(world, "a", "second life");
        world.run(SECOND);

        assertThat(at("c")).containsExactly("a:first life", "a:second life");
    }

    @Test
    void twentyPeersHearEverythingOnceWhenNothingIsLost() {
        Storm storm = new Storm(20, 9);

        storm.blow(2, () -> {});

        assertThat(storm.missed()).isEmpty();
        assertThat(storm.copies()).isLessThanOrEqualTo(1.05);
        assertThat(storm.slowestNanos).isLessThanOrEqualTo(100 * MILLI);
    }

    @Test
    void fiftyPeersHearEverythingWhileATenthIsLostAndARelayDiesEachSecond() {
        Storm storm = new Storm(50, 10);
        storm.world.loss = 0.1;

        storm.blow(3, storm::killOne);

        assertThat(storm.missed()).isEmpty();
        assertThat(storm.copies()).isLessThanOrEqualTo(1.25);
        assertThat(storm.slowestNanos).isLessThanOrEqualTo(2 * SECOND);
    }

    /** Many peers, of which one sends something every 100 ms. */
    static final class Storm {
        final World world;
        long slowestNanos;
        private final int count;
        private final List<Integer> alive = new ArrayList<>();
        /** When each message was sent. */
        private final TreeMap<String, Long> sent = new TreeMap<>();
        /** Of each peer, which messages it heard; twice is a mistake. */
        private final TreeMap<String, Map<String, Integer>> heardBy = new TreeMap<>();

        private long receivedBefore;
        private long owed;

        Storm(int count, long seed) {
            this.count = count;
            this.world = new World(seed);
            for (int i = 0; i < count; i++) {
                String name = "p" + i;
                World.Node node = world.add(name, "p0:1", "p1:1", "p2:1");
                node.engine.broadcast("news").onMessage((from, payload) -> heard(name, payload.toUtf8()));
                alive.add(i);
            }
            world.runUntil(world::allReachAll, 60 * SECOND);
            world.run(2 * SECOND);
        }

        /** For so many seconds, with something done in the middle of each, and then until all is told. */
        void blow(int seconds, Runnable each) {
            receivedBefore = received();
            for (int tenth = 0; tenth < 10 * seconds; tenth++) {
                if (tenth % 10 == 5) {
                    each.run();
                }
                String sender = "p" + alive.get(world.random.nextInt(alive.size()));
                String text = sender + "/" + tenth;
                sent.put(text, world.now);
                assertThat(world.node(sender).engine.broadcast("news").send(Bytes.utf8(text)))
                        .isEqualTo(SendOutcome.SENT);
                world.run(SECOND / 10);
            }
            world.run(2 * SECOND);
            owed = (long) sent.size() * (alive.size() - 1);
        }

        /** Ends one of those that are neither seeds nor dead, without a word. */
        void killOne() {
            int victim = alive.remove(3 + world.random.nextInt(alive.size() - 3));
            world.kill("p" + victim);
        }

        /** Messages that somebody alive did not hear, or heard twice; those of the dead are owed as well. */
        List<String> missed() {
            List<String> missed = new ArrayList<>();
            for (int peer : alive) {
                for (String text : sent.keySet()) {
                    boolean own = text.startsWith("p" + peer + "/");
                    int times = heardBy("p" + peer).getOrDefault(text, 0);
                    if (times != (own ? 0 : 1)) {
                        missed.add("p" + peer + " heard " + text + " " + times + " times");
                    }
                }
            }
            return missed;
        }

        /** Items that came, for each that had to. */
        double copies() {
            return (double) (received() - receivedBefore) / owed;
        }

        @Override
        public String toString() {
            return count + " peers: missed " + missed().size() + ", slowest " + slowestNanos / MILLI + " ms, copies "
                    + copies() + ", figures " + figures(world);
        }

        private Map<String, Integer> heardBy(String name) {
            return heardBy.computeIfAbsent(name, any -> new TreeMap<>());
        }

        private long received() {
            return figures(world).received();
        }

        private void heard(String name, String text) {
            heardBy(name).merge(text, 1, Integer::sum);
            slowestNanos = Math.max(slowestNanos, world.now - sent.getOrDefault(text, world.now));
        }
    }

    /** The figures of all that live. */
    static Figures figures(World world) {
        long[] sums = new long[7];
        for (World.Node node : world.nodes.values()) {
            Figures one = node.dead ? new Figures(0, 0, 0, 0, 0, 0, 0) : node.engine.spreadFigures();
            long[] parts = {
                one.received(),
                one.duplicates(),
                one.delivered(),
                one.asked(),
                one.forged(),
                one.refused(),
                one.malformed()
            };
            for (int i = 0; i < sums.length; i++) {
                sums[i] += parts[i];
            }
        }
        return new Figures(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6]);
    }

    /** Each dials the one before it, and no others can be dialled. */
    private World line(long seed, String... names) {
        World world = new World(seed);
        for (int i = 0; i < names.length; i++) {
            for (int j = i + 2; j < names.length; j++) {
                world.forbid(names[i], names[j]);
            }
        }
        for (int i = 0; i < names.length; i++) {
            listen(world, i == 0 ? world.add(names[0]) : world.add(names[i], names[i - 1] + ":1"));
        }
        world.runUntil(world::allReachAll, 5 * SECOND);
        world.run(SECOND);
        return world;
    }

    /** a and b have two relays between them, m and n; the way over m is the shorter. */
    private World diamond() {
        World world = new World(11);
        world.forbid("a", "b");
        world.forbid("m", "n");
        world.delay("a", "n", 30 * MILLI);
        world.delay("n", "b", 30 * MILLI);
        for (String name : List.of("a", "b")) {
            listen(world, world.add(name));
        }
        for (String name : List.of("m", "n")) {
            listen(world, world.add(name, "a:1", "b:1"));
        }
        world.runUntil(world::allReachAll, 5 * SECOND);
        world.run(5 * SECOND);
        return world;
    }

    private void listen(World world, World.Node node) {
        node.engine
                .broadcast("news")
                .onMessage((from, payload) ->
                        at(node.name).add(world.node(node.name).view().nameOf(from) + ":" + payload.toUtf8()));
    }

    private List<String> at(String name) {
        return heard.computeIfAbsent(name, any -> new ArrayList<>());
    }

    private static SendOutcome say(World world, String from, String text) {
        return world.node(from).engine.broadcast("news").send(Bytes.utf8(text));
    }

    private static void tell(World.Node from, World.Node to, Bytes word) {
        from.engine.channel(SPREAD).send(to.id(), Priority.DATA, word, Channel.NEVER_SUPERSEDED);
    }

    private List<String> from(String sender, String listener) {
        return at(listener).stream()
                .filter(text -> text.startsWith(sender + ":"))
                .toList();
    }

    private static List<String> ten(String sender) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            texts.add(sender + ":" + sender + i);
        }
        return texts;
    }
}
