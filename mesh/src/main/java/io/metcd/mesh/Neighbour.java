package io.metcd.mesh;

import io.metcd.mesh.topology.LinkQuality;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.LinkPace;
import io.metcd.mesh.wire.LinkQueues;

/**
 * One link and what is known of it.
 *
 * <p>Two proofs of life are asked for: something was heard lately, and what this end said lately came back in an echo.
 * The second finds a link that works in one direction only, of which the first end would otherwise hear nothing amiss.
 */
final class Neighbour {
    final long link;
    final PeerId peer;
    final long shortId;
    /** Which life of the peer is at the other end. */
    final long incarnation;

    /** Empty when the other end has dialled. */
    final String dialledAddress;

    final String observedAddress;
    final long openedNanos;
    final LinkQueues queues;
    final LinkQuality quality;
    final LinkPace pace;

    /** Both directions have proved to work, once. */
    boolean up;

    long upSinceNanos;
    long heardNanos;
    long echoedNanos;
    long sentBytes;
    long receivedBytes;
    /** Bytes of paced frames that have come, and of them what the other end has been told of. */
    long taken;

    long told;
    /** Has frames that were handed over and not flushed. */
    boolean touched;

    private long newestStamp;
    private long newestStampAtNanos;
    private long newestEcho;
    private long heartbeatNanos;
    private long takenBytes;
    private long progressNanos;

    Neighbour(Identity identity, LinkQueues queues, LinkQuality quality, LinkPace pace, long nowNanos) {
        this.link = identity.link();
        this.peer = identity.peer();
        this.shortId = identity.peer().shortId();
        this.incarnation = identity.incarnation();
        this.dialledAddress = identity.dialledAddress();
        this.observedAddress = identity.observedAddress();
        this.queues = queues;
        this.quality = quality;
        this.pace = pace;
        this.openedNanos = nowNanos;
        this.heardNanos = nowNanos;
        this.echoedNanos = nowNanos;
        this.progressNanos = nowNanos;
        this.heartbeatNanos = nowNanos;
    }

    /** Which link it is, and to whom. */
    record Identity(long link, PeerId peer, long incarnation, String dialledAddress, String observedAddress) {}

    boolean dialled() {
        return !dialledAddress.isEmpty();
    }

    /** The heartbeat to send now; {@code originNanos} keeps stamps small and above zero. */
    Heartbeat heartbeat(long digest, long originNanos, long nowNanos) {
        heartbeatNanos = nowNanos;
        told = taken;
        long held = newestStamp == 0 ? 0 : (nowNanos - newestStampAtNanos) / 1000;
        return new Heartbeat((nowNanos - originNanos) / 1000 + 1, newestStamp, held, digest, taken);
    }

    boolean heartbeatDue(long intervalNanos, long nowNanos) {
        return nowNanos - heartbeatNanos >= intervalNanos;
    }

    /**
     * Takes a heartbeat, which may be a second copy or have been overtaken by a later one; returns whether it changed
     * what is advertised of the link.
     */
    boolean heard(Heartbeat heartbeat, long originNanos, long nowNanos) {
        if (heartbeat.stamp() > newestStamp) {
            newestStamp = heartbeat.stamp();
            newestStampAtNanos = nowNanos;
        }
        if (heartbeat.taken() == Heartbeat.UNTOLD) {
            pace.untold();
        } else {
            pace.taken(heartbeat.taken(), nowNanos);
        }
        long echo = heartbeat.echo();
        long nowMicros = (nowNanos - originNanos) / 1000 + 1;
        if (echo <= newestEcho || echo > nowMicros) {
            return false;
        }
        newestEcho = echo;
        echoedNanos = originNanos + (echo - 1) * 1000;
        long rttMicros = Math.max(0, nowMicros - echo - heartbeat.heldMicros());
        return quality.sample(rttMicros * 1000, nowNanos);
    }

    /** Whether this end has been heard at all. */
    boolean echoed() {
        return newestEcho > 0;
    }

    /** Why the link counts as dead; empty while it lives. */
    String deadBecause(long heartbeatIntervalNanos, long nowNanos) {
        long deadline = quality.deadlineNanos();
        if (nowNanos - heardNanos > deadline) {
            return "nothing heard for " + millis(nowNanos - heardNanos) + " ms";
        }
        if (nowNanos - echoedNanos > deadline + heartbeatIntervalNanos + quality.rttNanos()) {
            return "the other end has not heard us for " + millis(nowNanos - echoedNanos) + " ms";
        }
        return "";
    }

    /** Missing heartbeats, but not yet enough of them. */
    boolean suspect(long heartbeatIntervalNanos, long nowNanos) {
        return nowNanos - heardNanos > 2 * heartbeatIntervalNanos;
    }

    /** Whether the transport has taken nothing for so long although bytes wait. */
    boolean writesStalled(long unsent, long stallNanos, long nowNanos) {
        long taken = sentBytes - unsent;
        if (unsent == 0 || taken != takenBytes) {
            takenBytes = taken;
            progressNanos = nowNanos;
        }
        return nowNanos - progressNanos > stallNanos;
    }

    /** This process stood still: time that passed without us is nobody's fault. */
    void forgive(long stallNanos) {
        heardNanos += stallNanos;
        echoedNanos += stallNanos;
        progressNanos += stallNanos;
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
