package io.metcd.simulator.world;

import io.metcd.base.RandomSource;

/**
 * A network of packets for driving consensus alone: each is lost, doubled, delayed and overtaken on its own. The
 * faults are those of {@link Paths}; a cut path swallows what would arrive while it is cut.
 */
public final class DatagramNetwork<M> {
    private final EventQueue queue;
    private final RandomSource random;
    private final Paths paths;
    private final SimProcess wire;
    private final Receiver<M> receiver;
    private long sent;
    private long lost;

    /** Takes what arrives, at the moment of its arrival. */
    public interface Receiver<M> {
        void arrived(int from, int to, M message);
    }

    public DatagramNetwork(EventQueue queue, RandomSource random, Paths paths, Receiver<M> receiver) {
        this.queue = queue;
        this.random = random;
        this.paths = paths;
        this.wire = new SimProcess(queue, -1, "wire");
        this.receiver = receiver;
    }

    public Paths paths() {
        return paths;
    }

    public long sent() {
        return sent;
    }

    public long lost() {
        return lost;
    }

    public void send(int from, int to, M message) {
        sent++;
        Path path = paths.path(from, to);
        if (path.isCut() || path.loses(random)) {
            lost++;
            return;
        }
        deliver(path, from, to, message);
        if (path.duplicates(random)) {
            deliver(path, from, to, message);
        }
    }

    private void deliver(Path path, int from, int to, M message) {
        queue.at(queue.now() + path.latency(random), wire, () -> {
            if (path.isCut()) {
                lost++;
            } else {
                receiver.arrived(from, to, message);
            }
        });
    }
}
