package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.TopologyView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Virtual time, and a mesh that loses, repeats and delays, for replicas in one thread. */
final class World implements Clock {
    private record Happening(long at, long order, Runnable run) {}

    final RandomSource random;
    final TreeMap<PeerId, Peer> peers = new TreeMap<>();
    private final PriorityQueue<Happening> queue = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private final List<String> cuts = new ArrayList<>();
    double loss;
    double repetition;
    long delayNanosMin = 200_000;
    long delayNanosMax = 1_000_000;
    /** As the mesh measures it, usually and at worst; 0 while it has not. */
    long usualNanos;

    long slowNanos;
    private long now = 1_000_000_000L;
    private long order;

    World(long seed) {
        this.random = RandomSource.seeded(seed);
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long wallMillis() {
        return 1_700_000_000_000L + now / 1_000_000;
    }

    void after(long nanos, Runnable run) {
        queue.add(new Happening(now + nanos, order++, run));
    }

    /** Plays what happens within the given time. */
    void play(long nanos) {
        long end = now + nanos;
        for (Happening next = queue.peek(); next != null && next.at() <= end; next = queue.peek()) {
            queue.remove();
            now = next.at();
            next.run().run();
        }
        now = Math.max(now, end); // time may have passed within what happened
    }

    /** A peer with a key of this life. */
    Peer join(String name, long incarnation) {
        return join(name, incarnation, name + incarnation);
    }

    Peer join(String name, long incarnation, String key) {
        Peer peer = new Peer(this, PeerId.of(Bytes.utf8(key)), name, incarnation);
        peers.put(peer.id, peer);
        changed();
        return peer;
    }

    void leave(Peer peer) {
        peer.alive = false;
        changed();
    }

    void cut(String a, String b) {
        cuts.add(a + "|" + b);
        cuts.add(b + "|" + a);
        changed();
    }

    void heal() {
        cuts.clear();
        changed();
    }

    boolean connects(Peer from, Peer to) {
        return from.alive && to.alive && !cuts.contains(from.name + "|" + to.name);
    }

    /** Everybody learns the new state of the mesh a little later. */
    void changed() {
        for (Peer peer : peers.values()) {
            after(random.between(1_000_000, 30_000_000), peer::look);
        }
    }

    /** Delivers after a delay, perhaps twice, perhaps never. */
    private void transmit(Peer from, Peer to, Runnable delivery) {
        int copies = random.chance(loss) ? 0 : random.chance(repetition) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            after(random.between(delayNanosMin, delayNanosMax), () -> {
                if (connects(from, to) && !to.deafTo.equals(from.name)) {
                    delivery.run();
                }
            });
        }
    }

    /** One peer's mesh. */
    static final class Peer implements Mesh {
        final World world;
        final PeerId id;
        final String name;
        final long incarnation;
        final TreeMap<String, PeerChannel> channels = new TreeMap<>();
        final List<Consumer<TopologyView>> listeners = new ArrayList<>();
        PeerFacts facts;
        TopologyView view;
        boolean alive = true;
        /** Of whom nothing arrives, although there is a way. */
        String deafTo = "";

        Peer(World world, PeerId id, String name, long incarnation) {
            this.world = world;
            this.id = id;
            this.name = name;
            this.incarnation = incarnation;
            this.facts = PeerFacts.named(name);
            this.view = FoundingWorld.view(id, new TreeMap<>());
        }

        private void look() {
            TreeMap<PeerId, TopologyView.PeerView> seen = new TreeMap<>();
            for (Peer other : world.peers.values()) {
                boolean reachable = other == this || world.connects(this, other);
                TopologyView.PeerView before = view.peers().get(other.id);
                PeerFacts known = reachable || before == null ? other.facts : before.facts();
                if (reachable || before != null) {
                    TopologyView.PeerView now = FoundingWorld.peerView(other.id, other.incarnation, known, reachable);
                    seen.put(other.id, other != this && world.usualNanos > 0 ? measured(now) : now);
                }
            }
            TopologyView now = FoundingWorld.view(id, seen, world.usualNanos > 0 ? links(seen) : List.of());
            if (!now.equals(view)) {
                view = now;
                listeners.forEach(listener -> listener.accept(now));
            }
        }

