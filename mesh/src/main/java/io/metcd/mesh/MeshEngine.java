package io.metcd.mesh;

import io.metcd.base.Clock;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.base.Signer;
import java.util.function.Consumer;

/** The mesh above its doors; single-threaded: every call is made on the scheduler's thread, but {@link #topology}. */
public final class MeshEngine implements Mesh {
    private final MeshConfig config;
    private final PeerId self;

    public MeshEngine(
            MeshConfig config, Clock clock, Scheduler scheduler, RandomSource random, Links links, Signer signer) {
        this.config = config;
        this.self = PeerId.of(signer.publicKey());
    }

    /** Starts the links and the dialling. */
    public void start() {
        if (!config.name().isEmpty()) {
            throw notYet(config.name());
        }
    }

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public Channel channel(String name) {
        throw notYet(name);
    }

    @Override
    public TopologyView topology() {
        throw notYet("mesh");
    }

    @Override
    public void publish(PeerFacts facts) {
        throw notYet(facts.name());
    }

    @Override
    public void onTopology(Consumer<TopologyView> listener) {
        throw notYet("mesh");
    }

    @Override
    public void dial(String address) {
        throw notYet(address);
    }

    @Override
    public void stop() {
        throw notYet("mesh");
    }

    private static UnsupportedOperationException notYet(String subject) {
        return new UnsupportedOperationException(subject);
    }
}
