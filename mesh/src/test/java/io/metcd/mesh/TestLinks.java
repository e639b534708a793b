package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Hello;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The network door of one node: ordered links with delay and bandwidth; a cut holds what is sent until it heals. */
final class TestLinks implements Links {
    private static final long CONNECT_TIMEOUT = 1_000 * World.MILLI;
    private static final long WRITABLE_BELOW = 32 << 10;

    final Bytes key;
    private final World world;
    private final World.Node node;
    private final Map<Long, End> ends = new LinkedHashMap<>();
    private @Nullable Events events;

    TestLinks(World world, World.Node node, Bytes key) {
        this.world = world;
        this.node = node;
        this.key = key;
    }

    /** One end of a link. */
    private static final class End {
        final long number;
        final TestLinks owner;
        final ArrayDeque<Bytes> unflushed = new ArrayDeque<>();
        final ArrayDeque<Bytes> held = new ArrayDeque<>();
        End other = this;
        long busyUntil;
        long unsent;
        boolean full;

        End(TestLinks owner) {
            this.owner = owner;
            this.number = ++owner.world.lastLink;
        }
    }

    @Override
    public void start(Events newEvents) {
        events = newEvents;
    }

    @Override
    public void dial(String address, long attempt) {
        String name = address.substring(0, address.indexOf(':'));
        World.Node target = world.nodes.get(name);
        boolean listens = target != null && target.config.listenAddress().isPresent();
        boolean blocked = world.forbidden.contains(node.name + ">" + name)
                || world.isCut(node.name, name)
                || world.isCut(name, node.name)
                || (target != null && target.dead);
        long delay = world.delayOf(node.name, name);
        if (target == null || blocked || !listens) {
            String reason = blocked ? "connection timed out" : "connection refused";
            world.at(
                    world.now + (blocked ? CONNECT_TIMEOUT : 2 * delay),
                    node,
                    () -> events().dialFailed(attempt, address, reason));
            return;
        }
        End here = new End(this);
        End there = new End(target.links);
        here.other = there;
        there.other = here;
        world.at(world.now + 3 * delay, target, () -> target.links.open(there, 0, node.name + ":9"));
        world.at(world.now + 4 * delay, node, () -> open(here, attempt, address));
    }

    @Override
    public void send(long link, Bytes frame) {
        End end = ends.get(link);
        if (end != null) {
            world.trace(frame.hashCode());
            if (world.sniffing) {
                world.sniffed.add(frame);
            }
            end.unflushed.add(frame);
            end.unsent += frame.size();
            end.full |= end.unsent >= 64 << 10;
        }
    }

    @Override
    public void flush(long link) {
        End end = ends.get(link);
        while (end != null && !end.unflushed.isEmpty()) {
            transmit(end, end.unflushed.poll());
        }
    }

    @Override
    public long unsentBytes(long link) {
        End end = ends.get(link);
        return end == null ? 0 : end.unsent;
    }

    @Override
    public void close(long link, String reason) {
        End end = ends.remove(link);
        if (end != null) {
            closeOther(end, "closed by the other end: " + reason);
            world.at(world.now, node, () -> events().closed(link, reason));
        }
    }

    @Override
    public void stop() {
        List.copyOf(ends.keySet()).forEach(link -> {
            flush(link);
            close(link, "stopped");
        });
    }

    void resetAll() {
        ends.values().forEach(end -> closeOther(end, "connection reset"));
        ends.clear();
    }

    void breakLinksTo(World.Node other) {
        for (End end : List.copyOf(ends.values())) {
            if (end.other.owner.node == other) {
                ends.remove(end.number);
                other.links.ends.remove(end.other.number);
                events().closed(end.number, "connection reset");
                other.links.events().closed(end.other.number, "connection reset");
            }
        }
    }

    /** Hands a frame to the other end as if this node had sent it. */
    void inject(World.Node other, Bytes frame) {
        for (End end : List.copyOf(ends.values())) {
            if (end.other.owner.node == other) {
                other.links.events().frame(end.other.number, frame);
            }
        }
    }

    int count() {
        return ends.size();
    }

    /** Moves what cuts have held. */
    void healed() {
        for (End end : new ArrayList<>(ends.values())) {
            ArrayDeque<Bytes> frames = new ArrayDeque<>(end.held);
            end.held.clear();
            frames.forEach(frame -> {
                end.unsent -= frame.size();
                deliver(end, frame);
            });
        }
    }

    private void open(End end, long attempt, String address) {
        ends.put(end.number, end);
        TestLinks remote = end.other.owner;
        Bytes hello = Hello.of(remote.node.config).encode();
        events().opened(new Opened(end.number, attempt, remote.key, hello, address));
    }

    private void transmit(End end, Bytes frame) {
        end.busyUntil = Math.max(world.now, end.busyUntil) + frame.size() * World.SECOND / world.bandwidth;
        world.at(end.busyUntil, node, () -> {
            if (world.isCut(node.name, end.other.owner.node.name)) {
                end.held.add(frame);
                return;
            }
            end.unsent -= frame.size();
            deliver(end, frame);
            if (end.full && end.unsent < WRITABLE_BELOW) {
                end.full = false;
                events().writable(end.number);
            }
        });
    }

    private void deliver(End end, Bytes frame) {
        World.Node to = end.other.owner.node;
        if (world.loss > 0 && FrameType.of(frame) == FrameType.DATAGRAM && world.random.chance(world.loss)) {
            return;
        }
        world.at(world.now + world.delayOf(node.name, to.name), to, () -> {
            if (end.other.owner.ends.containsKey(end.other.number)) {
                world.trace(world.now);
                to.links.events().frame(end.other.number, frame);
            }
        });
    }

    /** The end of the stream follows what was sent, and a cut holds it for ever. */
    private void closeOther(End end, String reason) {
        World.Node to = end.other.owner.node;
        if (world.isCut(node.name, to.name)) {
            return;
        }
        long when = Math.max(world.now, end.busyUntil) + world.delayOf(node.name, to.name);
        world.at(when, to, () -> {
            if (end.other.owner.ends.remove(end.other.number) != null) {
                to.links.events().closed(end.other.number, reason);
            }
        });
    }

    private Events events() {
        if (events == null) {
            throw new AssertionError("not started");
        }
        return events;
    }
}