        private TopologyView.PeerView measured(TopologyView.PeerView peer) {
            return new TopologyView.PeerView(
                    peer.id(),
                    peer.publicKey(),
                    peer.incarnation(),
                    peer.facts(),
                    peer.addresses(),
                    peer.relayWilling(),
                    peer.reachable(),
                    List.of(peer.id()),
                    peer.alternate(),
                    world.usualNanos,
                    peer.claims());
        }

        private List<TopologyView.LinkView> links(Map<PeerId, TopologyView.PeerView> seen) {
            return seen.keySet().stream()
                    .filter(each -> !each.equals(id))
                    .map(each -> new TopologyView.LinkView(
                            each, true, "", world.usualNanos, world.slowNanos, true, false, List.of(), List.of(), 0, 0))
                    .toList();
        }

        @Override
        public PeerId self() {
            return id;
        }

        @Override
        public Channel channel(String channelName) {
            return channels.computeIfAbsent(channelName, each -> new PeerChannel(this, each));
        }

        @Override
        public TopologyView topology() {
            return view;
        }

        @Override
        public void publish(PeerFacts said) {
            facts = said;
            world.changed();
        }

        @Override
        public void onTopology(Consumer<TopologyView> listener) {
            listeners.add(listener);
        }

        @Override
        public void dial(String address) {}

        @Override
        public void seeds(String source, Collection<String> addresses) {}

        @Override
        public void stop() {
            world.leave(this);
        }
    }

    private static final class PeerChannel implements Channel {
        final Peer owner;
        final String name;
        Optional<Receiver> receiver = Optional.empty();
        Optional<Responder> responder = Optional.empty();

        PeerChannel(Peer owner, String name) {
            this.owner = owner;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        private Optional<PeerChannel> at(PeerId to) {
            return Optional.ofNullable(owner.world.peers.get(to))
                    .filter(peer -> owner.world.connects(owner, peer))
                    .map(peer -> (PeerChannel) peer.channel(name));
        }

        @Override
        public SendOutcome send(PeerId to, Priority priority, Bytes payload, int supersedeKey) {
            Optional<PeerChannel> target = at(to);
            if (target.isEmpty()) {
                return SendOutcome.NO_ROUTE;
            }
            PeerChannel there = target.get();
            owner.world.transmit(
                    owner, there.owner, () -> there.receiver.ifPresent(r -> r.received(owner.id, payload)));
            return SendOutcome.SENT;
        }

        @Override
        public void call(PeerId to, Priority priority, Bytes request, long timeoutNanos, Consumer<CallOutcome> done) {
            boolean[] over = new boolean[1];
            Consumer<CallOutcome> once = outcome -> {
                if (!over[0] && owner.alive) {
                    over[0] = true;
                    done.accept(outcome);
                }
            };
            owner.world.after(
                    timeoutNanos, () -> once.accept(new CallOutcome.Failed(CallOutcome.Reason.TIMED_OUT, "no answer")));
            at(to).ifPresentOrElse(
                            there -> owner.world.transmit(owner, there.owner, () -> there.answer(this, request, once)),
                            () -> owner.world.after(
                                    0,
                                    () -> once.accept(
                                            new CallOutcome.Failed(CallOutcome.Reason.NO_ROUTE, "no route"))));
        }

        private void answer(PeerChannel caller, Bytes request, Consumer<CallOutcome> done) {
            responder.ifPresent(each -> each.called(caller.owner.id, request, new Reply() {
                @Override
                public void send(Bytes payload) {
                    owner.world.transmit(owner, caller.owner, () -> done.accept(new CallOutcome.Reply(payload)));
                }

                @Override
                public void refuse(String reason) {
                    owner.world.transmit(
                            owner,
                            caller.owner,
                            () -> done.accept(new CallOutcome.Failed(CallOutcome.Reason.REFUSED, reason)));
                }
            }));
        }

        @Override
        public void onMessage(Receiver taker) {
            receiver = Optional.of(taker);
        }

        @Override
        public void onCall(Responder taker) {
            responder = Optional.of(taker);
        }
    }
}
