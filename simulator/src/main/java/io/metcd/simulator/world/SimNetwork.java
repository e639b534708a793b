package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The hosts and the links between them. A link is ordered and whole, as TCP is: what a path loses arrives late and
 * holds back what follows; a cut path holds everything until it heals or the link times out.
 */
public final class SimNetwork {
    private final EventQueue queue;
    private final RandomSource random;
    private final Paths paths;
    private final Limits limits;
    private final Map<String, SimLinks> listeners = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private final List<SimLinks> doors = new ArrayList<>();
    private long nextLink = 1;

    public SimNetwork(EventQueue queue, RandomSource random, Paths paths, Limits limits) {
        this.queue = queue;
        this.random = random;
        this.paths = paths;
        this.limits = limits;
    }

    /**
     * The transport's constants.
     *
     * @param connectTimeoutNanos after which a dial without an answer fails
     * @param linkTimeoutNanos after which a link that cannot move a byte closes
     * @param transportBytes what the transport takes before bytes count as unsent
     * @param writableBelow unsent bytes under which a link that had more is writable again
     */
    public record Limits(long connectTimeoutNanos, long linkTimeoutNanos, long transportBytes, long writableBelow) {
        public static final Limits DEFAULT = new Limits(3_000_000_000L, 20_000_000_000L, 256 << 10, 32 << 10);
    }

    /**
     * Who a process is on this network.
     *
     * @param listen the address that others dial; empty for an outbound-only peer
     * @param group peers of different groups refuse each other, as those with different passwords do
     */
    public record Identity(Bytes key, Bytes hello, Optional<String> listen, String group) {}

    /** How the hosts learn that a process has gone. */
    public enum Death {
        /** The operating system closes its links. */
        PROCESS,
        /** The machine is gone: silence. */
        MACHINE
    }

    public Paths paths() {
        return paths;
    }

    /** The network door of a process that begins. Links of an earlier life of the same host are reset. */
    public SimLinks join(SimProcess process, Identity identity) {
        for (SimLinks door : doors) {
            if (door.process().id() == process.id()) {
                door.resetRemotes("connection reset");
            }
        }
        doors.removeIf(door -> door.process().id() == process.id());
        SimLinks door = new SimLinks(this, process, identity);
        doors.add(door);
        return door;
    }

    /** Ends a process as a crash does. */
    public void crash(SimProcess process, Death death) {
        process.end();
        for (SimLinks door : doors) {
            if (door.process() == process) {
                door.die(death);
            }
        }
    }

    /** From now on who dials the name dials the address, as a name server says it. */
    public void name(String name, String address) {
        names.put(name, address);
    }

    /** Lifts every cut and moves what it held. */
    public void healAll() {
        for (int from = 0; from < paths.hosts(); from++) {
            for (int to = 0; to < paths.hosts(); to++) {
                paths.path(from, to).heal();
            }
        }
        healed();
    }

    /** To be called after a path was healed: links go on with what the cut held. */
    public void healed() {
        doors.forEach(SimLinks::pumpAll);
    }

    EventQueue queue() {
        return queue;
    }

    RandomSource random() {
        return random;
    }

    Limits limits() {
        return limits;
    }

    long newLinkNumber() {
        return nextLink++;
    }

    void listen(String address, SimLinks door) {
        listeners.put(address, door);
    }

    void unlisten(String address, SimLinks door) {
        listeners.remove(address, door);
    }

    /** One dial: SYN, answer, and a handshake, at one latency each. */
    void dial(SimLinks dialler, String address, long attempt) {
        SimLinks target = listeners.get(names.getOrDefault(address, address));
        int from = dialler.process().id();
        if (target == null) {
            dialFails(dialler, address, attempt, limits.connectTimeoutNanos, "no such address");
            return;
        }
        int to = target.process().id();
        Path out = paths.path(from, to);
        Path back = paths.path(to, from);
        long there = SimLinks.reliableLatency(out, back, random, 1);
        long home = SimLinks.reliableLatency(back, out, random, 1);
        if (out.isForbidden() || out.isCut() || back.isCut() || target.isSilent()) {
            dialFails(dialler, address, attempt, limits.connectTimeoutNanos, "connection timed out");
            return;
        }
        if (target.process().ended() || !target.isAccepting()) {
            dialFails(dialler, address, attempt, there + home, "connection refused");
            return;
        }
        if (!target.identity().group().equals(dialler.identity().group())) {
            dialFails(dialler, address, attempt, 2 * (there + home), "wrong password");
            return;
        }
        LinkEnd end = new LinkEnd(newLinkNumber(), attempt, dialler, out);
        LinkEnd accepted = new LinkEnd(newLinkNumber(), 0, target, back);
        end.join(accepted, address, dialler.process().name() + ":" + (30_000 + end.number() % 30_000));
        long acceptedAt = queue.now() + 2 * there + home;
        accepted.nothingDueBefore(acceptedAt + home);
        queue.at(acceptedAt, target.process(), accepted::open);
        queue.at(acceptedAt + home, dialler.process(), end::open);
        queue.at(acceptedAt + home + limits.connectTimeoutNanos, dialler.process(), end::expire);
    }

    private void dialFails(SimLinks dialler, String address, long attempt, long after, String reason) {
        Invariants.check(after >= 0, "negative time to fail");
        queue.at(queue.now() + after, dialler.process(), () -> dialler.dialFailed(attempt, address, reason));
    }
}
