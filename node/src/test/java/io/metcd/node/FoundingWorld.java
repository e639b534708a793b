package io.metcd.node;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.Founding.Phase;
import io.metcd.node.ReplicaConfig.Expect;
import io.metcd.node.ReplicaConfig.Guard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Founders that crash, restart and hear of each other late, one process for each name at a time. Consensus is played
 * crudely: whenever a majority of one set has started, lives and is connected, its members get a history.
 */
final class FoundingWorld {
    /** One process of a founder. */
    static final class Founder {
        final String name;
        final PeerId peer;
        final long incarnation;
        final Founding founding;
        /** What this process has heard, by peer. */
        final TreeMap<PeerId, TopologyView.PeerView> heard = new TreeMap<>();

        Founding.Verdict verdict;
        boolean history;
        Optional<FoundingSet> running = Optional.empty();

        Founder(String name, PeerId peer, long incarnation, Founding founding) {
            this.name = name;
            this.peer = peer;
            this.incarnation = incarnation;
            this.founding = founding;
            this.verdict = new Founding.Verdict(Phase.WAITING, Optional.empty(), "not looked yet");
        }

        PeerFacts facts() {
            PeerFacts facts =
                    PeerFacts.named(name).withPromise(founding.promise(history).encode());
            return running.map(set -> facts.withMember(1, set.clusterId(), set.epoch()))
                    .orElse(facts);
        }
    }

    static final String CLUSTER = "orders";

    final List<String> slots;
    final SortedMap<String, Founder> alive = new TreeMap<>();
    /** Pairs of names that cannot reach each other. */
    final List<String> cuts = new ArrayList<>();

    long now;
    /** What each life has promised. */
    private final TreeMap<String, Bytes> promises = new TreeMap<>();

    private long lives;
    private final RandomSource random;
    private final Expect expect;
    /** What founders stand on, where it is more than the mesh; who is here keeps his identity with it. */
    final SortedMap<String, Founding.Doors> doors = new TreeMap<>();

    FoundingWorld(List<String> slots, long seed) {
        this(slots, Expect.NOBODY, seed);
    }

    /** Founders that are counted, unless nobody is expected; the names then are only for the test. */
    FoundingWorld(List<String> slots, Expect expect, long seed) {
        this.slots = slots;
        this.expect = expect;
        this.random = RandomSource.seeded(seed);
    }

    static PeerId peerId(long number) {
        return PeerId.of(new ByteWriter().u64(number).toBytes());
    }

    Founder start(String name) {
        lives++;
        ReplicaConfig config =
                ReplicaConfig.ephemeral(CLUSTER, name, expect.founders() == 0 ? slots : List.of(name), 1000 + lives);
        if (expect.founders() > 0) {
            config = config.expecting(expect);
        }
        boolean keeps = doors.containsKey(name) && expect.guard() == Guard.KEPT_PROMISES;
        PeerId peer = keeps ? peerId(10_000 + slots.indexOf(name)) : peerId(lives);
        Founding founding = new Founding(
                keeps ? config.durable() : config, peer, random.fork(), doors.getOrDefault(name, Founding.Doors.NONE));
        Founder process = new Founder(name, peer, 1000 + lives, founding);
        alive.put(name, process);
        return process;
    }

    Founder process(String name) {
        return Objects.requireNonNull(alive.get(name), name);
    }

    void crash(String name) {
        alive.remove(name);
    }

    boolean connected(String a, String b) {
        return a.equals(b) || (!cuts.contains(a + b) && !cuts.contains(b + a));
    }

    void cut(String a, String b) {
        cuts.add(a + b);
    }

    void heal() {
        cuts.clear();
    }

