package io.metcd.simulator.lab;

import io.metcd.base.Bytes;
import io.metcd.base.Links;
import io.metcd.base.Signer;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.Hello;
import io.metcd.simulator.world.SimLinks;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.SimSigner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Somebody who speaks the mesh's frames and says what a row wants. It dials one site again and again, and beats as a peer
 * does, so that its link lives as long as it is let.
 */
final class Stranger implements Links.Events {
    private static final long BEAT_NANOS = 200 * Stage.MILLI;
    private static final long REDIAL_NANOS = 300 * Stage.MILLI;
    private static final long IDENTITY = 1_000_000;
    private static final int REMEMBERED_MAX = 200;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Stage stage;
    private final SimProcess process;
    private final String target;
    private final Signer signer;
    private final SimLinks links;
    /** Open links, with the newest stamp that came over each. */
    private final Map<Long, Long> open = new TreeMap<>();

    private final ArrayDeque<Bytes> heard = new ArrayDeque<>();
    private final List<String> refusals = new ArrayList<>();
    private long opened;
    private long attempts;

    /** With the password of the group, it is let in. */
    Stranger(Stage stage, Site site, String group, Site target) {
        this.stage = stage;
        this.process = new SimProcess(stage.queue(), site.number(), site.name());
        this.target = Stage.address(target.name());
        this.signer = new SimSigner(IDENTITY + site.number());
        Bytes hello = Hello.of(MeshConfig.of(Stage.CLUSTER, site.name(), 1)).encode();
        this.links = stage.network()
                .join(process, new SimNetwork.Identity(signer.publicKey(), hello, Optional.empty(), group));
        links.start(this);
        redial();
        beat();
    }

    Signer signer() {
        return signer;
    }

    PeerId id() {
        return PeerId.of(signer.publicKey());
    }

    /** How often it was let in. */
    long opened() {
        return opened;
    }

    /** Why its dials failed and its links were closed. */
    List<String> refusals() {
        return refusals;
    }

    /** What it was sent last, heartbeats apart. */
    List<Bytes> heard() {
        return List.copyOf(heard);
    }

    /** Says it over every link that is open. */
    void say(Bytes frame) {
        for (long link : open.keySet()) {
            links.send(link, frame);
            links.flush(link);
        }
    }

    private void redial() {
        links.dial(target, ++attempts);
    }

    private void beat() {
        open.forEach((link, stamp) -> {
            links.send(link, new Heartbeat(stage.now() / NANOS_PER_MICRO, stamp, 0, 0, Heartbeat.UNTOLD).encode());
            links.flush(link);
        });
        process.scheduler().schedule(BEAT_NANOS, this::beat);
    }

    @Override
    public void opened(Links.Opened link) {
        opened++;
        open.put(link.link(), 0L);
    }

    @Override
    public void dialFailed(long attempt, String address, String reason) {
        refusals.add(reason);
        process.scheduler().schedule(REDIAL_NANOS, this::redial);
    }

    @Override
    public void frame(long link, Bytes frame) {
        if (FrameType.find(frame) == FrameType.HEARTBEAT) {
            open.replace(link, Heartbeat.decode(frame).stamp());
            return;
        }
        heard.addLast(frame);
        if (heard.size() > REMEMBERED_MAX) {
            heard.removeFirst();
        }
    }

    @Override
    public void writable(long link) {}

    @Override
    public void closed(long link, String reason) {
        open.remove(link);
        refusals.add(reason);
        process.scheduler().schedule(REDIAL_NANOS, this::redial);
    }
}
