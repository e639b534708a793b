package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.base.Signer;
import io.metcd.mesh.Broadcast;
import io.metcd.mesh.Channel;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.SharedState;
import io.metcd.mesh.gossip.Allowance;
import io.metcd.mesh.topology.Graph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Messages and states for everybody, above a channel to the neighbours. Single-threaded; driven by the channel, by
 * {@link #charted} and by its own timer, which runs {@link #turn} when something is due.
 *
 * <p>The way of an item: signed by its owner and put among the {@link Items} → down the owner's {@link Tree}, each peer
 * checking the signature before it hands it on → what the tree did not bring is found and fetched by {@link Repair} →
 * the owner's messages go to the topic's receiver in order; parts of states are merged. A neighbour that brings a
 * forged item made it itself, since honest ones check first; nobody listens to it for a while.
 */
public final class Spread {
    private final PeerId self;
    private final Profile profile;
    private final Profile.Spread bounds;
    private final Doors doors;
    private final Surroundings around;
    private final Items items;
    private final Tree tree;
    private final Repair repair;
    private final Unverified unverified;
    private final Map<String, Topic> topics = new TreeMap<>();
    private final Map<String, Shared<?>> states = new TreeMap<>();
    private final Map<PeerId, Allowance> allowances = new TreeMap<>();
    private Allowance ofUnknown;
    private Scheduler.Task timer = () -> {};
    private long timerNanos;
    private boolean timerSet;
    private boolean running;
    private long sweepNanos;
    private long received;
    private long duplicates;
    private long delivered;
    private long asked;
    private long forged;
    private long refused;
    private long malformed;

    /** The doors to the world. */
    public record Doors(Clock clock, Scheduler scheduler, RandomSource random, Signer signer) {}

    /** What this part needs of the mesh. */
    public interface Surroundings {
        /** To the same part of other peers. */
        Channel channel();

        /** The newest life of a peer, this one included, that is known now. */
        Optional<Long> incarnation(PeerId owner);
    }

    public Spread(Profile profile, Doors doors, Surroundings around) {
        this.self = PeerId.of(doors.signer.publicKey());
        this.profile = profile;
        this.bounds = profile.spread();
        this.doors = doors;
        this.around = around;
        this.items = new Items(bounds, around::incarnation);
        this.tree = new Tree(self, profile.sizes().hopBudget());
        this.repair = new Repair(bounds, items, tree, new Repair.Surroundings(doors.random, this::say));
        this.unverified = new Unverified(bounds.pace().unverifiedPerNeighbour());
        this.ofUnknown = allowance(doors.clock.nanos());
        this.sweepNanos = doors.clock.nanos();
        around.channel().onMessage(this::heard);
    }

    /** Begins to speak; what was said before goes out now. */
    public void start() {
        running = true;
        wake(0);
    }

    public void stop() {
        running = false;
        timer.cancel();
    }

    /** The mesh looks like this from now on. */
    public void charted(Graph graph) {
        tree.use(graph);
        repair.neighboursChanged(doors.clock.nanos());
        wake(repair.waitNanos(doors.clock.nanos()));
    }

    /** The topic of this name, the same object each time. */
    public Broadcast broadcast(String topic) {
        return topics.computeIfAbsent(checked(topic), Topic::new);
    }

    /** The state of this name, the same object each time; of another type it is refused. */
    @SuppressWarnings("unchecked") // a state keeps the type with which it was made, and that is compared
    public <S> SharedState<S> state(String name, Crdt<S> type) {
        Shared<?> state = states.computeIfAbsent(
                checked(name), any -> new Shared<>(name, type, new StateOwner(), doors.clock.nanos()));
        if (state.type != type) {
            throw new IllegalArgumentException("the state " + name + " is of another type: choose another name");
        }
        return (SharedState<S>) state;
    }

    public Figures figures() {
        return new Figures(received, duplicates, delivered, asked, forged, refused, malformed);
    }

    /** The name itself, if it may be one; else {@link IllegalArgumentException}. */
    public static String checked(String name) {
        int size = Bytes.utf8(name).size();
        if (size == 0 || size > SeriesId.TOPIC_BYTES_MAX) {
            throw new IllegalArgumentException("a topic has 1 to " + SeriesId.TOPIC_BYTES_MAX + " bytes, not " + size);
        }
        return name;
    }

    private Life life() {
        return new Life(self, around.incarnation(self).orElse(0L));
    }

    /** A word of another peer; one that is no neighbour has nothing to say here. */
    private void heard(PeerId from, Bytes word) {
        long now = doors.clock.nanos();
        Near near = running ? repair.near(from).orElse(null) : null;
        if (near == null || now - near.deafUntilNanos < 0) {
            return;
        }
        try {
            heard(near, new ByteReader(word), now);
        } catch (Malformed e) {
            malformed++;
            ignore(near, now);
        }
        wake(waitNanos(now));
    }

    private void heard(Near near, ByteReader word, long now) {
        Words.Kind kind = Words.kind(word);
        switch (kind) {
            case ITEM, ANSWER -> brought(near, kind, Words.readParcel(word, bounds.itemBytes()));
            case HAVE, ALL_STATES -> {
                List<Words.Entry> theirs = Words.readHave(word);
                List<Words.Entry> same = repair.heard(near, theirs, now);
                if (!same.isEmpty()) {
                    say(near.id, Words.have(Words.Kind.HAVE_TOO, same));
                }
                if (kind == Words.Kind.ALL_STATES) {
                    tellStates(near, Words.Kind.HAVE);
                }
            }
            case HAVE_TOO -> repair.heard(near, Words.readHave(word), now);
            case ASK -> {
                for (Series.Held held : repair.answers(near, Words.readAsk(word), now)) {
                    send(near.id, Words.Kind.ANSWER, held, now);
                }
            }
            case DIGEST -> {
                if (word.u64() != items.digest()) {
                    tellStates(near, Words.Kind.ALL_STATES);
                }
            }
        }
    }

    private void brought(Near near, Words.Kind kind, Words.Parcel parcel) {
        Item item = parcel.item();
        received++;
        near.holds(new Words.Entry(item.series().hash(), parcel.low(), parcel.next()));
        if (items.has(item)) {
            duplicates++;
        } else if ((!item.series().state() && parcel.ageNanos() > bounds.keptNanos()) || !items.admits(item)) {
            refused++;
        } else if (!unverified.add(new Unverified.Arrival(near.id, parcel, kind == Words.Kind.ITEM))) {
            duplicates++;
        }
    }

    /** Tells a neighbour what is held of states, and it has not said that it has the same. */
    private void tellStates(Near near, Words.Kind kind) {
        boolean all = kind == Words.Kind.ALL_STATES;
        List<Words.Entry> entries = items.all().stream()
                .filter(series -> series.id.state() && tree.carries(series.id.life()))
                .filter(series -> all || near.next(series.hash) < series.next())
                .map(Words.Entry::of)
                .toList();
        if (all || !entries.isEmpty()) {
            say(near.id, Words.have(kind, entries));
        }
    }

    private void turn() {
        timerSet = false;
        if (!running) {
            return;
        }
        long now = doors.clock.nanos();
        for (int i = 0; i < profile.pacing().verifyPerTurn() && !unverified.isEmpty(); i++) {
            unverified.poll().ifPresent(arrival -> verify(arrival, now));
        }
        // A listener may open another state.
        for (Shared<?> state : List.copyOf(states.values())) {
            state.tell();
            if (state.waitNanos(now) == 0) {
                say(state, now);
            }
        }
        repair.turn(now);
        if (now - sweepNanos >= 0) {
            sweep(now);
        }
        wake(waitNanos(now));
    }

    private long waitNanos(long now) {
        long wait = Math.min(Math.max(0, sweepNanos - now), unverified.isEmpty() ? repair.waitNanos(now) : 0);
        for (Shared<?> state : states.values()) {
            wait = Math.min(wait, state.waitNanos(now));
        }
        return wait;
    }

    /** Runs a turn after so long, unless one comes earlier. */
    private void wake(long waitNanos) {
        long due = doors.clock.nanos() + Math.min(waitNanos, bounds.pace().digestNanos());
        if (!running || (timerSet && timerNanos - due <= 0)) {
            return;
        }
        timer.cancel();
        timerSet = true;
        timerNanos = due;
        timer = doors.scheduler.schedule(Math.max(0, due - doors.clock.nanos()), this::turn);
    }

    private void verify(Unverified.Arrival arrival, long now) {
        Item item = arrival.parcel().item();
        Near near = repair.near(arrival.from()).orElse(null);
        if (items.has(item)) {
            duplicates++;
        } else if (!allowanceOf(item.series().life().owner(), now).spend(now)) {
            refused++;
        } else if (item.verify(doors.signer)) {
            long born = item.series().state() ? now : now - arrival.parcel().ageNanos();
            take(new Series.Held(item, born), arrival, now);
        } else {
            forged++;
            unverified.drop(arrival.from());
            if (near != null) {
                ignore(near, now);
            }
        }
    }

    private void take(Series.Held held, Unverified.Arrival arrival, long now) {
        put(held, arrival.parcel().low(), now);
        if (arrival.eager()) {
            handOn(held, Optional.of(arrival.from()), now);
        }
    }

    private void put(Series.Held held, long first, long now) {
        List<Item> due = items.put(held, first, now);
        repair.news(now);
        deliver(due);
    }

    private void deliver(List<Item> due) {
        for (Item item : due) {
            String name = item.series().topic();
            if (item.series().state()) {
                Shared<?> state = states.get(name);
                if (state != null) {
                    state.partsChanged();
                }
                continue;
            }
            Topic topic = topics.get(name);
            if (topic != null
                    && topic.receiver != null
                    && !item.series().life().owner().equals(self)) {
                delivered++;
                topic.receiver.received(item.series().life().owner(), item.payload());
            }
        }
    }

    private void handOn(Series.Held held, Optional<PeerId> from, long now) {
        SeriesId series = held.item().series();
        if (!tree.carries(series.life())) {
            return;
        }
        for (PeerId child : tree.from(series.life().owner()).children()) {
            Near near = repair.near(child).orElse(null);
            boolean knows =
                    near != null && near.next(series.hash()) > held.item().sequence();
            if (!knows && !from.equals(Optional.of(child))) {
                send(child, Words.Kind.ITEM, held, now);
            }
        }
    }

    private void send(PeerId to, Words.Kind kind, Series.Held held, long now) {
        items.get(held.item().series().hash()).ifPresent(series -> {
            long age = held.item().series().state() ? 0 : now - held.bornNanos();
            say(to, Words.parcel(kind, new Words.Parcel(age, series.low(), series.next(), held.item())));
        });
    }

    /** Says the own part of a state. */
    private void say(Shared<?> state, long now) {
        Bytes part = state.say(now, bounds.pace().stateGapNanos());
        SeriesId series = new SeriesId(life(), state.name, true);
        own(Item.sign(series, state.lastSequence(), part, doors.signer), now);
    }

    private void own(Item item, long now) {
        Series.Held held = new Series.Held(item, now);
        put(held, item.sequence(), now);
        handOn(held, Optional.empty(), now);
    }

    private void say(PeerId neighbour, Bytes word) {
        if (word.at(0) == Words.Kind.ASK.code()) {
            asked++;
        }
        // What no queue takes is repaired like any other loss.
        SendOutcome ignored = around.channel().send(neighbour, Priority.DATA, word, Channel.NEVER_SUPERSEDED);
    }

    private void ignore(Near near, long now) {
        near.deafUntilNanos = now + bounds.pace().deafNanos();
    }

    private void sweep(long now) {
        sweepNanos = now + bounds.pace().digestNanos();
        deliver(items.sweep(now));
        repair.sweep(now);
        allowances.keySet().removeIf(owner -> around.incarnation(owner).isEmpty());
        List<PeerId> neighbours = tree.neighbours();
        if (items.digest() != 0 && !neighbours.isEmpty()) {
            say(neighbours.get(doors.random.nextInt(neighbours.size())), Words.digest(items.digest()));
        }
    }

    /** Peers of whom nothing is known share one. */
    private Allowance allowanceOf(PeerId owner, long now) {
        return around.incarnation(owner).isPresent()
                ? allowances.computeIfAbsent(owner, any -> allowance(now))
                : ofUnknown;
    }

    private Allowance allowance(long now) {
        return new Allowance(bounds.pace().itemBurst(), bounds.pace().itemRefillNanos(), now);
    }

    /** The messages of one name. */
    private final class Topic implements Broadcast {
        private final String name;
        private SeriesId series;
        private long sequence;
        private Channel.@Nullable Receiver receiver;

        Topic(String name) {
            this.name = name;
            this.series = new SeriesId(life(), name, false);
        }

        @Override
        public SendOutcome send(Bytes payload) {
            long now = doors.clock.nanos();
            if (payload.size() > bounds.itemBytes()) {
                return SendOutcome.TOO_LARGE;
            }
            if (!series.life().equals(life())) {
                series = new SeriesId(life(), name, false);
                sequence = 0;
            }
            Item probe = new Item(series, Bytes.EMPTY, sequence + 1, payload, Bytes.EMPTY);
            if (!items.admits(probe) || !allowanceOf(self, now).spend(now)) {
                return SendOutcome.WOULD_BLOCK;
            }
            own(Item.sign(series, ++sequence, payload, doors.signer), now);
            wake(waitNanos(now));
            return SendOutcome.SENT;
        }

        @Override
        public void onMessage(Channel.Receiver newReceiver) {
            receiver = newReceiver;
        }
    }

    private final class StateOwner implements Shared.Owner {
        @Override
        public Life life() {
            return Spread.this.life();
        }

        @Override
        public List<Item> parts(String topic) {
            return items.parts(topic);
        }

        @Override
        public int itemBytes() {
            return bounds.itemBytes();
        }

        @Override
        public void changed() {
            wake(0);
        }
    }
}