    /** One process hears the newest of another, or that it cannot be reached. */
    void hear(String listener, String speaker) {
        Founder ear = alive.get(listener);
        if (ear == null) {
            return;
        }
        Founder mouth = alive.get(speaker);
        ear.heard.replaceAll((peer, view) -> {
            boolean stillThere = mouth != null && mouth.peer.equals(peer) && connected(listener, speaker);
            return view.facts().name().equals(speaker) && !stillThere
                    ? peerView(peer, view.incarnation(), view.facts(), false)
                    : view;
        });
        if (mouth != null && connected(listener, speaker)) {
            ear.heard.put(mouth.peer, peerView(mouth.peer, mouth.incarnation, mouth.facts(), true));
        }
    }

    void look(String name) {
        Founder process = alive.get(name);
        if (process == null) {
            return;
        }
        Optional<FoundingSet> before = process.running;
        boolean hadHistory = process.history;
        process.verdict = process.founding.observe(view(process), now, process.history);
        boolean started = process.verdict.phase() == Phase.STARTED;
        if (!started || !process.verdict.set().equals(process.running)) {
            process.history = false;
        }
        process.running = started ? process.verdict.set() : Optional.empty();
        if (hadHistory && !process.running.equals(before)) {
            throw new AssertionError(name + " gave up a set in which it has a history");
        }
        checkPromise(process);
    }

    /** A life of a founder promises one set at most. */
    private void checkPromise(Founder process) {
        FoundingPromise promise = process.founding.promise(process.history);
        if (promise.given()) {
            Bytes earlier = promises.put(process.peer + "/" + promise.round(), promise.set());
            if (earlier != null && !earlier.equals(promise.set())) {
                throw new AssertionError(process.name + " has promised two sets in one life");
            }
        }
    }

    /** Everybody who can hears everybody and looks. */
    void settle(int rounds) {
        settle(rounds, 500);
    }

    /** As {@link #settle(int)}, in rounds of so many milliseconds. */
    void settle(int rounds, int millis) {
        for (int i = 0; i < rounds; i++) {
            now += millis * 1_000_000L;
            for (String listener : slots) {
                for (String speaker : slots) {
                    hear(listener, speaker);
                }
            }
            slots.forEach(this::look);
            reign();
        }
    }

    /** Gives a history to each set of which a connected majority runs. */
    void reign() {
        for (Founder leader : List.copyOf(alive.values())) {
            leader.running.ifPresent(set -> {
                List<Founder> members = alive.values().stream()
                        .filter(member ->
                                member.running.equals(Optional.of(set)) && connected(leader.name, member.name))
                        .toList();
                if (members.size() > set.seats().size() / 2) {
                    members.forEach(member -> member.history = true);
                }
            });
        }
    }

    /** The sets of which a majority of seats lives with a history: never more than one. */
    Map<Bytes, Integer> reigning() {
        Map<Bytes, Integer> members = new TreeMap<>();
        for (Founder process : alive.values()) {
            if (process.history) {
                members.merge(process.running.orElseThrow().hash(), 1, Integer::sum);
            }
        }
        members.values().removeIf(count -> count <= slots.size() / 2);
        return members;
    }

    private TopologyView view(Founder process) {
        SortedMap<PeerId, TopologyView.PeerView> peers = new TreeMap<>(process.heard);
        peers.put(process.peer, peerView(process.peer, process.incarnation, process.facts(), true));
        return view(process.peer, peers);
    }

    static TopologyView view(PeerId self, SortedMap<PeerId, TopologyView.PeerView> peers) {
        return view(self, peers, List.of());
    }

    static TopologyView view(
            PeerId self, SortedMap<PeerId, TopologyView.PeerView> peers, List<TopologyView.LinkView> links) {
        return new TopologyView(
                self,
                Collections.unmodifiableSortedMap(peers),
                links,
                List.of(),
                List.of(),
                List.of(),
                0,
                TopologyView.Counters.NONE,
                List.of());
    }

    static TopologyView.PeerView peerView(PeerId peer, long incarnation, PeerFacts facts, boolean reachable) {
        return new TopologyView.PeerView(
                peer,
                Bytes.EMPTY,
                incarnation,
                facts,
                List.of(),
                true,
                reachable,
                List.of(),
                List.of(),
                1_000_000,
                List.of());
    }
}
