package io.metcd.mesh;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Invariants;
import io.metcd.base.Links;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Hello;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the door tells. Nothing that a peer sends makes it throw: a malformed frame closes its link, and one of a type
 * that only later versions know is passed over, so that peers can be upgraded one by one.
 *
 * <p>Who wants frames of a type says so with {@link #on} before the links start.
 */
final class Reception implements Links.Events {
    private final MeshConfig config;
    private final PeerId self;
    private final Links links;
    private final Clock clock;
    private final Atlas.Sources parts;
    private final Map<FrameType, Taker> takers = new EnumMap<>(FrameType.class);
    private boolean stopped;

    /** Takes the frames of one type. */
    interface Taker {
        /** Throws {@link Malformed} for what makes no sense: the link it came over is closed. */
        void take(Neighbour from, Bytes frame);
    }

    Reception(MeshConfig config, Doors doors, Atlas.Sources parts) {
        this.config = config;
        this.self = PeerId.of(doors.signer().publicKey());
        this.links = doors.links();
        this.clock = doors.clock();
        this.parts = parts;
    }

    void on(FrameType type, Taker taker) {
        Invariants.check(takers.put(type, taker) == null, "%s has a taker already", type);
    }

    /** From now on links are closed as they come, and frames pass unseen. */
    void stop() {
        stopped = true;
    }

    @Override
    public void opened(Links.Opened opened) {
        PeerId peer = PeerId.of(opened.remoteKey());
        Optional<String> dialled = parts.dialler().opened(opened.attempt(), peer, clock.nanos());
        String address = opened.attempt() == 0 ? "" : dialled.orElse(opened.observedAddress());
        if (stopped) {
            links.close(opened.link(), "this mesh was stopped");
            return;
        }
        try {
            Hello hello = Hello.decode(opened.remoteHello());
            if (peer.equals(self)) {
                toSelf(opened, hello);
            } else {
                parts.neighbours()
                        .opened(new Neighbour.Identity(
                                opened.link(), peer, hello.incarnation(), address, opened.observedAddress()));
                parts.gossip().linkOpened(opened.link(), peer, clock.nanos());
            }
        } catch (Malformed e) {
            parts.counts().malformedFrames++;
            links.close(opened.link(), "malformed hello: " + e.getMessage());
        }
    }

    @Override
    public void dialFailed(long attempt, String address, String reason) {
        if (parts.dialler().failed(attempt, reason, clock.nanos())) {
            parts.events().add(MeshEvent.Kind.DIAL_FAILED, address + ": " + reason);
        }
    }

    @Override
    public void frame(long link, Bytes frame) {
        Neighbour from = stopped ? null : parts.neighbours().get(link);
        if (from == null) {
            return;
        }
        try {
            received(from, frame);
        } catch (Malformed e) {
            malformed(from, String.valueOf(e.getMessage()));
        }
    }

    /** Closes a link that has brought what makes no sense. */
    void malformed(Neighbour from, String what) {
        parts.counts().malformedFrames++;
        parts.events().add(MeshEvent.Kind.MALFORMED, from.peer, what);
        parts.neighbours().close(from.link, "malformed frame: " + what);
    }

    @Override
    public void writable(long link) {
        Neighbour neighbour = stopped ? null : parts.neighbours().get(link);
        if (neighbour != null) {
            parts.neighbours().pump(neighbour);
        }
    }

    @Override
    public void closed(long link, String reason) {
        if (!stopped) {
            parts.neighbours().close(link, reason);
        }
    }

    private void received(Neighbour from, Bytes frame) {
        from.heardNanos = clock.nanos();
        from.receivedBytes += frame.size();
        FrameType type = FrameType.find(frame);
        Taker taker = type == null ? null : takers.get(type);
        if (taker == null) {
            parts.counts().framesUnknown++;
        } else {
            taker.take(from, frame);
        }
    }

    /** One of our own addresses was dialled, or another process runs with this peer's key. */
    private void toSelf(Links.Opened opened, Hello hello) {
        if (hello.incarnation() != config.incarnation()) {
            parts.events()
                    .add(
                            MeshEvent.Kind.IDENTITY_CONFLICT,
                            self,
                            "another process runs with this peer's key: " + hello.name() + " at "
                                    + opened.observedAddress());
        }
        links.close(opened.link(), "a link to itself");
    }
}
