package io.metcd.simulator.world;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import java.util.Optional;

/** What one direction between two hosts does to traffic. Mutable: faults change it while a run goes on. */
public final class Path {
    private Conditions conditions;
    private boolean cut;
    private boolean forbidden;
    /** Longer packets vanish. */
    private long packetBytesMost = Long.MAX_VALUE;

    private Optional<Wire> wire = Optional.empty();

    Path(Conditions conditions) {
        this.conditions = conditions;
    }

    /**
     * What happens to each packet.
     *
     * @param delayNanos the least time a packet takes
     * @param jitterNanos a uniform addition to it, independent per packet: it reorders
     * @param loss probability that a packet is lost
     * @param duplicate probability that a packet arrives twice
     */
    public record Conditions(long delayNanos, long jitterNanos, double loss, double duplicate) {
        public Conditions {
            Invariants.check(delayNanos >= 0 && jitterNanos >= 0, "negative delay or jitter");
            Invariants.check(loss >= 0 && loss <= 1, "loss must be a probability");
            Invariants.check(duplicate >= 0 && duplicate <= 1, "duplicate must be a probability");
        }

        /** The same delay for every packet, nothing lost. */
        public static Conditions delay(long nanos) {
            return new Conditions(nanos, 0, 0, 0);
        }
    }

    public Conditions conditions() {
        return conditions;
    }

    public void set(Conditions next) {
        conditions = next;
    }

    /** Nothing passes until {@link #heal}: a partition, in this direction alone. */
    public void cut() {
        cut = true;
    }

    /** Packets of more bytes vanish until {@link #heal}, and a link waits for them for ever: a hole that eats long ones. */
    public void passOnly(long bytesMost) {
        packetBytesMost = bytesMost;
    }

    public void heal() {
        cut = false;
        packetBytesMost = Long.MAX_VALUE;
    }

    /** Whether bytes that travel together do not get through now. */
    boolean holds(long bytes) {
        return cut || bytes > packetBytesMost;
    }

    public boolean isCut() {
        return cut;
    }

    /** No link may be dialled along this path, ever: a firewall or a missing route. Healing does not lift it. */
    public void forbid() {
        forbidden = true;
    }

    /** All links along this path share a wire from now on. Datagrams do not know of it. */
    public void through(Wire narrow) {
        wire = Optional.of(narrow);
    }

    Optional<Wire> wire() {
        return wire;
    }

    public boolean isForbidden() {
        return forbidden;
    }

    /** The time that one packet takes. */
    long latency(RandomSource random) {
        long jitter = conditions.jitterNanos;
        return conditions.delayNanos + (jitter == 0 ? 0 : random.between(0, jitter));
    }

    boolean loses(RandomSource random) {
        return conditions.loss > 0 && random.chance(conditions.loss);
    }

    boolean duplicates(RandomSource random) {
        return conditions.duplicate > 0 && random.chance(conditions.duplicate);
    }
}
